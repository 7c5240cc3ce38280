import { NgramdError } from '../errors.ts';

/** The error about an estimator's parameter; the pointer is the parameter's name. */
export function invalidParameter(name: string, what: string): NgramdError {
  const detail = `The parameter ${name} ${what}.`;
  return new NgramdError('invalid-request', detail, [{ pointer: `/${name}`, detail }]);
}

/** Throws `invalid-request` where a parameter is not a number, infinite or negative. */
export function checkNotNegative(name: string, value: number): void {
  if (!Number.isFinite(value)) throw invalidParameter(name, 'must be a finite number');
  if (value < 0) throw invalidParameter(name, `must not be negative, and ${value} is`);
}
