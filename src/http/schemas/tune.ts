import { type Static, Type } from 'typebox';
import { jsonResponse, nullableNumber } from './fields.ts';
import { MixtureView } from './mixtures.ts';
import { EstimatorFields, EstimatorQuery, estimatorField, ModelAnswer } from './models.ts';
import { textStreams } from './uploads.ts';

export const TuneQuery = Type.Object(
  { ...EstimatorQuery, k: EstimatorFields.k },
  { additionalProperties: false },
);

export type TuneQuery = Static<typeof TuneQuery>;

/** A JSON body may hold the parameters too, which override those of the query. */
const TuneBody = Type.Object(
  {
    text: Type.String({ description: 'The held-out text, which should not be part of the corpus' }),
    ...EstimatorFields,
    estimator: estimatorField(),
  },
  {
    title: 'TuneRequest',
    additionalProperties: false,
    examples: [{ text: 'the time traveller came back to the machine', estimator: 'jelinek-mercer' }],
  },
);
export type TuneBody = Static<typeof TuneBody>;

export const tuneBodies = {
  content: {
    'application/json': { schema: TuneBody },
    'text/plain': { schema: { type: 'string', description: 'The held-out text, in UTF-8' } },
    ...textStreams('The held-out text, in UTF-8'),
  },
};

const numbers = Type.Optional(Type.Array(Type.Number()));
const perplexity = nullableNumber({ description: 'Of the held-out text; null if its probability is 0' });

/** The parameters of an estimator that can be tuned. */
const TunedParameters = Type.Object(
  { epsilon: numbers, k: Type.Optional(Type.Number()), lambda: numbers, discount: numbers },
  { title: 'TunedParameters', description: 'Those of the estimator' },
);
export type TunedParameters = Static<typeof TunedParameters>;

const Tuning = Type.Object(
  {
    ...ModelAnswer,
    tokens: Type.Integer({ description: 'The number of tokens that the perplexities are computed from' }),
    out_of_vocabulary: Type.Integer({
      description:
        'The number of tokens that the corpus does not have; jelinek-mercer skips them unless the corpus counts `<unk>`',
    }),
    perplexity,
    curve: Type.Array(
      Type.Object(
        {
          parameters: TunedParameters,
          perplexity,
        },
        { title: 'TriedParameters' },
      ),
      { description: 'The parameters that were tried, in order, beginning with those of the request' },
    ),
  },
  { title: 'Tuning', description: 'The estimator with the best parameters' },
);

const weighted = {
  weights: Type.Array(Type.Number(), { description: 'The weight of each part; they add up to 1' }),
  log_probability: nullableNumber({ description: 'Of the held-out text, natural' }),
  perplexity,
};

const MixtureTuning = Type.Object(
  {
    ...ModelAnswer,
    tokens: Type.Integer({ description: 'The number of tokens that the figures include' }),
    out_of_vocabulary: Type.Integer({ description: 'The number of tokens that no part has' }),
    ...weighted,
    steps: Type.Integer({ description: 'The number of steps of expectation maximization' }),
    before: Type.Object(weighted, { title: 'WeightsBefore', description: 'With the weights of the mixture' }),
    mixture: MixtureView,
  },
  { title: 'MixtureTuning', description: 'Of a mixture: the best weights' },
);

export const TuneAnswer = jsonResponse(
  'The estimator with the best parameters, or the best weights of a mixture',
  Type.Union([Tuning, MixtureTuning]),
);
