import { join } from 'node:path';
import { type CountingSizes, commitDraft } from '../../src/ingest/commit.ts';
import { Draft } from '../../src/ingest/draft.ts';
import type { CorpusSettings } from '../../src/store/corpus.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { createCorpusFile, openCorpusFile, sealCorpusFile } from '../../src/store/sqlite/database.ts';

let files = 0;

interface BlockSizes extends Partial<CountingSizes> {
  blockNGrams?: number;
  chunkBytes?: number;
  compacted?: boolean;
}

/** Makes a corpus of the texts, one document after the other, and opens it. */
export function ingest(
  folder: string,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: BlockSizes,
): CorpusReader {
  return new CorpusReader(createCorpus(folder, texts, settings, sizes));
}

/** Makes a corpus of the texts, one document after the other; returns the path of its file. */
export function createCorpus(
  folder: string,
  texts: readonly string[],
  settings: CorpusSettings,
  {
    blockTokens = 1000,
    slicePositions = 100,
    manyTokens = 1e6,
    blockNGrams = 128,
    chunkBytes = 1000,
    compacted = false,
  }: BlockSizes,
): string {
  const path = join(folder, `${files++}.sqlite`);
  const connection = createCorpusFile(path);
  new CorpusWriter(connection).create(settings, new Date(0).toISOString());
  sealCorpusFile(connection);
  connection.close();
  for (const [i, text] of texts.entries()) {
    const writer = new CorpusWriter(openCorpusFile(path), blockNGrams);
    const draft = new Draft(settings, join(folder, 'draft'));
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunkBytes) draft.write(bytes.subarray(at, at + chunkBytes));
    const place = { id: String(i + 1), version: i + 2, createdAt: new Date(i).toISOString() };
    const summary = draft.finish();
    writer.transaction(() =>
      commitDraft(writer, draft, summary, place, join(folder, 'scratch'), {
        blockTokens,
        slicePositions,
        manyTokens,
      }),
    );
    if (compacted) writer.transaction(() => writer.compact());
    draft.dispose();
    writer.close();
  }
  return path;
}

/** The sequences that n-grams do not cross, as tokens. */
export function sequencesOf(texts: readonly string[], sequences: CorpusSettings['sequences']): string[][] {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  if (sequences === 'document') return texts.map(words);
  return texts
    .flatMap((text) => text.split('\n'))
    .map(words)
    .filter((line) => line.length > 0)
    .map((line) => ['<s>', ...line, '</s>']);
}
