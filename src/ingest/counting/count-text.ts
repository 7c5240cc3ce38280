import { blockNGrams } from '../../ngrams/block.ts';
import { addStreams, type NGramSink } from '../../ngrams/ngram-sink.ts';
import { RunScratch } from '../../store/sqlite/run-scratch.ts';
import { chunkTokens } from '../../store/token-chunk.ts';
import { UploadProgress } from '../upload-progress.ts';
import { countSlices } from './counted-slice.ts';
import { CountingThreads } from './counting-threads.ts';
import { type SlicedText, sharedArray, sliceText } from './sliced-text.ts';

/** How a text is cut up to be counted. What is counted does not depend on it. */
export interface CountingSizes {
  /** How many tokens are counted at a time: about 5 bytes of memory each. */
  blockTokens: number;
  /** How many of them are sorted at a time. */
  slicePositions: number;
  /** From how many tokens on threads count beside the writer's. */
  manyTokens: number;
}

export const defaultSizes: CountingSizes = {
  blockTokens: 3 * 2 ** 23,
  slicePositions: 2 ** 19,
  manyTokens: 2 ** 20,
};

/** How many tokens are read at a time. */
export const pieceTokens = 1024 * chunkTokens;

/** The texts of some documents, one after the other, as numbers of words: any numbers that tell their words apart. */
export interface WordStream {
  readonly length: number;
  /** The words at `start` ≤ i < `end`. With lines, `</s>` stands after the tokens of each. */
  read(start: number, end: number): Uint32Array;
  /** Each word's rank among the text's words by rising id: dense numbers that sort as the ids do. */
  readonly rankOf: Uint32Array;
  /** Each rank's id, and `noToken` behind the last. */
  readonly idOf: Uint32Array;
  /** The words `<s>` and `</s>`, where lines are the sequences. */
  readonly sequenceStart: number | undefined;
  readonly sequenceEnd: number | undefined;
  /** How many sequences there are at most. */
  readonly sequences: number;
  /** Where each text ends, rising: no n-gram goes on there. The last is `length`. */
  readonly ends: readonly number[];
}

/** Where the run of a text goes. */
export interface RunTarget {
  addRun(fill: (sink: NGramSink) => void): void;
  /** Whether the run can have blocks that are encoded already. */
  readonly takesBlocks: boolean;
}

/**
 * Counts texts into one run. `scratchPath` is where the runs of a text longer than one block are kept until they are
 * merged. `progress` is told what is counted, and ends the counting when its upload is cancelled. `meanwhile` is called
 * once, when threads have begun to count, if any do.
 */
export function countText(
  text: WordStream,
  order: number,
  target: RunTarget,
  scratchPath: string,
  { blockTokens, slicePositions, manyTokens }: CountingSizes,
  progress = new UploadProgress(),
  meanwhile: () => void = () => {},
): void {
  const { length } = text;
  const isWhole = length <= blockTokens;
  const scratch = new RunScratch(scratchPath, progress.checkpoint);
  try {
    for (let start = 0; start < length; start += blockTokens) {
      const end = Math.min(start + blockTokens, length);
      const block = layOut(text, order, start, end, slicePositions);
      const done = shareOfTokens(block.sizes, end - start, (tokens) => progress.addCounted(tokens));
      const { takesBlocks } = isWhole ? target : { takesBlocks: true };
      const add = (fill: (sink: NGramSink) => void) => (isWhole ? target.addRun(fill) : scratch.add(fill));
      if (end - start < manyTokens || !takesBlocks) {
        if (start === 0) meanwhile();
        add((sink) => countSlices(block, sink, done));
      } else {
        const threads = new CountingThreads(block, { blockNGrams, contextOnly: text.sequenceStart });
        try {
          if (start === 0) meanwhile();
          add((sink) => threads.into(sink, done));
        } finally {
          threads.dispose();
        }
      }
    }
    if (!isWhole) {
      progress.enter('merging');
      target.addRun((sink) => addStreams(scratch.merged(order), sink));
    }
  } finally {
    scratch.dispose();
  }
}

/** Tells, slice by slice as they are done, how many more of a block's `tokens` are counted: its share of the positions. */
function shareOfTokens(sizes: Uint32Array, tokens: number, report: (tokens: number) => void) {
  const positions = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  let reported = 0;
  return (slice: number) => {
    done += sizes[slice];
    const counted = Math.floor((tokens * done) / positions);
    report(counted - reported);
    reported = counted;
  };
}

/**
 * The tokens at `start` ≤ i < `end` as ranks, read ahead for the n-grams that begin at their end, with `<s>` before
 * and a sentinel after each line, or each text.
 */
function layOut(
  text: WordStream,
  order: number,
  start: number,
  end: number,
  slicePositions: number,
): SlicedText {
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
    const words = text.read(from, Math.min(from + pieceTokens, ahead));
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
