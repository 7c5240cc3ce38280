import { NgramdError } from '../errors.ts';

/** A task that can be cancelled from another thread. */
export interface Cancellable {
  /** One number in shared memory: 1 as soon as nobody is waiting for the answer any more. */
  cancelled?: Int32Array | undefined;
}

const flags = new WeakMap<AbortSignal, Int32Array>();

/** The flag that is set when the signal is aborted; always the same one for a signal. */
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

/** Throws `cancelled` if the flag is set. */
export function throwIfCancelled(cancelled: Int32Array | undefined): void {
  if (cancelled === undefined || Atomics.load(cancelled, 0) === 0) return;
  throw new NgramdError('cancelled', 'The client closed the connection before it was answered.');
}
