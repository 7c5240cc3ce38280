import { sortPairs } from '../../ngrams/sort-pairs.ts';
import type { DocumentSummary } from '../../store/corpus.ts';
import type { CorpusWriter, WordList } from '../../store/sqlite/corpus-writer.ts';
import { reservedId } from '../../text/reserved.ts';
import { tokenOf } from '../../text/token-table.ts';
import { pieceTokens } from '../counting/lay-out.ts';
import { noToken } from '../counting/sliced-text.ts';
import { type CountingSizes, TextCounter } from '../counting/text-counter.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { SpoolReader } from '../receiving/token-spool.ts';
import type { UploadProgress } from '../upload-progress.ts';

/** Where documents come to stand. */
export interface DocumentPlaces {
  /** Their ids; where undefined, the next free ones. */
  ids: readonly (string | undefined)[];
  version: number;
  createdAt: string;
}

/**
 * Makes the texts of a draft documents of the corpus: vocabulary, token stream, one run of counts for all, totals.
 * Called inside the writer's transaction. `scratchPath` is where the runs of texts longer than one block are kept
 * until they are merged; `progress` is told what is counted. Throws `cancelled` soon after the upload is.
 */
export function commitDraft(
  writer: CorpusWriter,
  draft: DraftContent,
  { ids: documentIds, version, createdAt }: DocumentPlaces,
  scratchPath: string,
  progress: UploadProgress,
  sizes?: CountingSizes,
): DocumentSummary[] {
  progress.beginCounting();
  const tokens = new SpoolReader(draft.tokens);
  try {
    count(writer, draft, tokens, scratchPath, progress, sizes);
  } finally {
    tokens.close();
  }
  return writer.addDocuments(
    draft.texts.map((text, i) => ({ ...text, id: documentIds[i] })),
    { version, createdAt },
  );
}

function count(
  writer: CorpusWriter,
  draft: DraftContent,
  tokens: SpoolReader,
  scratchPath: string,
  progress: UploadProgress,
  sizes?: CountingSizes,
): void {
  const { order, sequences, tokens: first } = writer.corpus();
  const identified = writer.identify(wordsOf(draft));
  const { ids } = identified;
  const contextOnly = reservedId(sequences, '<s>');
  const sequenceEnd = reservedId(sequences, '</s>');
  const ends = endsOf(draft);
  const text = {
    length: tokens.length,
    read: (start: number, end: number) => tokens.read(start, end),
    ...rankById(ids),
    sequenceStart: contextOnly,
    sequenceEnd,
    sequences: draft.sequences,
    ends,
  };
  // Threads that count have begun when words and tokens are stored.
  const counter = new TextCounter(text, { order, spillPath: scratchPath, sizes, progress });
  try {
    writer.addWords(identified);
    let at = 0;
    for (const end of ends) {
      while (at < end) {
        progress.checkpoint();
        const words = tokens.read(at, Math.min(at + pieceTokens, end));
        for (let i = 0; i < words.length; i++) words[i] = ids[words[i]];
        writer.tokenChunks.append(first + at, words);
        at += words.length;
      }
    }
    writer.addRun(counter);
  } finally {
    counter.dispose();
  }
  if (sequenceEnd !== undefined) return;
  writer.addSequenceEnds(
    ends.map((end, i) => {
      const start = Math.max(ends[i - 1] ?? 0, end - (order - 1));
      return tokens.read(start, end).map((word) => ids[word]);
    }),
  );
}

function wordsOf({ words, counts, texts }: DraftContent): WordList {
  return {
    size: words.size,
    token: (word) => tokenOf(words, word),
    count: (word) => counts[word] ?? 0,
    afterTexts: texts.map(({ words }) => words),
  };
}

/** Where each text of a draft ends among its tokens. */
function endsOf({ texts }: DraftContent): number[] {
  let end = 0;
  return texts.map(({ tokens }) => {
    end += tokens;
    return end;
  });
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
