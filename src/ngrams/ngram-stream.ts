/**
 * Distinct n-grams of one order with their counts, in ascending order of their ids. `ngram` and `count` are valid after
 * `next()` returned true, until the next call; `ngram` is reused.
 */
export interface NGramStream {
  readonly order: number;
  readonly ngram: Uint32Array;
  readonly count: number;
  /** Advances to the next n-gram; false at the end. */
  next(): boolean;
}

/** Negative, zero or positive as `a` sorts before, with or after `b` in their first `order` ids. */
export function compareNGrams(a: ArrayLike<number>, b: ArrayLike<number>, order: number): number {
  for (let i = 0; i < order; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The key of an n-gram: each id as a big-endian 32-bit integer, so that keys sort as ids do. */
export function ngramKey(ngram: ArrayLike<number>, length = ngram.length): Buffer {
  const key = Buffer.allocUnsafe(length * 4);
  for (let i = 0; i < length; i++) key.writeUInt32BE(ngram[i] as number, i * 4);
  return key;
}

/** Reads a key of `ngramKey` back into `target`. */
export function readNGramKey(key: Uint8Array, target: Uint32Array): void {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  for (let i = 0; i < target.length; i++) target[i] = view.getUint32(i * 4);
}
