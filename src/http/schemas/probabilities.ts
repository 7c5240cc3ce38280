import { Type } from 'typebox';
import { defaulted } from '../schemas.ts';
import { AdditiveParameter, EstimatorFields, EstimatorQuery, ModelAnswer } from './models.ts';

const ContextText = defaulted(
  Type.String({
    default: '',
    description: 'The text before the word; it is tokenized as the corpus is, and its last tokens are used',
    examples: ['the time'],
  }),
);
const WordText = Type.String({
  description: 'The word whose probability is asked: exactly one token',
  examples: ['traveller'],
});

/** One of many queries. */
export const QuerySchema = Type.Object(
  { context: ContextText, word: WordText },
  { additionalProperties: false, examples: [{ context: 'the time', word: 'traveller' }] },
);
export const maxQueries = 10_000;

const Explain = defaulted(
  Type.Boolean({ default: false, description: 'Whether to show the counts of every order' }),
);

const NullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });

/** What is answered about one context and word. */
const answer = {
  context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
  word: Type.String(),
  in_vocabulary: Type.Boolean({
    description:
      'Whether the corpus has the word as it is written. If not, and the corpus counts a literal `<unk>`, the probability is that of `<unk>`; unknown words of the context are `<unk>` then, too',
  }),
  probability: NullableNumber,
  log_probability: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: 'Natural logarithm; null where the probability is 0 or null',
  }),
  note: Type.Optional(Type.String({ description: 'Why there is no probability' })),
  levels: Type.Optional(
    Type.Array(
      Type.Object({
        order: Type.Integer(),
        ngram: Type.Array(Type.String(), {
          description: 'What is counted: with `<unk>` where it stands for an unknown word',
        }),
        count: Type.Integer({ description: 'n(hw), or the count that Kneser–Ney has in its place' }),
        context_count: Type.Integer({
          description: 'n(h·), how often the context is followed by something; the sum of these counts',
        }),
        probability: NullableNumber,
      }),
      { description: 'With `explain`: each order, highest first' },
    ),
  ),
};

export const ProbabilityQuery = Type.Object(
  { context: ContextText, word: WordText, ...EstimatorQuery, k: AdditiveParameter, explain: Explain },
  { additionalProperties: false },
);

export const ProbabilityAnswer = Type.Object(
  { ...ModelAnswer, ...answer },
  { description: 'P(word | context)' },
);

export const ProbabilitiesBody = Type.Object(
  {
    queries: Type.Array(QuerySchema, { minItems: 1, maxItems: maxQueries }),
    ...EstimatorFields,
    explain: Explain,
  },
  {
    additionalProperties: false,
    examples: [
      {
        queries: [{ context: 'the time', word: 'traveller' }],
        estimator: 'laplace',
        epsilon: [1, 0.5, 0.25],
      },
    ],
  },
);

/** As ProbabilitiesBody, with items of any kind: each is checked when its turn comes. */
export const UncheckedQueriesBody = Type.Object(
  {
    ...ProbabilitiesBody.properties,
    queries: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxQueries }),
  },
  { additionalProperties: false },
);

export const ProbabilitiesAnswer = Type.Object(
  {
    ...ModelAnswer,
    results: Type.Array(
      Type.Object({
        ...Type.Partial(Type.Object(answer)).properties,
        problem: Type.Optional(Type.Ref('Problem')),
      }),
    ),
  },
  { description: 'An answer for each query, in their order' },
);
