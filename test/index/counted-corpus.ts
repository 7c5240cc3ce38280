import type { CorpusSettings, Store, StoredCorpus } from '../../src/store/store.ts';
import { reservedTokens } from '../../src/text/reserved.ts';
import { runOfCounts } from '../store/texts.ts';

/** What a text would be counted as. */
export interface GivenCounts {
  /** The new words, which get the ids after the reserved ones, in this order. */
  words: readonly string[];
  tokens: number;
  /** N-grams with their counts. */
  ngrams: readonly (readonly [ngram: readonly number[], count: number])[];
  /** The last tokens of the text, where it is no text of lines. */
  end?: readonly number[];
}

/**
 * Creates a corpus in which n-grams have the counts given, as if a text with these counts had been uploaded: such as no
 * test could upload.
 */
export async function writeCounts(
  store: Store,
  name: string,
  settings: CorpusSettings,
  { words, tokens, ngrams, end }: GivenCounts,
): Promise<StoredCorpus> {
  const now = new Date().toISOString();
  const reserved = reservedTokens(settings.sequences).length;
  await store.create({ name, settings, now, maxCorpora: 100 }, async (change) => {
    const list = { size: words.length, token: (word: number) => words[word], count: () => 1 };
    const ids = Uint32Array.from(words, (_, i) => reserved + i);
    const added = [Uint32Array.from(words.keys())];
    await change.addWords({ words: { ...list, afterTexts: [words.length] }, ids, added });
    await change.addRun(runOfCounts(ngrams, { blockNGrams: 128, pieceNGrams: 128 }));
    if (end !== undefined) await change.noteSequenceEnds([Uint32Array.from(end)], 1);
    await change.addDocuments([{ id: '1', tokens, bytes: tokens, sha256: '00' }], now);
    return true;
  });
  return store.open(name);
}
