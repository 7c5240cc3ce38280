import { LRUCache } from 'lru-cache';
import { collectGarbage } from '../platform/garbage.ts';
import { type Snapshot, type StoredCorpus, storeInThread } from '../store/store.ts';
import { ExtendedIndex, type ExtendedTrie } from './additions/extended-index.ts';
import { ArpaIndex } from './arpa/arpa-index.ts';
import type { ArpaTable } from './arpa/arpa-table.ts';
import {
  type AnyCorpus,
  arpaCorpus,
  type Corpus,
  type CorpusAddress,
  corpusOf,
  residentCorpus,
} from './corpus.ts';
import { CorpusText } from './corpus-text.ts';
import { RankingMemory } from './ranking.ts';
import type { CountTrie } from './resident/count-trie.ts';
import { ResidentIndex } from './resident/resident-index.ts';
import { StoreCounts } from './store-source.ts';

/** The number of corpora whose counts a thread caches. */
const maxKnown = 8;

/** The minimum time between garbage collections because of a change of indexes, in milliseconds. */
const collectionInterval = 1000;

const rankings = new RankingMemory();
const counts = new LRUCache<string, StoreCounts>({ max: maxKnown, dispose: (counts) => counts.release() });
let last: ResidentIndex | undefined;
let lastExtended: ExtendedIndex | undefined;
let lastTable: ArpaIndex | undefined;
let collectedAt = Number.NEGATIVE_INFINITY;
/** Whether an index was dropped since garbage was collected. */
let hasDropped = false;

/** As `withCorpus`, of the model of a corpus of any kind. */
export async function withAnyCorpus<T>(
  address: CorpusAddress,
  question: (corpus: AnyCorpus) => T | Promise<T>,
): Promise<T> {
  const { table, corpus } = address;
  if (table === undefined) return withCorpus(address, question);
  const index = arpaIndex(table);
  return question(arpaCorpus(corpus, index, (question) => readInThread(address, question)));
}

/**
 * Runs a question about a corpus in a worker thread: from its counts in memory alone if there are any, otherwise from a
 * snapshot of it.
 */
export async function withCorpus<T>(
  address: CorpusAddress,
  question: (corpus: Corpus) => T | Promise<T>,
): Promise<T> {
  const { trie = address.extended?.trie, extended } = address;
  if (trie === undefined) return withSnapshot(address, question);
  const corpus = { ref: address.corpus, settings: trie.settings };
  const index = extended === undefined ? residentIndex(trie) : extendedIndex(extended);
  return question(residentCorpus(corpus, index, (question) => readInThread(address, question)));
}

/** Runs a question on a snapshot of a corpus, with its counts in memory if they are of the same version. */
export async function withSnapshot<T>(
  address: CorpusAddress,
  question: (corpus: Corpus) => T | Promise<T>,
): Promise<T> {
  const stored = await open(address);
  return stored.read(async (snapshot) => {
    const { trie } = address;
    const isOfVersion = trie?.version === snapshot.version && trie.corpus === snapshot.ref.id;
    const index = isOfVersion ? residentIndex(trie) : undefined;
    const corpus = await corpusOf(snapshot, countsOf(snapshot.ref.id), index);
    return question({ ...corpus, tokens: address.tokens });
  });
}

/** Reads the text of a corpus in a worker thread. */
export function readTextInThread<T>(
  address: CorpusAddress,
  question: (text: CorpusText) => Promise<T>,
): Promise<T> {
  return readInThread(address, async (snapshot) => question(await CorpusText.of(snapshot, address.tokens)));
}

/** Reads a corpus in a worker thread. */
export async function readInThread<T>(
  address: CorpusAddress,
  question: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  return (await open(address)).read(question);
}

async function open({ store, corpus }: CorpusAddress): Promise<StoredCorpus> {
  return (await storeInThread(store)).open(corpus.name);
}

function countsOf(id: string): StoreCounts {
  const known = counts.get(id);
  if (known !== undefined) return known;
  const created = new StoreCounts(rankings);
  counts.set(id, created);
  return created;
}

/**
 * The index of a trie: the last one, with its cached lists and sums, if it is of the same trie. A dropped index is soon
 * collected as garbage, or freed with its thread, which ends when it has been idle for a while: the service may have
 * evicted the index, and counts its memory as free.
 */
export function residentIndex(trie: CountTrie): ResidentIndex {
  if (last?.trie.id !== trie.id) {
    lastExtended?.release();
    lastExtended = undefined;
    last?.release();
    hasDropped ||= last !== undefined;
    last = new ResidentIndex(trie, rankings);
  }
  const now = performance.now();
  if (hasDropped && now - collectedAt >= collectionInterval) {
    collectGarbage();
    hasDropped = false;
    collectedAt = now;
  }
  return last;
}

/** The index of a table: the last one, if it is of the same table. */
function arpaIndex(table: ArpaTable): ArpaIndex {
  if (lastTable?.table.id !== table.id) lastTable = new ArpaIndex(table);
  return lastTable;
}

/** The index of a trie with additions: the last one, if it is of the same. */
function extendedIndex({ trie, additions }: ExtendedTrie): ExtendedIndex {
  const base = residentIndex(trie);
  if (lastExtended?.additions.id !== additions.id) {
    lastExtended?.release();
    lastExtended = new ExtendedIndex(base, additions, rankings);
  }
  return lastExtended;
}
