import type { Level } from '../index/count-index.ts';
import { type Estimator, type Interpolation, interpolate, readsAllLevels } from './estimator.ts';
import { invalidParameter, perOrder } from './parameters.ts';

/** How far from one the weights may add up, because decimal fractions do not add up exactly. */
const tolerance = 1e-9;

/**
 * Jelinek–Mercer smoothing with fixed weights (Jelinek & Mercer 1980; Chen & Goodman 1998, section 2.3):
 *
 *     P(w|h) = Σ λᵢ n(hᵢw) / n(hᵢ·)
 *
 * over the orders i, hᵢ being the last i - 1 tokens of h. A level whose context was never seen hands its weight to the
 * next lower one. `lambda` has one weight an order, order 1 first, and adds up to one; equal weights where it is left
 * out.
 */
export function jelinekMercer(
  order: number,
  lambda: readonly number[] = Array.from({ length: order }, () => 1 / order),
): Estimator {
  if (lambda.length !== order) {
    throw invalidParameter(
      'lambda',
      `has ${lambda.length} values, and a model of order ${order} has ${order}`,
    );
  }
  const lambdas = perOrder('lambda', lambda, order, 1);
  /** How much of the whole the levels up to an order have. */
  const share = [0];
  for (const value of lambdas) share.push(share[share.length - 1] + value);
  if (Math.abs(share[order] - 1) > tolerance) {
    throw invalidParameter('lambda', `must add up to 1, and adds up to ${share[order]}`);
  }

  /** The sum from the lowest level on, where `highest` is the order that has the weight of all above it. */
  const interpolationBelow = (highest: number): Interpolation => {
    const lowerShare = (order: number) => {
      const whole = order === highest ? 1 : share[order];
      return whole === 0 ? 0 : share[order - 1] / whole;
    };
    return {
      discounted: ({ order, count, contextCount }) => (1 - lowerShare(order)) * (count / contextCount),
      mass: ({ order }) => lowerShare(order),
      denominator: () => 1,
    };
  };
  const interpolations = lambdas.map((_, i) => interpolationBelow(i + 1));
  return {
    name: 'jelinek-mercer',
    parameters: { lambda: lambdas },
    normalized: true,
    reads: readsAllLevels,
    probability: (levels: readonly Level[]) => {
      const seen = levels.filter(({ contextCount }) => contextCount > 0);
      return seen.length === 0 ? 0 : interpolate(interpolations[seen.length - 1], seen, 0);
    },
  };
}
