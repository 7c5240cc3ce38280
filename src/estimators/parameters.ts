import { NgramdError } from '../errors.ts';

/** Returns the error for an invalid parameter of an estimator, whose pointer is the parameter's name. */
export function invalidParameter(name: string, what: string): NgramdError {
  const detail = `The parameter ${name} ${what}.`;
  return new NgramdError('invalid-request', detail, [{ pointer: `/${name}`, detail }]);
}

/** Throws `invalid-request` if a parameter is not a finite number, is negative, or is above `most`. */
export function checkRange(name: string, value: number, most = Number.POSITIVE_INFINITY): void {
  if (!Number.isFinite(value)) throw invalidParameter(name, 'must be a finite number');
  if (value < 0) throw invalidParameter(name, `must not be negative, and ${value} is`);
  if (value > most) throw invalidParameter(name, `must be at most ${most}, and ${value} is not`);
}

/**
 * Returns a parameter's values for the orders 1, 2, … `order`: the given ones, the last of which also applies to higher
 * orders. Throws `invalid-request` if there are more values than orders or a value is out of range.
 */
export function perOrder(
  name: string,
  values: readonly number[],
  order: number,
  most = Number.POSITIVE_INFINITY,
): number[] {
  if (values.length > order) {
    throw invalidParameter(name, `has ${values.length} values for a model of order ${order}`);
  }
  for (const value of values) checkRange(name, value, most);
  return Array.from({ length: order }, (_, i) => values[Math.min(i, values.length - 1)]);
}
