import type { CountIndex } from '../index/count-index.ts';
import { absoluteDiscounting } from './absolute-discounting.ts';
import { additive } from './additive.ts';
import type { Estimator } from './estimator.ts';
import { jelinekMercer } from './jelinek-mercer.ts';
import { kneserNey, modifiedKneserNey } from './kneser-ney.ts';
import { laplace } from './laplace.ts';
import { mle } from './mle.ts';
import { invalidParameter } from './parameters.ts';
import { stupidBackoff } from './stupid-backoff.ts';
import { wittenBell } from './witten-bell.ts';

/** The parameters that any estimator takes. */
export interface EstimatorParameters {
  epsilon?: readonly number[] | undefined;
  k?: number | undefined;
  lambda?: readonly number[] | undefined;
  discount?: readonly number[] | undefined;
  alpha?: number | undefined;
}

interface Entry {
  takes: readonly (keyof EstimatorParameters)[];
  create(order: number, index: CountIndex, parameters: EstimatorParameters): Estimator;
}

/** Each estimator with the parameters that it takes. */
const estimators = {
  laplace: {
    takes: ['epsilon'],
    create: (order, { totals }, { epsilon }) => laplace(order, totals.vocabularySize, epsilon),
  },
  mle: { takes: [], create: () => mle() },
  additive: {
    takes: ['k'],
    create: (_order, { totals }, { k }) => additive(totals.vocabularySize, k),
  },
  'jelinek-mercer': {
    takes: ['lambda'],
    create: (order, _index, { lambda }) => jelinekMercer(order, lambda),
  },
  'witten-bell': { takes: [], create: (_order, { totals }) => wittenBell(totals.vocabularySize) },
  'absolute-discounting': {
    takes: ['discount'],
    create: (order, index, { discount }) => absoluteDiscounting(order, index, discount),
  },
  'kneser-ney': { takes: [], create: (order, index) => kneserNey(order, index) },
  'modified-kneser-ney': { takes: [], create: (order, index) => modifiedKneserNey(order, index) },
  'stupid-backoff': { takes: ['alpha'], create: (_order, _index, { alpha }) => stupidBackoff(alpha) },
} satisfies Record<string, Entry>;

export type EstimatorName = keyof typeof estimators;
export const estimatorNames = Object.keys(estimators) as EstimatorName[];

/** Which parameters an estimator takes. */
export function parametersOf(name: EstimatorName): readonly (keyof EstimatorParameters)[] {
  return estimators[name].takes;
}

/** Whether an estimator reads adjusted counts, which not every count index has. */
export function readsAdjustedCounts(name: EstimatorName): boolean {
  return name === 'kneser-ney' || name === 'modified-kneser-ney';
}

/**
 * The estimator of this name for a model of this order of the corpus that `index` counts. Throws `invalid-request` for
 * a parameter that it does not take or that is out of range, with the parameter's name as pointer.
 */
export function createEstimator(
  name: EstimatorName,
  parameters: EstimatorParameters,
  order: number,
  index: CountIndex,
): Estimator {
  const { takes, create }: Entry = estimators[name];
  for (const parameter of Object.keys(parameters) as (keyof EstimatorParameters)[]) {
    if (parameters[parameter] !== undefined && !takes.includes(parameter)) {
      throw invalidParameter(
        parameter,
        `is not one of the estimator ${name}, which takes ${takes.join(', ') || 'none'}`,
      );
    }
  }
  return create(order, index, parameters);
}
