import type { CountNeed } from '../index/count-source.ts';
import { absoluteDiscounting } from './absolute-discounting.ts';
import { additive } from './additive.ts';
import type { Estimator } from './estimator.ts';
import { estimatorOf } from './evaluation/evaluate.ts';
import { jelinekMercer } from './jelinek-mercer.ts';
import { kneserNey, modifiedKneserNey } from './kneser-ney.ts';
import { laplace } from './laplace.ts';
import { mle } from './mle.ts';
import { type CorpusTotals, ordersTo, type Smoothing } from './numbers.ts';
import { invalidParameter } from './parameters.ts';
import { stupidBackoff } from './stupid-backoff.ts';
import { wittenBell } from './witten-bell.ts';

/** The parameters of all estimators; each takes some of them. */
export interface EstimatorParameters {
  epsilon?: readonly number[] | undefined;
  k?: number | undefined;
  lambda?: readonly number[] | undefined;
  discount?: readonly number[] | undefined;
  alpha?: number | undefined;
}

type LowCountsNeed = NonNullable<CountNeed['lowCounts']>;

interface Entry {
  takes: readonly (keyof EstimatorParameters)[];
  /** Which counts of counts it is made of; none where it is left out. */
  lowCounts?(order: number, parameters: EstimatorParameters): LowCountsNeed;
  smooth(order: number, corpus: CorpusTotals, parameters: EstimatorParameters): Smoothing;
}

/** Each estimator with the parameters it takes and how it becomes numbers. */
const estimators = {
  laplace: {
    takes: ['epsilon'],
    smooth: (order, corpus, { epsilon }) => laplace(order, corpus, epsilon),
  },
  mle: { takes: [], smooth: mle },
  additive: { takes: ['k'], smooth: (_order, corpus, { k }) => additive(corpus, k) },
  'jelinek-mercer': {
    takes: ['lambda'],
    smooth: (order, _corpus, { lambda }) => jelinekMercer(order, lambda),
  },
  'witten-bell': { takes: [], smooth: wittenBell },
  'absolute-discounting': {
    takes: ['discount'],
    lowCounts: (order, { discount }) =>
      discount === undefined ? ordersTo(order).map((order) => ({ order, adjusted: false })) : [],
    smooth: (order, corpus, { discount }) => absoluteDiscounting(order, corpus, discount),
  },
  'kneser-ney': { takes: [], lowCounts: adjustedBelowHighest, smooth: kneserNey },
  'modified-kneser-ney': { takes: [], lowCounts: adjustedBelowHighest, smooth: modifiedKneserNey },
  'stupid-backoff': { takes: ['alpha'], smooth: (_order, _corpus, { alpha }) => stupidBackoff(alpha) },
} satisfies Record<string, Entry>;

export type EstimatorName = keyof typeof estimators;
export const estimatorNames = Object.keys(estimators) as EstimatorName[];

/** The parameters that an estimator takes. */
export function parametersOf(name: EstimatorName): readonly (keyof EstimatorParameters)[] {
  return estimators[name].takes;
}

function adjustedBelowHighest(highest: number): LowCountsNeed {
  return ordersTo(highest).map((order) => ({ order, adjusted: order < highest }));
}

/** The counts of counts that `createEstimator` asks an index for. */
export function lowCountsRead(
  name: EstimatorName,
  parameters: EstimatorParameters,
  order: number,
): LowCountsNeed {
  const { lowCounts }: Entry = estimators[name];
  return lowCounts?.(order, parameters) ?? [];
}

/** Whether an estimator reads adjusted counts, which only some count indexes have. */
export function readsAdjustedCounts(name: EstimatorName): boolean {
  return name === 'kneser-ney' || name === 'modified-kneser-ney';
}

/**
 * Creates an estimator for a model of an order of a corpus. Throws `invalid-request` for a parameter that the estimator
 * does not take or that is out of range, with the parameter's name as pointer.
 */
export function createEstimator(
  name: EstimatorName,
  parameters: EstimatorParameters,
  order: number,
  corpus: CorpusTotals,
): Estimator {
  const { takes, smooth }: Entry = estimators[name];
  for (const parameter of Object.keys(parameters) as (keyof EstimatorParameters)[]) {
    if (parameters[parameter] !== undefined && !takes.includes(parameter)) {
      throw invalidParameter(
        parameter,
        `is not one of the estimator ${name}, which takes ${takes.join(', ') || 'none'}`,
      );
    }
  }
  return estimatorOf({ name, ...smooth(order, corpus, parameters) });
}
