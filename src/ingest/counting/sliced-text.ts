/**
 * A text laid out for counting: tokens as ranks (dense numbers that sort as their ids do), and after the last token
 * of each sequence the rank `sentinel`, larger than all others, which n-grams do not reach past.
 *
 * It is counted in slices: slice i has the n-grams whose first rank is `lows[i]` or more and below `lows[i + 1]`.
 */
export interface SlicedText {
  readonly order: number;
  readonly ranks: Uint32Array;
  readonly sentinel: number;
  /** Each rank's id, rising; `noToken` for the sentinel. */
  readonly idOf: Uint32Array;
  /** The number of positions at which counted n-grams begin; the positions after them are only read ahead. */
  readonly counted: number;
  /** How many counted n-grams begin with each rank. */
  readonly frequencies: Uint32Array;
  readonly lows: Uint32Array;
  /** The number of positions of each slice. */
  readonly sizes: Uint32Array;
}

/** The id of the sentinel: larger than every id. */
export const noToken = 2 ** 32 - 1;

/** Cuts a text into slices of about `slicePositions` positions. */
export function sliceText(
  text: Omit<SlicedText, 'frequencies' | 'lows' | 'sizes'>,
  slicePositions: number,
): SlicedText {
  const { ranks, sentinel, counted } = text;
  const frequencies = sharedArray(sentinel + 1);
  for (let position = 0; position < counted; position++) frequencies[ranks[position]]++;
  const lows = [0];
  const sizes: number[] = [];
  let size = 0;
  for (let rank = 0; rank < sentinel; rank++) {
    size += frequencies[rank];
    if (size < slicePositions && rank < sentinel - 1) continue;
    lows.push(rank + 1);
    sizes.push(size);
    size = 0;
  }
  return { ...text, frequencies, lows: Uint32Array.from(lows), sizes: Uint32Array.from(sizes) };
}

/** Zeros in memory that threads can share. */
export function sharedArray(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}
