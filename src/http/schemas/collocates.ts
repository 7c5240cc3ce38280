import { Type } from 'typebox';
import { measureNames } from '../../analysis/association.ts';
import { MeasureFields, MinCount } from './associations.ts';
import { PhraseText } from './concordance.ts';
import { defaulted } from './fields.ts';
import { PageQuery, pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';

export const CollocatesQuery = Type.Object(
  {
    node: Type.String({
      ...PhraseText,
      description: 'The word or phrase, of up to 100 tokens; it is tokenized as the corpus is',
      examples: ['time'],
    }),
    window: defaulted(
      Type.Integer({
        minimum: 1,
        maximum: 50,
        default: 4,
        description: 'How many tokens on each side of the node are near it',
      }),
    ),
    sort: defaulted(
      Type.Enum(['count', ...measureNames], {
        title: 'CollocateSort',
        type: 'string',
        default: 'log_likelihood',
        description:
          'What the words are sorted by, decreasing. Sorted by log-likelihood, words that are rarer near the node than elsewhere come last',
      }),
    ),
    min_count: MinCount,
    ...PageQuery,
  },
  { additionalProperties: false },
);

export const CollocatesPage = pageOrTable(
  pageSchema(
    'CollocatesPage',
    Type.Object(
      {
        word: Type.String(),
        count: Type.Integer({ description: 'How many of its occurrences are near the node' }),
        left: Type.Integer({ description: 'How many are near it and before it' }),
        right: Type.Integer({ description: 'How many are near it and after it' }),
        occurrences: Type.Integer({ description: 'How often the word occurs in the corpus' }),
        ...MeasureFields,
      },
      { title: 'Collocate' },
    ),
    {
      version: Type.Integer(),
      node: Type.Array(Type.String(), { description: 'The tokens of the node' }),
      hits: Type.Integer({ description: 'How often the node occurs' }),
      near: Type.Integer({ description: 'How many tokens are near one of its occurrences' }),
      total: Type.Integer({ description: 'The number of words that are listed, on all pages' }),
    },
  ),
  columns.collocates,
);
