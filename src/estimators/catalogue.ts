import { additive } from './additive.ts';
import type { Estimator } from './estimator.ts';
import { laplace } from './laplace.ts';
import { mle } from './mle.ts';
import { invalidParameter } from './parameters.ts';

/** The parameters that any estimator takes. */
export interface EstimatorParameters {
  epsilon?: readonly number[];
  k?: number;
}

/** Each estimator with the parameters that it takes. */
const estimators = {
  laplace: { takes: ['epsilon'], create: (order, { epsilon }) => laplace(order, epsilon) },
  mle: { takes: [], create: () => mle() },
  additive: { takes: ['k'], create: (_order, { k }) => additive(k) },
} satisfies Record<
  string,
  {
    takes: (keyof EstimatorParameters)[];
    create: (order: number, parameters: EstimatorParameters) => Estimator;
  }
>;

export type EstimatorName = keyof typeof estimators;
export const estimatorNames = Object.keys(estimators) as EstimatorName[];

/**
 * The estimator of this name for a model of this order. Throws `invalid-request` for a parameter that it does not take
 * or that is out of range, with the parameter's name as pointer.
 */
export function createEstimator(
  name: EstimatorName,
  parameters: EstimatorParameters,
  order: number,
): Estimator {
  const { takes, create } = estimators[name];
  for (const parameter of ['epsilon', 'k'] as const) {
    if (parameters[parameter] !== undefined && !(takes as string[]).includes(parameter)) {
      throw invalidParameter(
        parameter,
        `is not one of the estimator ${name}, which takes ${takes.join(', ') || 'none'}`,
      );
    }
  }
  return create(order, parameters);
}
