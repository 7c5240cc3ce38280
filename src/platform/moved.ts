import { move, transferableSymbol, valueSymbol } from 'piscina';
import { asyncOutcomeOf, type Outcome } from '../errors.ts';

/** Bytes in memory that is transferred to the thread that asked for them. */
export interface Bytes {
  memory: ArrayBuffer;
  /** The number of bytes, from the beginning of the memory. */
  length: number;
}

/** The outcome of a call in a worker thread, whose memory is handed over and not copied. */
export async function movedOutcomeOf<T extends Bytes>(call: () => Promise<T>): Promise<Outcome<T>> {
  const outcome = await asyncOutcomeOf(call);
  if (!('result' in outcome)) return outcome;
  return move({
    [transferableSymbol]: [outcome.result.memory],
    [valueSymbol]: outcome,
  } as never) as unknown as Outcome<T>;
}
