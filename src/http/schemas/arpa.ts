import { Type } from 'typebox';
import { defaulted, textBody } from './fields.ts';
import { EstimatorQuery, estimatorField } from './models.ts';

export const ArpaQuery = Type.Object(
  { ...EstimatorQuery, estimator: defaulted(estimatorField({ default: 'modified-kneser-ney' })) },
  { additionalProperties: false },
);

export const ArpaFile = {
  description: 'log10 probabilities and back-off weights of all n-grams',
  content: { 'text/plain': textBody('The ARPA file') },
};
