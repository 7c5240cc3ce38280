import { NgramdError } from '../errors.ts';

/** What can be cancelled from another thread. */
export interface Cancellable {
  /** One number of shared memory: 1 as soon as nobody waits for the answer any more. */
  cancelled?: Int32Array | undefined;
}

const flags = new WeakMap<AbortSignal, Int32Array>();

/** The flag that an aborted signal sets, one for each signal. */
export function cancelledBy(signal: AbortSignal): Int32Array {
  const known = flags.get(signal);
  if (known !== undefined) return known;
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const set = () => Atomics.store(flag, 0, 1);
  if (signal.aborted) set();
  else signal.addEventListener('abort', set, { once: true });
  flags.set(signal, flag);
  return flag;
}

/** Throws `cancelled` where the flag is set. */
export function throwIfCancelled(cancelled: Int32Array | undefined): void {
  if (cancelled === undefined || Atomics.load(cancelled, 0) === 0) return;
  throw new NgramdError('cancelled', 'The client closed the connection before it was answered.');
}
