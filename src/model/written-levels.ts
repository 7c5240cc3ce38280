import { type CountTrie, sharedArray, type TrieLevel } from '../index/resident/count-trie.ts';

/** What the n-grams of an order leave for the next order, by place, in memory that threads share. */
export interface WrittenLevel {
  /** The node of each n-gram without its first word; nothing at order 1. */
  readonly suffixes: Int32Array;
  /** P of its last word after the others. */
  readonly probabilities: Float64Array;
}

/** The size of a written level in bytes. */
export function writtenBytes({ places }: TrieLevel, order: number): number {
  return places * (Float64Array.BYTES_PER_ELEMENT + (order === 1 ? 0 : Int32Array.BYTES_PER_ELEMENT));
}

/** Room for a level. */
export function writtenLevel({ places }: TrieLevel, order: number): WrittenLevel {
  return {
    suffixes: sharedArray(order === 1 ? 0 : places),
    probabilities: new Float64Array(new SharedArrayBuffer(places * Float64Array.BYTES_PER_ELEMENT)),
  };
}

/** The n-grams of an order with all that is known of them, by place, in memory that threads share. */
export interface EstimatedLevel extends WrittenLevel {
  /** 1 for n-grams that are kept. */
  readonly kept: Uint8Array;
  /**
   * Below the model's order: first P(g), the probability of the words one after the other, that of `</s>` for `<s>`;
   * when all n-grams that are to be left out are known, the back-off weight.
   */
  readonly weights: Float64Array;
}

/** Room for the levels up to an order. */
export function estimatedLevels({ levels }: CountTrie, order: number): EstimatedLevel[] {
  return levels.slice(0, order).map((level, i) => {
    const weights = new Float64Array(new SharedArrayBuffer(i + 1 < order ? 8 * level.places : 0));
    const kept = new Uint8Array(new SharedArrayBuffer(level.places));
    return { ...writtenLevel(level, i + 1), weights, kept };
  });
}

/** The size of these levels in bytes. */
export function estimatedBytes({ levels }: CountTrie, order: number): number {
  const sizes = levels
    .slice(0, order)
    .map((level, i) => writtenBytes(level, i + 1) + level.places * (i + 1 < order ? 9 : 1));
  return sizes.reduce((sum, size) => sum + size, 0);
}
