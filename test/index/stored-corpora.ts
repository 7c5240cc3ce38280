import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Test } from 'tap';
import { SqliteCorpus } from '../../src/store/sqlite/sqlite-corpus.ts';
import {
  type CorpusSettings,
  type Store,
  type StoreAddress,
  type StoredCorpus,
  storeInThread,
} from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addDocument, type BlockSizes, createCorpus, takeBackDocument } from '../ingest/build-corpus.ts';

/** A store in a folder of its own. */
export interface TestStore {
  readonly store: Store;
  readonly address: StoreAddress;
  /** Where its corpora are. */
  readonly folder: string;
}

/** An empty store. */
export async function emptyStore(t: Test): Promise<TestStore> {
  const folder = temporaryFolder(t);
  const corpora = join(folder, 'corpora');
  mkdirSync(corpora);
  const address: StoreAddress = { engine: 'sqlite', folder, scratch: join(folder, 'tmp', 'test') };
  return { store: await storeInThread(address), address, folder: corpora };
}

/** Makes a corpus of the texts in a store, one document after the other, and opens it. */
export function addCorpus(
  { store, folder }: TestStore,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: BlockSizes = {},
): Promise<StoredCorpus> {
  return store.open(nameOf(createCorpus(folder, texts, settings, sizes)));
}

/** Makes a corpus of the texts in a store of its own; those that are taken back were documents of it before. */
export async function storedCorpus(
  t: Test,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: BlockSizes = {},
  takenBack: readonly string[] = [],
): Promise<TestStore & { stored: StoredCorpus; path: string }> {
  const store = await emptyStore(t);
  const path = createCorpus(store.folder, texts, settings, sizes);
  for (const id of takenBack.map((text) => addDocument(path, text, sizes))) takeBackDocument(path, id, sizes);
  return { ...store, stored: await store.store.open(nameOf(path)), path };
}

/** The name of the corpus in a file. */
export function nameOf(path: string): string {
  return basename(path, '.sqlite');
}

/** Opens the corpus in a file, wherever it is, until the test ends. */
export function corpusIn(t: Test, path: string): StoredCorpus {
  const corpus = new SqliteCorpus(path, nameOf(path));
  t.teardown(() => corpus.close());
  return corpus;
}
