import { type Estimator, readsAllLevels } from './estimator.ts';
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
  const whole = sum(lambdas);
  if (Math.abs(whole - 1) > tolerance) {
    throw invalidParameter('lambda', `must add up to 1, and adds up to ${whole}`);
  }
  /** For each longest context that was seen: the weights of its levels, the last of which has that of all above. */
  const handedDown = lambdas.map((_, i) => {
    const weights = [...lambdas.slice(0, i), sum(lambdas.slice(i))];
    // Added up as probabilities are, so that none is above 1.
    return { weights, total: sum(weights) };
  });
  return {
    name: 'jelinek-mercer',
    parameters: { lambda: lambdas },
    normalized: true,
    reads: readsAllLevels,
    probability: (levels) => {
      let seen = 0;
      while (seen < levels.length && levels[seen].contextCount > 0) seen++;
      if (seen === 0) return 0;
      const { weights, total } = handedDown[seen - 1];
      let weighted = 0;
      for (let i = 0; i < seen; i++) weighted += weights[i] * (levels[i].count / levels[i].contextCount);
      return weighted / total;
    },
  };
}

function sum(weights: readonly number[]): number {
  return weights.reduce((a, b) => a + b, 0);
}
