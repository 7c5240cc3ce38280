import { join } from 'node:path';
import type { Test } from 'tap';
import { ScratchFolder } from '../../src/platform/scratch-folder.ts';
import { type CorpusSettings, openStore, type Store, type StoreOptions } from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addTexts, type Lines } from './texts.ts';

/** A store of SQLite, to be closed when the test ends, and what is behind it. */
export interface SqliteUnderTest {
  store: Store;
  folder: string;
  scratch: ScratchFolder;
  /** Where the file of a corpus is. */
  path(name: string): string;
}

/** Opens a store on a data folder, by default one of its own. */
export async function openSqlite(
  t: Test,
  folder: string = temporaryFolder(t),
  options: StoreOptions = {},
): Promise<SqliteUnderTest> {
  const scratch = new ScratchFolder(folder);
  const store = await openStore({ engine: 'sqlite', folder, scratch: scratch.prefix }, options);
  t.teardown(async () => {
    await store.close();
    await scratch.close();
  });
  return { store, folder, scratch, path: (name) => join(folder, 'corpora', `${name}.sqlite`) };
}

export const settings: CorpusSettings = { tokenizer: 'whitespace', order: 2, sequences: 'document' };

/** Creates a corpus of texts. */
export async function createOf(store: Store, name: string, texts: readonly Lines[] = [[['a', 'b']]]) {
  const corpus = { name, settings, now: new Date().toISOString(), maxCorpora: 100_000 };
  return store.create(corpus, (change) => addTexts(change, texts));
}
