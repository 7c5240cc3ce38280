import { join } from 'node:path';
import type { Test } from 'tap';
import type { CorpusSettings, Store, StoreAddress, StoredCorpus } from '../../src/store/store.ts';
import { addDocument, createCorpus, type Sizes, takeBackDocument } from '../ingest/stored-corpus.ts';
import { openSqlite } from '../store/sqlite.ts';

/** A store in a folder of its own. */
export interface TestStore {
  readonly store: Store;
  readonly address: StoreAddress;
  /** Where its corpora are. */
  readonly folder: string;
}

/** An empty store. */
export async function emptyStore(t: Test): Promise<TestStore> {
  const { store, folder } = await openSqlite(t);
  return { store, address: store.address, folder: join(folder, 'corpora') };
}

/** Creates a corpus of the texts in a store, one document after the other. */
export function addCorpus(
  { store }: TestStore,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: Sizes = {},
): Promise<StoredCorpus> {
  return createCorpus(store, texts, settings, sizes);
}

/** Creates a corpus of the texts in a store of its own; those that are taken back were documents of it before. */
export async function storedCorpus(
  t: Test,
  texts: readonly string[],
  settings: CorpusSettings,
  sizes: Sizes = {},
  takenBack: readonly string[] = [],
): Promise<TestStore & { stored: StoredCorpus }> {
  const store = await emptyStore(t);
  const stored = await addCorpus(store, texts, settings, sizes);
  const ids: string[] = [];
  for (const text of takenBack) ids.push(await addDocument(stored, text, sizes));
  for (const id of ids) await takeBackDocument(stored, id, sizes);
  return { ...store, stored };
}
