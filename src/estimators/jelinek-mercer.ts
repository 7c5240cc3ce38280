import type { Smoothing } from './numbers.ts';
import { invalidParameter, perOrder } from './parameters.ts';

/** How far from 1 the sum of the weights may be, since decimal fractions do not add up exactly. */
const tolerance = 1e-9;

/**
 * Jelinek–Mercer smoothing with fixed weights (Jelinek & Mercer 1980; Chen & Goodman 1998, section 2.3):
 *
 *     P(w|h) = Σ λᵢ n(hᵢw) / n(hᵢ·)
 *
 * over the orders i, hᵢ being the last i - 1 tokens of h. An order whose context was never seen hands its weight to the
 * next lower one. `lambda` has one weight for each order, order 1 first; they add up to 1, and are equal where it is
 * left out.
 */
export function jelinekMercer(
  order: number,
  lambda: readonly number[] = Array.from({ length: order }, () => 1 / order),
): Smoothing {
  if (lambda.length !== order) {
    throw invalidParameter(
      'lambda',
      `has ${lambda.length} values, and a model of order ${order} has ${order}`,
    );
  }
  const lambdas = perOrder('lambda', lambda, order, 1);
  const all = sum(lambdas);
  if (Math.abs(all - 1) > tolerance) {
    throw invalidParameter('lambda', `must add up to 1, and adds up to ${all}`);
  }
  return {
    parameters: { lambda: lambdas },
    numbers: {
      form: 'mixture',
      orders: lambdas.map((weight, i) => {
        const rest = sum(lambdas.slice(i));
        return { weight, rest, whole: sum([...lambdas.slice(0, i), rest]) };
      }),
    },
  };
}

function sum(weights: readonly number[]): number {
  return weights.reduce((a, b) => a + b, 0);
}
