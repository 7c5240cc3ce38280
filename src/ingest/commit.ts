import type { NGramStream } from '../store/ngram-stream.ts';
import type { CorpusWriter } from '../store/sqlite/corpus-writer.ts';
import { RunScratch } from '../store/sqlite/run-scratch.ts';
import { reservedId } from '../text/reserved.ts';
import { CountedNGrams } from './counting/counted-ngrams.ts';
import { sortPositions } from './counting/sorted-positions.ts';
import type { Draft, DraftSummary } from './draft.ts';

/** How many tokens are sorted at a time: about 14 bytes of memory each. */
export const blockTokens = 1 << 24;

/** Where a document comes to stand. */
export interface DocumentPlace {
  id: string;
  version: number;
  createdAt: string;
}

/**
 * Makes a draft a document of the corpus: vocabulary, token stream, one run of counts, totals.
 * Called inside the writer's transaction. `scratchPath` is where the runs of a text longer than one block of
 * `block` tokens are kept until they are merged.
 */
export function commitDraft(
  writer: CorpusWriter,
  draft: Draft,
  summary: DraftSummary,
  place: DocumentPlace,
  scratchPath: string,
  block = blockTokens,
): void {
  const { order, sequences, tokens: first } = writer.corpus();
  const ids = writer.identify(draft.words);
  const { rankOf, idOf } = rankById(ids);
  const text: RankedText = {
    draft,
    rankOf,
    sentinel: ids.length,
    order,
    sequenceStart: reservedId(sequences, '<s>'),
    sequenceEnd: reservedId(sequences, '</s>'),
  };
  const isCounted = (id: number) => id !== text.sequenceStart;

  const scratch = new RunScratch(scratchPath);
  try {
    for (let start = 0; start < summary.tokens; start += block) {
      const end = Math.min(start + block, summary.tokens);
      writer.appendTokens(
        first + start,
        draft.tokens.read(start, end).map((word) => ids[word]),
      );
      const streams = countBlock(text, idOf, start, end);
      if (summary.tokens <= block) writer.addRun(streams, isCounted);
      else scratch.add(streams);
    }
    if (summary.tokens > block) writer.addRun(scratch.merged(order), isCounted);
  } finally {
    scratch.dispose();
  }
  if (text.sequenceEnd === undefined) {
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
  const idOf = new Uint32Array(length);
  for (let rank = 0; rank < length; rank++) {
    const word = byId[rank] % length;
    rankOf[word] = rank;
    idOf[rank] = ids[word];
  }
  return { rankOf, idOf };
}

interface RankedText {
  draft: Draft;
  rankOf: Uint32Array;
  /** Stands after the last token of a sequence; larger than every rank. */
  sentinel: number;
  order: number;
  /** The draft's words `<s>` and `</s>`, where lines are the sequences. */
  sequenceStart: number | undefined;
  sequenceEnd: number | undefined;
}

/** The counts of all n-grams that begin in `start` ≤ position < `end`: one stream an order. */
function countBlock(ranked: RankedText, idOf: Uint32Array, start: number, end: number): NGramStream[] {
  const { order, sentinel } = ranked;
  const { text, counted } = layOut(ranked, start, end);
  const sorted = sortPositions(text, counted, sentinel, order);
  return Array.from({ length: order }, (_, i) => new CountedNGrams(sorted, idOf, i + 1));
}

/**
 * A block's tokens as ranks, read ahead for the n-grams that begin at its end, with `<s>` before and a sentinel
 * after each line. The n-grams that begin in the first `counted` places belong to the block.
 */
function layOut(ranked: RankedText, start: number, end: number): { text: Uint32Array; counted: number } {
  const { draft, rankOf, sentinel, order, sequenceStart, sequenceEnd } = ranked;
  const ahead = Math.min(end + order - 1, draft.tokens.length);
  const words = draft.tokens.read(Math.max(0, start - 1), ahead);
  const skipped = start === 0 ? 0 : 1;
  let lines = 1;
  if (sequenceEnd !== undefined) for (const word of words) if (word === sequenceEnd) lines++;
  const text = new Uint32Array(words.length + 2 * lines);
  let length = 0;
  let counted = 0;
  let isStart = start === 0 || words[0] === sequenceEnd;
  for (let i = skipped; i < words.length; i++) {
    if (i - skipped === end - start) counted = length;
    if (isStart && sequenceStart !== undefined) text[length++] = rankOf[sequenceStart];
    text[length++] = rankOf[words[i]];
    isStart = words[i] === sequenceEnd;
    if (isStart) text[length++] = sentinel;
  }
  if (ahead === draft.tokens.length) text[length++] = sentinel;
  if (ahead === end) counted = length;
  return { text: text.subarray(0, length), counted };
}
