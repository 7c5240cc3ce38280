import { Type } from 'typebox';
import { defaulted, nullableNumber } from './fields.ts';
import { EstimatorFields, EstimatorQuery, ModelAnswer } from './models.ts';
import { documentFields, marks, scoreBodies } from './scores.ts';

export const PercentilesQuery = Type.Object(
  {
    ...EstimatorQuery,
    k: EstimatorFields.k,
    ...marks,
    ...documentFields,
    at: defaulted(
      Type.Array(Type.Number({ minimum: 0, maximum: 100 }), {
        default: [30, 60],
        minItems: 1,
        maxItems: 100,
        description: 'The percentiles, as in 30,60',
      }),
    ),
  },
  { additionalProperties: false },
);

const { 'application/json': _json, ...lines } = scoreBodies.content;

/** Lines and documents. */
export const percentilesBodies = { content: lines };

export const PercentilesAnswer = Type.Object(
  {
    ...ModelAnswer,
    texts: Type.Integer({ description: 'The number of texts that have tokens' }),
    percentiles: Type.Array(
      Type.Object(
        {
          percentile: Type.Number(),
          perplexity: nullableNumber({
            description: 'Between two texts by linear interpolation; null if it is not finite',
          }),
        },
        { title: 'Percentile' },
      ),
    ),
  },
  { title: 'Percentiles', description: 'The percentiles' },
);
