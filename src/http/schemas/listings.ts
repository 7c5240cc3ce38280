import { Type } from 'typebox';
import { maxOrder } from '../../store/store.ts';
import { defaulted } from './fields.ts';
import { PageQuery, pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';

export const VocabularyQuery = Type.Object(
  {
    token: Type.Optional(
      Type.String({
        description: 'Only this token, as it is listed; no item if no text of the corpus has it',
      }),
    ),
    ...PageQuery,
  },
  { additionalProperties: false },
);

export const VocabularyPage = pageOrTable(
  pageSchema(
    'VocabularyPage',
    Type.Object({ id: Type.Integer(), token: Type.String(), count: Type.Integer() }, { title: 'Token' }),
    { version: Type.Integer() },
  ),
  columns.vocabulary,
);

export const NGramsQuery = Type.Object(
  {
    order: defaulted(
      Type.Integer({ minimum: 1, maximum: maxOrder, default: 1, description: 'Length of the n-grams' }),
    ),
    ...PageQuery,
  },
  { additionalProperties: false },
);

export const NGramsPage = pageOrTable(
  pageSchema(
    'NGramsPage',
    Type.Object(
      { rank: Type.Integer(), ngram: Type.Array(Type.String()), count: Type.Integer() },
      { title: 'NGram' },
    ),
    { version: Type.Integer(), order: Type.Integer() },
  ),
  columns.ngrams,
);
