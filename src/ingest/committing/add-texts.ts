import type { CorpusChange, DocumentLabels, DocumentSummary, WordList } from '../../store/store.ts';
import { tokenOf } from '../../text/token-table.ts';
import { pieceTokens, type WordStream } from '../counting/lay-out.ts';
import { type CountingSizes, TextCounter } from '../counting/text-counter.ts';
import type { DraftContent } from '../receiving/draft.ts';
import { SpoolReader } from '../receiving/token-spool.ts';
import type { UploadProgress } from '../upload-progress.ts';
import { withoutNewWords } from './closed-vocabulary.ts';
import { draftedWords } from './word-streams.ts';

/** How the texts of a draft are added. */
export interface AddingOptions {
  /** What is said of all of them; a text can have labels of its own. */
  readonly labels?: DocumentLabels | undefined;
  readonly now: string;
  /** Where the counts of a long text are kept until they are merged. */
  readonly spillPath: string;
  readonly progress: UploadProgress;
  readonly sizes?: CountingSizes;
}

/**
 * Adds the texts of a draft to a corpus, a document each: vocabulary, token stream, and one run of counts for all.
 * Throws `cancelled` soon after the upload is.
 */
export async function addTexts(
  change: CorpusChange,
  draft: DraftContent,
  { labels, now, ...options }: AddingOptions,
): Promise<DocumentSummary[]> {
  options.progress.beginCounting();
  const tokens = new SpoolReader(draft.tokens);
  try {
    await addWordsAndCounts(change, draft, tokens, options);
  } finally {
    tokens.close();
  }
  return change.addDocuments(
    draft.texts.map(({ words: _, ...text }) => ({ ...labels, ...text })),
    now,
  );
}

async function addWordsAndCounts(
  change: CorpusChange,
  draft: DraftContent,
  tokens: SpoolReader,
  options: Omit<AddingOptions, 'labels' | 'now'>,
): Promise<void> {
  const { settings } = change;
  const { order, sequences } = settings;
  const found = await change.identify(wordsOf(draft));
  const identified = settings.vocabulary === undefined ? found : withoutNewWords(found, settings);
  const { ids } = identified;
  const text = draftedWords(draft, tokens, ids, settings);
  const counter = await TextCounter.begin(text, { ...options, order });
  try {
    // Meanwhile, threads count a long text.
    await change.addWords(identified);
    await change.appendTokens(pieces(tokens, text, ids));
    await change.addRun(counter);
  } finally {
    await counter.close();
  }
  if (sequences === 'document') await change.noteSequenceEnds(lastTokens(tokens, text, ids, order), 1);
}

function wordsOf({ words, counts, texts }: DraftContent): WordList {
  return {
    size: words.size,
    token: (word) => tokenOf(words, word),
    count: (word) => counts[word] ?? 0,
    afterTexts: texts.map(({ words }) => words),
  };
}

/** The tokens of all texts, each of which begins a piece. */
function* pieces(tokens: SpoolReader, { ends }: WordStream, ids: Uint32Array): Generator<Uint32Array, void> {
  let at = 0;
  for (const end of ends) {
    while (at < end) {
      const piece = tokens.read(at, Math.min(at + pieceTokens, end));
      for (let i = 0; i < piece.length; i++) piece[i] = ids[piece[i]];
      yield piece;
      at += piece.length;
    }
  }
}

/** The last `order - 1` tokens of each text. */
function* lastTokens(
  tokens: SpoolReader,
  { ends }: WordStream,
  ids: Uint32Array,
  order: number,
): Generator<Uint32Array, void> {
  for (const [i, end] of ends.entries()) {
    const start = Math.max(ends[i - 1] ?? 0, end - (order - 1));
    yield tokens.read(start, end).map((word) => ids[word]);
  }
}
