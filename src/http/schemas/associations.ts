import { Type } from 'typebox';
import { defaulted } from './fields.ts';

/** The least count of what is listed. */
export const MinCount = defaulted(
  Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 1,
    description: 'Only what occurs at least this many times',
  }),
);

const measure = (description: string) => Type.Optional(Type.Number({ description }));

/** The measures of association. */
export const MeasureFields = {
  pmi: measure('Pointwise mutual information, in bits'),
  log_likelihood: measure("Dunning's log-likelihood ratio"),
  t: measure("Student's t"),
  dice: measure("Dice's coefficient"),
};
