import { Type } from 'typebox';
import { measureNames } from '../../analysis/association.ts';
import { maxOrder } from '../../store/store.ts';
import { MeasureFields, MinCount } from './associations.ts';
import { PartVersions } from './estimators.ts';
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
    Type.Object(
      {
        id: Type.Integer(),
        token: Type.String(),
        count: Type.Optional(Type.Integer({ description: 'Absent in a corpus without counts' })),
      },
      { title: 'Token' },
    ),
    { version: Type.Integer(), part_versions: PartVersions },
  ),
  columns.vocabulary,
);

export const NGramsQuery = Type.Object(
  {
    order: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: maxOrder,
        description:
          'Length of the n-grams; by default that of the pattern, without one 1 or, sorted by a measure, 2',
      }),
    ),
    pattern: Type.Optional(
      Type.String({
        maxLength: 1000,
        description:
          'Only n-grams that match: one element for each token, with white space between them. `*` is any token, `a/b` either of two, and `prefix~` all that begin so; after a backslash these characters mean themselves',
        examples: ['the * machine'],
      }),
    ),
    sort: defaulted(
      Type.Enum(['count', ...measureNames], {
        title: 'NGramSort',
        type: 'string',
        default: 'count',
        description:
          'What the n-grams are sorted by, decreasing. Sorted by a measure, each has all measures that are defined for its order, and those with the marks of lines are left out',
      }),
    ),
    min_count: MinCount,
    ...PageQuery,
  },
  { additionalProperties: false },
);

export const NGramsPage = pageOrTable(
  pageSchema(
    'NGramsPage',
    Type.Object(
      { rank: Type.Integer(), ngram: Type.Array(Type.String()), count: Type.Integer(), ...MeasureFields },
      { title: 'NGram' },
    ),
    {
      version: Type.Integer(),
      order: Type.Integer(),
      total: Type.Optional(
        Type.Integer({
          description:
            'With a pattern, or sorted by a measure: the number of n-grams that are listed, on all pages',
        }),
      ),
    },
  ),
  columns.associations,
);
