import { join } from 'node:path';
import { BlockBatch } from '../../src/ngrams/block-batch.ts';
import { compareNGrams } from '../../src/ngrams/ngram-stream.ts';
import type { CorpusSettings } from '../../src/store/corpus.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { createCorpusFile, sealCorpusFile } from '../../src/store/sqlite/database.ts';
import { reservedTokens } from '../../src/text/reserved.ts';

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
 * Makes the file of a corpus in which n-grams have the counts given, as if a text with these counts had been uploaded:
 * such as no test could upload. Returns its path.
 */
export function writeCounts(
  folder: string,
  name: string,
  settings: CorpusSettings,
  { words, tokens, ngrams, end }: GivenCounts,
): string {
  const path = join(folder, `${name}.sqlite`);
  const connection = createCorpusFile(path);
  const writer = new CorpusWriter(connection);
  const createdAt = new Date().toISOString();
  const reserved = reservedTokens(settings.sequences).length;
  writer.transaction(() => {
    writer.create(settings, createdAt);
    const list = { size: words.length, token: (word: number) => words[word], count: () => 1 };
    const ids = Uint32Array.from(words, (_, i) => reserved + i);
    const added = [Uint32Array.from(words.keys())];
    writer.addWords({ words: { ...list, afterTexts: [words.length] }, ids, added });
    const batches = Array.from({ length: settings.order }, (_, i) => new BlockBatch(i + 1, 128));
    const sorted = ngrams
      .map(([ngram, count]) => ({ ngram: Uint32Array.from(ngram), count }))
      .sort((a, b) => compareNGrams(a.ngram, b.ngram, Math.min(a.ngram.length, b.ngram.length)));
    for (const { ngram, count } of sorted) batches[ngram.length - 1].add(ngram, count);
    writer.addRun(batches.map((batch) => batch.take()));
    if (end !== undefined) writer.addSequenceEnds([Uint32Array.from(end)]);
    writer.addDocuments([{ id: '1', tokens, bytes: tokens, sha256: '00' }], { version: 2, createdAt });
  });
  sealCorpusFile(connection);
  writer.close();
  return path;
}
