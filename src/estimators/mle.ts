import type { Estimator } from './estimator.ts';

/** Maximum likelihood: P(w|h) = n(hw) / n(h·); null after a context that is never followed by anything. */
export function mle(): Estimator {
  return {
    name: 'mle',
    parameters: {},
    normalized: true,
    reads: (order) => ({ orders: [order], adjustedBelow: 1 }),
    probability: ([{ count, contextCount }]) => (contextCount === 0 ? null : count / contextCount),
  };
}
