import { Type } from 'typebox';
import { defaulted, nullableNumber } from './fields.ts';
import {
  AdditiveParameter,
  EstimatorFields,
  EstimatorQuery,
  LogBaseField,
  ModelAnswer,
  OwnEstimatorFields,
} from './models.ts';
import { ProblemInPlace } from './problems.ts';

const ContextText = defaulted(
  Type.String({
    default: '',
    description: 'The text before the word; it is tokenized as the corpus is, and its last tokens are used',
    examples: ['the time'],
  }),
);
const WordText = Type.String({
  description: 'The word: exactly one token',
  examples: ['traveller'],
});

/** One of many queries. */
export const QuerySchema = Type.Object(
  { context: ContextText, word: WordText, ...OwnEstimatorFields },
  {
    description:
      'A query that has an estimator or parameters of its own uses none of those that apply to all',
    title: 'ProbabilityQuery',
    additionalProperties: false,
    examples: [{ context: 'the time', word: 'traveller' }],
  },
);

export const maxQueries = 10_000;

const Explain = defaulted(
  Type.Boolean({ default: false, description: 'Whether to return the counts of every order' }),
);

/** The probability of one word after one context. */
const answer = {
  context: Type.Array(Type.String(), { description: 'The tokens that were used' }),
  word: Type.String(),
  in_vocabulary: Type.Boolean({
    description:
      'Whether the corpus has the word as written. If not, and the corpus counts a literal `<unk>`, the probability is that of `<unk>`; unknown words of the context are then read as `<unk>` too',
  }),
  probability: nullableNumber(),
  log_probability: nullableNumber({
    description: 'To base e or `log_base`; null if the probability is 0 or null',
  }),
  note: Type.Optional(
    Type.String({ description: 'Why there is no probability, or what of the context is in no token' }),
  ),
  levels: Type.Optional(
    Type.Array(
      Type.Object(
        {
          order: Type.Integer(),
          ngram: Type.Array(Type.String(), {
            description:
              'The n-gram whose count this is: with `<unk>` in place of unknown words if the corpus counts it',
          }),
          count: Type.Integer({ description: 'n(hw), or the adjusted count that Kneser–Ney uses instead' }),
          context_count: Type.Integer({
            description: 'n(h·), how often the context is followed by any word: the sum of these counts',
          }),
          probability: nullableNumber(),
        },
        { title: 'ProbabilityLevel' },
      ),
      { description: 'With `explain`: every order, highest first' },
    ),
  ),
  parts: Type.Optional(
    Type.Array(
      Type.Object(
        {
          corpus: Type.String(),
          weight: Type.Number(),
          in_vocabulary: Type.Boolean({ description: 'Whether this corpus has the word' }),
          probability: nullableNumber({
            description: 'In this part; 0 if another part has the word and this one does not',
          }),
        },
        { title: 'ProbabilityPart' },
      ),
      { description: 'With `explain`, in a mixture instead of `levels`: its parts, in their order' },
    ),
  ),
  backoff_levels: Type.Optional(
    Type.Array(
      Type.Object(
        {
          order: Type.Integer(),
          ngram: Type.Array(Type.String(), {
            description: 'With `<unk>` in place of unknown words if the ARPA file lists it',
          }),
          listed: Type.Boolean({ description: 'Whether the ARPA file lists the n-gram' }),
          backoff: nullableNumber({
            description:
              'The back-off weight of the context, by which the probability of the next lower order is multiplied if the n-gram is not listed; null at order 1',
          }),
          probability: Type.Number(),
        },
        { title: 'BackoffLevel' },
      ),
      {
        description:
          'With `explain`, in a corpus of an ARPA file instead of `levels`: every order, highest first',
      },
    ),
  ),
};

export const ProbabilityQuery = Type.Object(
  {
    context: ContextText,
    word: WordText,
    ...EstimatorQuery,
    k: AdditiveParameter,
    explain: Explain,
    log_base: LogBaseField,
  },
  { additionalProperties: false },
);

export const ProbabilityAnswer = Type.Object(
  { ...ModelAnswer, ...answer },
  { title: 'Probability', description: 'P(word | context)' },
);

export const ProbabilitiesBody = Type.Object(
  {
    queries: Type.Array(QuerySchema, { minItems: 1, maxItems: maxQueries }),
    ...EstimatorFields,
    explain: Explain,
    log_base: LogBaseField,
  },
  {
    title: 'ProbabilitiesRequest',
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

/** As ProbabilitiesBody, with unchecked items: each is checked when it is answered. */
export const UncheckedQueriesBody = Type.Object(
  {
    ...ProbabilitiesBody.properties,
    queries: Type.Array(Type.Unknown(), { minItems: 1, maxItems: maxQueries }),
  },
  { additionalProperties: false },
);

const ProbabilityResult = Type.Object(
  {
    ...answer,
    estimator: Type.Optional(ModelAnswer.estimator),
    normalized: ModelAnswer.normalized,
  },
  {
    title: 'ProbabilityResult',
    description: 'With `estimator` if the query has an estimator, an order or parameters of its own',
  },
);

export const ProbabilitiesAnswer = Type.Object(
  {
    ...ModelAnswer,
    results: Type.Array(Type.Union([ProbabilityResult, ProblemInPlace])),
  },
  { title: 'Probabilities', description: 'A result for each query, in their order' },
);
