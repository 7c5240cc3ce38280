import { sortPairs } from '../sort-pairs.ts';
import type { NGramSink } from '../store/ngram-sink.ts';
import type { CorpusWriter } from '../store/sqlite/corpus-writer.ts';
import { reservedId } from '../text/reserved.ts';
import { type CountingSizes, countText, defaultSizes, pieceTokens } from './counting/count-text.ts';
import { noToken } from './counting/sliced-text.ts';
import type { Draft, DraftSummary } from './draft.ts';
import type { UploadProgress } from './upload-progress.ts';

/** Where a document comes to stand. */
export interface DocumentPlace {
  id: string;
  version: number;
  createdAt: string;
}

/**
 * Makes a draft a document of the corpus: vocabulary, token stream, one run of counts, totals.
 * Called inside the writer's transaction. `scratchPath` is where the runs of a text longer than one block are kept
 * until they are merged; `progress` is told what is counted. Throws `cancelled` soon after the upload is.
 */
export function commitDraft(
  writer: CorpusWriter,
  draft: Draft,
  summary: DraftSummary,
  place: DocumentPlace,
  scratchPath: string,
  progress: UploadProgress,
  sizes: CountingSizes = defaultSizes,
): void {
  const { order, sequences, tokens: first } = writer.corpus();
  const ids = writer.identify(draft.words);
  const contextOnly = reservedId(sequences, '<s>');
  const sequenceEnd = reservedId(sequences, '</s>');
  const { length } = draft.tokens;
  const addText = () => {
    writer.addWords(draft.words, ids);
    for (let at = 0; at < length; at += pieceTokens) {
      progress.checkpoint();
      const words = draft.tokens.read(at, Math.min(at + pieceTokens, length));
      for (let i = 0; i < words.length; i++) words[i] = ids[words[i]];
      writer.tokenChunks.append(first + at, words);
    }
  };
  const text = {
    length,
    read: (start: number, end: number) => draft.tokens.read(start, end),
    ...rankById(ids),
    sequenceStart: contextOnly,
    sequenceEnd,
    sequences: sequenceEnd === undefined ? 1 : draft.words.count(sequenceEnd) + 1,
  };
  const corpus = {
    addRun: (fill: (sink: NGramSink) => void) => writer.addRun(fill, (id) => id !== contextOnly),
    takesBlocks: !writer.hasRuns(),
  };
  countText(text, order, corpus, scratchPath, sizes, progress, addText);
  if (sequenceEnd === undefined) {
    const last = draft.tokens.read(Math.max(0, length - (order - 1)), length);
    writer.addSequenceEnd(last.map((word) => ids[word]));
  }
  writer.addDocument({ ...summary, ...place });
}

/** The words of a text by rising id: dense numbers that sort as the ids do. */
function rankById(ids: Uint32Array): { rankOf: Uint32Array; idOf: Uint32Array } {
  const { length } = ids;
  const sorted = new Float64Array(ids);
  const words = new Uint32Array(length);
  for (let word = 0; word < length; word++) words[word] = word;
  sortPairs(sorted, words);
  const rankOf = new Uint32Array(length);
  const idOf = new Uint32Array(length + 1);
  for (let rank = 0; rank < length; rank++) {
    rankOf[words[rank]] = rank;
    idOf[rank] = sorted[rank];
  }
  idOf[length] = noToken;
  return { rankOf, idOf };
}
