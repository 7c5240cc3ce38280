import { join } from 'node:path';
import { commitDraft } from '../../src/ingest/committing/add-texts.ts';
import { takeBack } from '../../src/ingest/committing/take-back.ts';
import type { CountingSizes } from '../../src/ingest/counting/text-counter.ts';
import { Draft } from '../../src/ingest/receiving/draft.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import type { CorpusSettings, DocumentSummary } from '../../src/store/corpus.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { createCorpusFile, openCorpusFile, sealCorpusFile } from '../../src/store/sqlite/database.ts';

let files = 0;

export interface BlockSizes extends Partial<CountingSizes> {
  chunkBytes?: number;
  compacted?: boolean;
  /** Whether the texts come with one upload. */
  together?: boolean;
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

/**
 * Makes a corpus of the texts, one document after the other or all in one upload; returns the path of its file.
 */
export function createCorpus(
  folder: string,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: BlockSizes,
): string {
  const path = join(folder, `${files++}.sqlite`);
  const connection = createCorpusFile(path);
  new CorpusWriter(connection).create(settings, new Date(0).toISOString());
  sealCorpusFile(connection);
  connection.close();
  if (sizes.together === true) addDocuments(path, texts, sizes);
  else for (const text of texts) addDocument(path, text, sizes);
  return path;
}

/** Adds a document, under the next free id; returns the id. */
export function addDocument(path: string, text: string, sizes: BlockSizes): string {
  return addDocuments(path, [text], sizes)[0].id;
}

/** Adds documents by one upload, under the next free ids. */
export function addDocuments(path: string, texts: readonly string[], sizes: BlockSizes): DocumentSummary[] {
  const { chunkBytes = 1000 } = sizes;
  return change(path, sizes, (writer, scratchPath, counting) => {
    const draft = new Draft(writer.corpus(), `${path}.draft`);
    for (const text of texts) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += chunkBytes) draft.write(bytes.subarray(at, at + chunkBytes));
      draft.finish();
    }
    const version = writer.corpus().version + 1;
    const places = { ids: [], version, createdAt: new Date(version).toISOString() };
    return commitDraft(writer, draft.take(), places, scratchPath, new UploadProgress(), counting);
  });
}

/** Takes a document back. */
export function takeBackDocument(path: string, id: string, sizes: BlockSizes): void {
  change(path, sizes, (writer, scratchPath, counting) =>
    takeBack(writer, id, new Date(0).toISOString(), scratchPath, counting),
  );
}

function change<T>(
  path: string,
  {
    blockTokens = 1000,
    slicePositions = 100,
    manyTokens = 1e6,
    blockNGrams = 128,
    compacted = false,
  }: BlockSizes,
  make: (writer: CorpusWriter, scratchPath: string, counting: CountingSizes) => T,
): T {
  const writer = new CorpusWriter(openCorpusFile(path), blockNGrams);
  const counting = { blockTokens, slicePositions, manyTokens, blockNGrams };
  const made = writer.transaction(() => make(writer, `${path}.scratch`, counting));
  if (compacted) writer.transaction(() => writer.compact());
  writer.close();
  return made;
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
