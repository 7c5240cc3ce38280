import { Type } from 'typebox';
import { maxOrder } from './corpora.ts';
import { defaulted } from './fields.ts';
import { PageQuery, pageSchema } from './pages.ts';

export const VocabularyPage = pageSchema(
  Type.Object({ id: Type.Integer(), token: Type.String(), count: Type.Integer() }),
  { version: Type.Integer() },
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

export const NGramsPage = pageSchema(
  Type.Object({ rank: Type.Integer(), ngram: Type.Array(Type.String()), count: Type.Integer() }),
  { version: Type.Integer(), order: Type.Integer() },
);
