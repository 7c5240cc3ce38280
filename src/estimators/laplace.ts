import { type CorpusTotals, orderNumbers, type Smoothing, uniform } from './numbers.ts';
import { perOrder } from './parameters.ts';

/**
 * The chapter's Laplace smoothing (Dive into Deep Learning, "Language models and the dataset"), with one ε per order:
 *
 *     P(x)       = (n(x)    + ε₁ / m)    / (n      + ε₁)
 *     P(x'|x)    = (n(x,x') + ε₂ · P(x')) / (n(x·)  + ε₂)
 *
 * and so on: every order falls back to the unigram. `epsilon` has at most `order` values, the last of which also holds
 * for the orders above.
 */
export function laplace(
  order: number,
  { totals }: CorpusTotals,
  epsilon: readonly number[] = [1],
): Smoothing {
  const epsilons = perOrder('epsilon', epsilon, order);
  return {
    parameters: { epsilon: epsilons },
    numbers: {
      form: 'interpolation',
      lower: 'unigram',
      base: uniform(totals.vocabularySize),
      orders: epsilons.map((e) =>
        orderNumbers({ counts: 'occurrences', discounts: [0, 0, 0], mass: [e, 0, 0, 0], extra: [e, 0] }),
      ),
    },
  };
}
