import type { LevelColumns } from '../../index/count-source.ts';
import type {
  EstimatorNumbers,
  Interpolation,
  Mixture,
  OrderNumbers,
  ScaledBackoff,
  StandAlone,
} from '../numbers.ts';
import { readsLowFollowers } from './terms.ts';

/** The counts of words in columns: what belongs to word i is at index i. */
export interface RowCounts {
  /** Order 1 first. */
  readonly levels: readonly LevelColumns[];
  /** The number of tokens before each word that are its context. */
  readonly before: Uint8Array;
  readonly length: number;
}

/**
 * Computes the probabilities of many words from an estimator's numbers: the same values, to the last bit, as the four
 * estimators of this folder compute for one word from its levels. It works order by order, each of which is a loop over
 * columns, so that nothing is looked up, called or allocated for a single word. NaN is an undefined probability.
 */
export function rowProbabilities(
  numbers: EstimatorNumbers,
  row: RowCounts,
  probabilities: Float64Array,
): void {
  switch (numbers.form) {
    case 'interpolation':
      interpolate(numbers, row, probabilities);
      break;
    case 'stand-alone':
      standAlone(numbers, row, probabilities);
      break;
    case 'mixture':
      mix(numbers, row, probabilities);
      break;
    case 'scaled back-off':
      backOff(numbers, row, probabilities);
      break;
  }
}

/** As `InterpolatedEstimator`: the probabilities are those of the lower order when an order begins. */
function interpolate(
  { base, orders }: Interpolation,
  { levels, length }: RowCounts,
  probabilities: Float64Array,
): void {
  probabilities.fill(base, 0, length);
  for (const [k, level] of levels.entries()) addOrder(orders[k], level, length, probabilities);
}

/** (max(n(hw) - D, 0) + mass · P(w|lower)) / (n(h·) + extra), where the context was seen. */
function addOrder(
  order: OrderNumbers,
  level: LevelColumns,
  length: number,
  probabilities: Float64Array,
): void {
  const { d1, d2, d3, m0, m1, m2, m3, e0, e1 } = order;
  const { count, contextCount, followers, once, twice } = level;
  const isOneMass = !readsLowFollowers(order);
  for (let i = 0; i < length; i++) {
    const context = contextCount[i];
    if (context === 0) continue;
    const n = count[i];
    const left = Math.max(n - (n < 2 ? d1 : n === 2 ? d2 : d3), 0);
    let mass = m0;
    if (!isOneMass) {
      mass = m0 + m1 * once[i] + m2 * twice[i] + m3 * (followers[i] - once[i] - twice[i]);
    } else if (m3 !== 0) mass = m0 + m3 * followers[i];
    const extra = e1 === 0 ? e0 : e0 + e1 * followers[i];
    probabilities[i] = (left + mass * probabilities[i]) / (context + extra);
  }
}

/** As `StandAloneEstimator`: each word's highest order with 1 in the place of P(w|lower). */
function standAlone(
  { order }: StandAlone,
  { levels, before, length }: RowCounts,
  probabilities: Float64Array,
): void {
  const { e0 } = order;
  probabilities.fill(1, 0, length);
  for (const level of levels) addOrder(order, level, length, probabilities);
  for (let i = 0; i < length; i++) {
    if (levels[before[i]].contextCount[i] > 0) continue;
    // Nothing follows the context: only what is added to each count is left.
    probabilities[i] = e0 === 0 ? Number.NaN : order.m0 / e0;
  }
}

/** As `MixtureEstimator`, with the weighted sum so far as the probability until the highest seen order is known. */
function mix({ orders }: Mixture, { levels, length }: RowCounts, probabilities: Float64Array): void {
  probabilities.fill(0, 0, length);
  for (let i = 0; i < length; i++) {
    let seen = 0;
    while (seen < levels.length && levels[seen].contextCount[i] > 0) seen++;
    if (seen === 0) continue;
    const last = seen - 1;
    let weighted = 0;
    for (let k = 0; k < last; k++) {
      weighted += orders[k].weight * (levels[k].count[i] / levels[k].contextCount[i]);
    }
    weighted += orders[last].rest * (levels[last].count[i] / levels[last].contextCount[i]);
    probabilities[i] = weighted / orders[last].whole;
  }
}

/** As `ScaledBackoffEstimator`. */
function backOff(
  { factor }: ScaledBackoff,
  { levels, before, length }: RowCounts,
  probabilities: Float64Array,
): void {
  probabilities.fill(0, 0, length);
  for (const [k, { count, contextCount }] of levels.entries()) {
    for (let i = 0; i < length; i++) {
      if (before[i] < k) continue;
      const isSeen = contextCount[i] > 0 && count[i] > 0;
      probabilities[i] = isSeen ? count[i] / contextCount[i] : factor * probabilities[i];
    }
  }
}
