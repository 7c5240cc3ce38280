import { Type } from 'typebox';
import { keynessSorts, keywordKinds } from '../../analysis/keyness.ts';
import { MinCount } from './associations.ts';
import { defaulted } from './fields.ts';
import { PageQuery, pageOrTable, pageSchema } from './pages.ts';
import { columns } from './tables.ts';

export const KeynessQuery = Type.Object(
  {
    reference: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'The name of the corpus to compare with; it must have the same tokenizer',
      examples: ['timemachine'],
    }),
    keywords: defaulted(
      Type.Enum([...keywordKinds], {
        type: 'string',
        default: 'positive',
        description: 'Words that are relatively more frequent than in the reference, rarer, or both',
      }),
    ),
    sort: defaulted(
      Type.Enum([...keynessSorts], {
        title: 'KeynessSort',
        type: 'string',
        default: 'log_likelihood',
        description: 'What the words are sorted by, decreasing; the log ratio by its absolute value',
      }),
    ),
    min_count: MinCount,
    ...PageQuery,
  },
  { additionalProperties: false },
);

const words = Type.Integer({ description: 'The number of all its words, without the marks of lines' });

export const KeynessPage = pageOrTable(
  pageSchema(
    'KeynessPage',
    Type.Object(
      {
        word: Type.String(),
        count: Type.Integer(),
        reference_count: Type.Integer({ description: 'How often the word occurs in the reference' }),
        log_likelihood: Type.Number(),
        log_ratio: Type.Number({
          description:
            'The binary logarithm of the ratio of the relative frequencies: 1 is twice as frequent as in the reference',
        }),
      },
      { title: 'Keyword' },
    ),
    {
      version: Type.Integer(),
      words,
      reference: Type.Object(
        { name: Type.String(), version: Type.Integer(), words },
        { title: 'KeynessReference' },
      ),
      total: Type.Integer({ description: 'The number of words that are listed, on all pages' }),
    },
  ),
  columns.keyness,
);
