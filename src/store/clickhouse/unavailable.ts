import { isProblem, NgramdError } from '../../errors.ts';

/** The error of servers that cannot answer now; `what` is a sentence that names them. */
export function storeUnavailable(what: string): NgramdError {
  return new NgramdError('store-unavailable', `${what} Try again.`);
}

export function isStoreUnavailable(error: unknown): error is NgramdError {
  return isProblem(error, 'store-unavailable');
}
