import { orderNumbers, type Smoothing } from './numbers.ts';

const order = orderNumbers({
  counts: 'occurrences',
  discounts: [0, 0, 0],
  mass: [0, 0, 0, 0],
  extra: [0, 0],
});

/** Maximum likelihood: P(w|h) = n(hw) / n(h·), and none after a context that nothing follows. */
export function mle(): Smoothing {
  return { parameters: {}, numbers: { form: 'stand-alone', order } };
}
