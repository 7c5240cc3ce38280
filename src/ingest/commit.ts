import { blockNGrams } from '../store/block.ts';
import { addStreams, type NGramSink } from '../store/ngram-sink.ts';
import type { CorpusWriter } from '../store/sqlite/corpus-writer.ts';
import { RunScratch } from '../store/sqlite/run-scratch.ts';
import { chunkTokens } from '../store/token-chunk.ts';
import { reservedId } from '../text/reserved.ts';
import { countSlices } from './counting/counted-slice.ts';
import { CountingThreads } from './counting/counting-threads.ts';
import { noToken, type SlicedText, sharedArray, sliceText } from './counting/sliced-text.ts';
import type { Draft, DraftSummary } from './draft.ts';

/** How a text is cut up to be counted. What is counted does not depend on it. */
export interface CountingSizes {
  /** How many tokens are counted at a time: about 5 bytes of memory each. */
  blockTokens: number;
  /** How many of them are sorted at a time. */
  slicePositions: number;
  /** From how many tokens on threads count beside the writer's. */
  manyTokens: number;
}

const defaultSizes: CountingSizes = {
  blockTokens: 3 * 2 ** 23,
  slicePositions: 2 ** 19,
  manyTokens: 2 ** 20,
};

/** How many tokens are read at a time. */
const pieceTokens = 1024 * chunkTokens;

/** Where a document comes to stand. */
export interface DocumentPlace {
  id: string;
  version: number;
  createdAt: string;
}

/**
 * Makes a draft a document of the corpus: vocabulary, token stream, one run of counts, totals.
 * Called inside the writer's transaction. `scratchPath` is where the runs of a text longer than one block are kept
 * until they are merged.
 */
export function commitDraft(
  writer: CorpusWriter,
  draft: Draft,
  summary: DraftSummary,
  place: DocumentPlace,
  scratchPath: string,
  { blockTokens, slicePositions, manyTokens }: CountingSizes = defaultSizes,
): void {
  const { order, sequences, tokens: first } = writer.corpus();
  const ids = writer.identify(draft.words);
  const document: IdentifiedDraft = {
    draft,
    ...rankById(ids),
    sentinel: ids.length,
    order,
    sequenceStart: reservedId(sequences, '<s>'),
    sequenceEnd: reservedId(sequences, '</s>'),
  };
  const contextOnly = document.sequenceStart;
  const isCounted = (id: number) => id !== contextOnly;
  const addText = () => {
    writer.addWords(draft.words, ids);
    for (let at = 0; at < summary.tokens; at += pieceTokens) {
      const words = draft.tokens.read(at, Math.min(at + pieceTokens, summary.tokens));
      for (let i = 0; i < words.length; i++) words[i] = ids[words[i]];
      writer.appendTokens(first + at, words);
    }
  };

  const isWhole = summary.tokens <= blockTokens;
  const scratch = new RunScratch(scratchPath);
  try {
    for (let start = 0; start < summary.tokens; start += blockTokens) {
      const end = Math.min(start + blockTokens, summary.tokens);
      const text = layOut(document, start, end, slicePositions);
      const add = (fill: (sink: NGramSink) => void) =>
        isWhole ? writer.addRun(fill, isCounted) : scratch.add(fill);
      if (end - start < manyTokens || (isWhole && writer.hasRuns())) {
        if (start === 0) addText();
        add((sink) => countSlices(text, sink));
      } else {
        const threads = new CountingThreads(text, { blockNGrams, contextOnly });
        try {
          if (start === 0) addText();
          add((sink) => threads.into(sink));
        } finally {
          threads.dispose();
        }
      }
    }
    if (!isWhole) writer.addRun((sink) => addStreams(scratch.merged(order), sink), isCounted);
  } finally {
    scratch.dispose();
  }
  if (document.sequenceEnd === undefined) {
    const { length } = draft.tokens;
    const last = draft.tokens.read(Math.max(0, length - (order - 1)), length);
    writer.addSequenceEnd(last.map((word) => ids[word]));
  }
  writer.addDocument({ ...summary, ...place });
}

/** The words of a text by rising id: dense numbers that sort as the ids do. */
function rankById(ids: Uint32Array): { rankOf: Uint32Array; idOf: Uint32Array } {
  const { length } = ids;
  const byId = Float64Array.from(ids, (id, word) => id * length + word).sort();
  const rankOf = new Uint32Array(length);
  const idOf = new Uint32Array(length + 1);
  for (let rank = 0; rank < length; rank++) {
    const word = byId[rank] % length;
    rankOf[word] = rank;
    idOf[rank] = ids[word];
  }
  idOf[length] = noToken;
  return { rankOf, idOf };
}

/** A draft whose words have their ids. */
interface IdentifiedDraft {
  draft: Draft;
  rankOf: Uint32Array;
  idOf: Uint32Array;
  sentinel: number;
  order: number;
  /** The draft's words `<s>` and `</s>`, where lines are the sequences. */
  sequenceStart: number | undefined;
  sequenceEnd: number | undefined;
}

/**
 * The tokens at `start` ≤ i < `end` as ranks, read ahead for the n-grams that begin at their end, with `<s>` before
 * and a sentinel after each line.
 */
function layOut(document: IdentifiedDraft, start: number, end: number, slicePositions: number): SlicedText {
  const { draft, rankOf, idOf, sentinel, order, sequenceStart, sequenceEnd } = document;
  const ahead = Math.min(end + order - 1, draft.tokens.length);
  const before = Math.max(0, start - 1);
  const lines = sequenceEnd === undefined ? 1 : Math.min(draft.words.count(sequenceEnd) + 1, ahead - before);
  const ranks = sharedArray(ahead - before + 2 * lines);
  let length = 0;
  let counted = 0;
  let isStart = true;
  for (let from = before; from < ahead; from += pieceTokens) {
    const words = draft.tokens.read(from, Math.min(from + pieceTokens, ahead));
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      if (from + i >= start) {
        if (from + i === end) counted = length;
        if (isStart && sequenceStart !== undefined) ranks[length++] = rankOf[sequenceStart];
        ranks[length++] = rankOf[word];
      }
      isStart = word === sequenceEnd;
      if (isStart && from + i >= start) ranks[length++] = sentinel;
    }
  }
  if (ahead === draft.tokens.length) ranks[length++] = sentinel;
  if (ahead === end) counted = length;
  return sliceText({ order, ranks: ranks.subarray(0, length), sentinel, idOf, counted }, slicePositions);
}
