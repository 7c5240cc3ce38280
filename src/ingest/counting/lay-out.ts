import { type SlicedText, sharedArray, sliceText } from './sliced-text.ts';

/** The number of tokens that are read at a time. */
export const pieceTokens = 2 ** 17;

/** The texts of some documents, one after the other, as numbers of words: any numbers that tell their words apart. */
export interface WordStream {
  readonly length: number;
  /**
   * The words at `start` ≤ i < `end`, valid until the next call. With lines, `</s>` follows the tokens of each line.
   */
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
  const { idOf, sequenceEnd, ends } = text;
  const ahead = Math.min(end + order - 1, text.length);
  const lines = Math.min(text.sequences, ahead - start + 1);
  const beginsText = start === 0 || ends.includes(start);
  const beginsLine = async () => (await text.read(start - 1, start))[0] === sequenceEnd;
  const laidOut = new LaidOut(text, ahead - start + 2 * lines, beginsText || (await beginsLine()));
  let counted = 0;
  let next = ends.findIndex((end) => end > start);
  for (let from = start; from < ahead; from += pieceTokens) {
    const words = await text.read(from, Math.min(from + pieceTokens, ahead));
    const to = from + words.length;
    for (let at = from; at < to; ) {
      if (at === end) counted = laidOut.length;
      const stop = Math.min(to, ends[next], at < end ? end : to);
      laidOut.add(words.subarray(at - from, stop - from));
      at = stop;
      if (at !== ends[next]) continue;
      laidOut.endSequence();
      next++;
    }
  }
  if (ahead === end) counted = laidOut.length;
  const ranks = laidOut.ranks.subarray(0, laidOut.length);
  return sliceText({ order, ranks, sentinel: idOf.length - 1, idOf, counted }, slicePositions);
}

/** Ranks that are laid out one after the other. */
class LaidOut {
  readonly ranks: Uint32Array;
  length = 0;
  readonly #text: WordStream;
  readonly #sentinel: number;
  /** Whether the next word begins a sequence. */
  #isStart: boolean;

  constructor(text: WordStream, capacity: number, isStart: boolean) {
    this.ranks = sharedArray(capacity);
    this.#text = text;
    this.#sentinel = text.idOf.length - 1;
    this.#isStart = isStart;
  }

  add(words: Uint32Array): void {
    const { rankOf, sequenceStart, sequenceEnd } = this.#text;
    const ranks = this.ranks;
    if (sequenceStart === undefined) {
      const { length } = this;
      for (let i = 0; i < words.length; i++) ranks[length + i] = rankOf[words[i]];
      this.length += words.length;
      this.#isStart = false;
      return;
    }
    const start = rankOf[sequenceStart];
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      if (this.#isStart) ranks[this.length++] = start;
      this.#isStart = false;
      ranks[this.length++] = rankOf[word];
      if (word === sequenceEnd) this.endSequence();
    }
  }

  /** Ends a sequence, unless it has just ended. */
  endSequence(): void {
    if (!this.#isStart) this.ranks[this.length++] = this.#sentinel;
    this.#isStart = true;
  }
}
