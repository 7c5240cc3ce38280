import { ordersTo, type Smoothing } from './numbers.ts';

/** Maximum likelihood: P(w|h) = n(hw) / n(h·), and none after a context that nothing follows. */
export function mle(order: number): Smoothing {
  return {
    parameters: {},
    numbers: {
      form: 'interpolation',
      lower: 'none',
      base: 0,
      orders: ordersTo(order).map(() => ({
        counts: 'occurrences',
        discounts: [0, 0, 0],
        mass: [0, 0, 0, 0],
        extra: [0, 0],
      })),
    },
  };
}
