import { type SlicedText, sharedArray, sliceText } from './sliced-text.ts';

/** The number of tokens that are read at a time. */
export const pieceTokens = 2 ** 19;

/** The texts of some documents, one after the other, as numbers of words: any numbers that tell their words apart. */
export interface WordStream {
  readonly length: number;
  /** The words at `start` ≤ i < `end`. With lines, `</s>` follows the tokens of each line. */
  read(start: number, end: number): Uint32Array | Promise<Uint32Array>;
  /** Each word's rank among the text's words by rising id: dense numbers that sort as the ids do. */
  readonly rankOf: Uint32Array;
  /** The id of each rank, followed by `noToken`. */
  readonly idOf: Uint32Array;
  /** The words `<s>` and `</s>`, if the sequences are lines. */
  readonly sequenceStart: number | undefined;
  readonly sequenceEnd: number | undefined;
  /** The highest number of sequences that there can be. */
  readonly sequences: number;
  /** The end of each text, ascending: n-grams do not continue there. The last is `length`. */
  readonly ends: readonly number[];
}

/**
 * The tokens at `start` ≤ i < `end` as ranks, read ahead for the n-grams that begin at their end, with `<s>` before
 * and a sentinel after each line, or each text.
 */
export async function layOut(
  text: WordStream,
  order: number,
  start: number,
  end: number,
  slicePositions: number,
): Promise<SlicedText> {
  const { rankOf, idOf, sequenceStart, sequenceEnd, ends } = text;
  const sentinel = idOf.length - 1;
  const ahead = Math.min(end + order - 1, text.length);
  const before = Math.max(0, start - 1);
  const lines = Math.min(text.sequences, ahead - before);
  const ranks = sharedArray(ahead - before + 2 * lines);
  let length = 0;
  let counted = 0;
  let isStart = true;
  let next = ends.findIndex((end) => end > before);
  for (let from = before; from < ahead; from += pieceTokens) {
    const words = await text.read(from, Math.min(from + pieceTokens, ahead));
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      const at = from + i;
      if (at >= start) {
        if (at === end) counted = length;
        if (isStart && sequenceStart !== undefined) ranks[length++] = rankOf[sequenceStart];
        ranks[length++] = rankOf[word];
      }
      isStart = word === sequenceEnd;
      if (at + 1 === ends[next]) {
        isStart = true;
        next++;
      }
      if (isStart && at >= start) ranks[length++] = sentinel;
    }
  }
  if (ahead === end) counted = length;
  return sliceText({ order, ranks: ranks.subarray(0, length), sentinel, idOf, counted }, slicePositions);
}
