import { asyncOutcomeOf, type Outcome } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import { type CorpusRef, type StoreAddress, storeInThread } from '../../store/store.ts';
import type { Additions } from '../additions/additions.ts';
import { countAdditions } from '../additions/count-additions.ts';
import type { ArpaTable } from '../arpa/arpa-table.ts';
import { readTable } from '../arpa/stored-table.ts';
import { buildTrie } from './build-trie.ts';
import type { CountTrie } from './count-trie.ts';

/** The corpus to build a trie for, and the maximum size of its index in bytes. */
export interface BuildTask {
  readonly store: StoreAddress;
  readonly corpus: CorpusRef;
  readonly maxBytes?: number;
}

/**
 * Compiles the counts of a corpus, as `buildTrie` does; of another one where that has got its name. Runs in a worker
 * thread.
 */
export default function build({ store, corpus, maxBytes }: BuildTask): Promise<Outcome<CountTrie>> {
  // The trie that was built before has been handed over.
  collectGarbage();
  return asyncOutcomeOf(async () => {
    const stored = await (await storeInThread(store)).open(corpus.name);
    return stored.read((snapshot) => buildTrie(snapshot, maxBytes));
  });
}

/** Reads what the ARPA file of a corpus lists, as `readTable` does; of another one where that has got its name. */
export function load({ store, corpus }: BuildTask): Promise<Outcome<ArpaTable>> {
  collectGarbage();
  return asyncOutcomeOf(async () => {
    const stored = await (await storeInThread(store)).open(corpus.name);
    return stored.read(readTable);
  });
}

/** The trie to extend, and its corpus. */
export interface ExtendTask {
  readonly store: StoreAddress;
  readonly corpus: CorpusRef;
  readonly trie: CountTrie;
}

/**
 * Counts what a corpus has in addition to a trie, as `countAdditions` does; undefined if another corpus has got its
 * name. Runs in a worker thread.
 */
export function extend({ store, corpus, trie }: ExtendTask): Promise<Outcome<Additions | undefined>> {
  return asyncOutcomeOf(async () => {
    const stored = await (await storeInThread(store)).open(corpus.name);
    if (stored.ref.id !== corpus.id) return undefined;
    stored.expectChange();
    return stored.read((snapshot) => countAdditions(snapshot, trie));
  });
}
