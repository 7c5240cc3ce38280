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
  mixtureCorpus,
  residentCorpus,
} from './corpus.ts';
import { CorpusText } from './corpus-text.ts';
import { RankingMemory } from './ranking.ts';
import type { CountTrie } from './resident/count-trie.ts';
import { ResidentIndex } from './resident/resident-index.ts';
import { StoreCounts } from './store-source.ts';
import { prepareTokenizer } from './tokenizer-json.ts';

/** The number of corpora whose counts a thread caches. */
const maxKnown = 8;

/** The minimum time between garbage collections because of a change of indexes, in milliseconds. */
const collectionInterval = 1000;

const rankings = new RankingMemory();
const counts = new LRUCache<string, StoreCounts>({ max: maxKnown, dispose: (counts) => counts.release() });
/** The indexes of the question that is asked, or was asked last, by the ids of their tries, additions and tables. */
let indexes = new Map<string, ResidentIndex>();
let extendedIndexes = new Map<string, ExtendedIndex>();
let tables = new Map<string, ArpaIndex>();
let collectedAt = Number.NEGATIVE_INFINITY;
/** Whether an index was dropped since garbage was collected. */
let hasDropped = false;

/**
 * Runs a question about a corpus in a worker thread: from its counts in memory alone if there are any, otherwise from a
 * snapshot of it.
 */
export function withCorpus<T>(
  address: CorpusAddress,
  question: (corpus: Corpus) => T | Promise<T>,
): Promise<T> {
  dropOthers([address]);
  return readWithCounts(address, question);
}

/** As `withCorpus`, of the models of corpora of any kind, which the question gets in the order of their addresses. */
export async function withCorpora<T>(
  addresses: readonly CorpusAddress[],
  question: (corpora: readonly AnyCorpus[]) => T | Promise<T>,
): Promise<T> {
  dropOthers(addresses);
  return readAll(addresses, question);
}

/** As `withCorpus`, of the model of a corpus of any kind. */
export function withAnyCorpus<T>(
  address: CorpusAddress,
  question: (corpus: AnyCorpus) => T | Promise<T>,
): Promise<T> {
  return withCorpora([address], ([corpus]) => question(corpus));
}

/** Runs a question on a snapshot of a corpus, with its counts in memory if they are of the same version. */
export function withSnapshot<T>(
  address: CorpusAddress,
  question: (corpus: Corpus) => T | Promise<T>,
): Promise<T> {
  dropOthers([address]);
  return readSnapshot(address, question);
}

/** Opens corpora one inside the other, so that all are read at one version each. */
async function readAll<T>(
  addresses: readonly CorpusAddress[],
  question: (corpora: readonly AnyCorpus[]) => T | Promise<T>,
): Promise<T> {
  const open = async (opened: readonly AnyCorpus[]): Promise<T> => {
    if (opened.length === addresses.length) return question(opened);
    return readAny(addresses[opened.length], (corpus) => open([...opened, corpus]));
  };
  return open([]);
}

async function readAny<T>(
  address: CorpusAddress,
  question: (corpus: AnyCorpus) => T | Promise<T>,
): Promise<T> {
  const { table, corpus, mixture } = address;
  if (mixture !== undefined) {
    const read: Corpus['read'] = (question) => readInThread(address, question);
    return readAll(mixture.parts, (parts) => question(mixtureCorpus(corpus, mixture, parts, read)));
  }
  if (table === undefined) return readWithCounts(address, question);
  return question(arpaCorpus(corpus, arpaIndex(table), (question) => readInThread(address, question)));
}

async function readWithCounts<T>(
  address: CorpusAddress,
  question: (corpus: Corpus) => T | Promise<T>,
): Promise<T> {
  const { trie = address.extended?.trie, extended } = address;
  if (trie === undefined) return readSnapshot(address, question);
  const corpus = { ref: address.corpus, settings: trie.settings };
  await prepareTokenizer(trie.settings, (question) => readInThread(address, question));
  const index = extended === undefined ? residentIndex(trie) : extendedIndex(extended);
  return question(residentCorpus(corpus, index, (question) => readInThread(address, question)));
}

async function readSnapshot<T>(
  address: CorpusAddress,
  question: (corpus: Corpus) => T | Promise<T>,
): Promise<T> {
  const stored = await open(address);
  return stored.read(async (snapshot) => {
    const { trie } = address;
    const isOfVersion = trie?.version === snapshot.version && trie.corpus === snapshot.ref.id;
    const index = isOfVersion ? residentIndex(trie) : undefined;
    await prepareTokenizer(snapshot.settings, (read) => read(snapshot));
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
  return (await open(address)).read(async (snapshot) => {
    await prepareTokenizer(snapshot.settings, (read) => read(snapshot));
    return question(snapshot);
  });
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
 * Drops the indexes that a question does not read, if it reads any. They are soon collected as garbage, or freed with
 * their thread, which ends when it has been idle for a while: the service may have evicted them, and counts their
 * memory as free.
 */
function dropOthers(asked: readonly CorpusAddress[]): void {
  const addresses = asked.flatMap((address) => address.mixture?.parts ?? [address]);
  const ofTries = new Set(addresses.flatMap(({ trie, extended }) => (trie ?? extended?.trie)?.id ?? []));
  const ofTables = new Set(addresses.flatMap(({ table }) => table?.id ?? []));
  if (ofTries.size + ofTables.size === 0) return;
  const before = indexes.size + tables.size;
  const ofAdditions = new Set(addresses.flatMap(({ extended }) => extended?.additions.id ?? []));
  extendedIndexes = keptOf(extendedIndexes, ofAdditions, (index) => index.release());
  indexes = keptOf(indexes, ofTries, (index) => index.release());
  tables = keptOf(tables, ofTables, () => {});
  hasDropped ||= indexes.size + tables.size < before;
  const now = performance.now();
  if (hasDropped && now - collectedAt >= collectionInterval) {
    collectGarbage();
    hasDropped = false;
    collectedAt = now;
  }
}

/** The indexes of these ids; the others are released. */
function keptOf<Index>(
  indexes: ReadonlyMap<string, Index>,
  ids: ReadonlySet<string>,
  release: (index: Index) => void,
): Map<string, Index> {
  const kept = new Map<string, Index>();
  for (const [id, index] of indexes) {
    if (ids.has(id)) kept.set(id, index);
    else release(index);
  }
  return kept;
}

/** The index of a trie, with its cached lists and sums if the question before read it too. */
function residentIndex(trie: CountTrie): ResidentIndex {
  return known(indexes, trie.id, () => new ResidentIndex(trie, rankings));
}

/** The index of a trie with additions. */
function extendedIndex({ trie, additions }: ExtendedTrie): ExtendedIndex {
  const create = () => new ExtendedIndex(residentIndex(trie), additions, rankings);
  return known(extendedIndexes, additions.id, create);
}

/** The index of a table. */
function arpaIndex(table: ArpaTable): ArpaIndex {
  return known(tables, table.id, () => new ArpaIndex(table));
}

function known<Index>(indexes: Map<string, Index>, id: string, create: () => Index): Index {
  const found = indexes.get(id);
  if (found !== undefined) return found;
  const index = create();
  indexes.set(id, index);
  return index;
}
