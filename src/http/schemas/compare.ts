import { Type } from 'typebox';
import { corpusName } from './corpora.ts';
import { defaulted, formatField, nullableNumber, textBody } from './fields.ts';
import { tableBody } from './pages.ts';
import { columns } from './tables.ts';

/** The formats of comparisons. */
export const comparisonFormats = ['json', 'csv', 'svg'] as const;

/** The most phrases and corpora of a comparison. */
export const maxPhrases = 10;
export const maxCorpora = 10;

/** Among how many words occurrences are counted. */
export const units = { million: 1_000_000, thousand: 1000, hundred: 100 } as const;

const name = corpusName.slice(1, -1);

export const CompareQuery = Type.Object(
  {
    phrases: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description: `The phrases, separated by commas, at most ${maxPhrases}; a comma after a backslash is part of a phrase. Each is tokenized as the corpora are, and has at most 100 tokens`,
      examples: ['the time,time machine'],
    }),
    corpora: Type.String({
      pattern: `^${name}(,${name})*$`,
      description: `The names of the corpora, separated by commas, at most ${maxCorpora}`,
      examples: ['timemachine'],
    }),
    per: defaulted(
      Type.Enum(Object.keys(units) as (keyof typeof units)[], {
        title: 'FrequencyUnit',
        type: 'string',
        default: 'million',
        description: 'The number of words that frequencies refer to',
      }),
    ),
    by: Type.Optional(
      Type.Enum(['year'], {
        type: 'string',
        description: 'Whether the documents of each year, by their `date`, are counted by themselves',
      }),
    ),
    format: formatField(comparisonFormats),
  },
  { additionalProperties: false },
);

const words = Type.Integer({ description: 'The number of their words, without the marks of lines' });

const Comparison = Type.Object(
  {
    per: Type.Enum(Object.keys(units) as (keyof typeof units)[], { title: 'FrequencyUnit', type: 'string' }),
    corpora: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          version: Type.Integer(),
          words: Type.Integer({ description: 'The number of words, without the marks of lines' }),
          undated: Type.Optional(
            Type.Object(
              { documents: Type.Integer(), words },
              {
                title: 'UndatedDocuments',
                description: 'By year: the documents without a date, which are in no year',
              },
            ),
          ),
        },
        { title: 'ComparedCorpus' },
      ),
    ),
    items: Type.Array(
      Type.Object(
        {
          phrase: Type.String(),
          corpus: Type.String(),
          year: Type.Optional(Type.Integer({ description: 'By year' })),
          count: Type.Integer({ description: 'How often the phrase occurs' }),
          words: Type.Integer({ description: 'The number of words among which it does' }),
          frequency: nullableNumber({
            description: 'The count per million words, or what `per` is; null if there are no words',
          }),
        },
        { title: 'PhraseFrequency' },
      ),
      { description: 'Phrase by phrase, corpus by corpus, year by year' },
    ),
  },
  { title: 'Comparison', description: 'How frequent the phrases are' },
);

export const ComparisonAnswers = {
  description: 'How frequent the phrases are',
  content: {
    'application/json': { schema: Comparison },
    'text/csv': tableBody(columns.comparison),
    'image/svg+xml': textBody('A bar for each phrase and corpus or, by year, a line'),
  },
};
