import type { CorpusRef, CorpusSettings, Snapshot, StoreAddress, StoredCorpus } from '../store/store.ts';
import type { ExtendedIndex, ExtendedTrie } from './additions/extended-index.ts';
import type { ArpaIndex } from './arpa/arpa-index.ts';
import type { ArpaTable } from './arpa/arpa-table.ts';
import type { CountSource } from './count-source.ts';
import { MixtureVocabulary } from './mixture/mixture-vocabulary.ts';
import type { CountTrie } from './resident/count-trie.ts';
import type { ResidentIndex } from './resident/resident-index.ts';
import type { StoreCounts } from './store-source.ts';
import type { TokenPages } from './token-stream.ts';
import { SnapshotVocabulary, type Vocabulary } from './vocabulary.ts';

/** What corpora of every kind have for a question, at one version. */
interface CorpusOfAnyKind {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly vocabulary: Vocabulary;
  /** Reads the corpus: the snapshot from which the rest comes or, if this is in memory, the newest one. */
  read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T>;
}

/** A corpus of texts for a question, with its counts at one version. */
export interface Corpus extends CorpusOfAnyKind {
  readonly counts: CountSource;
  /** The counts, if they are in a trie in memory. */
  readonly trie: CountTrie | undefined;
  /** The counts, if they are in a trie in memory and in what is added to it. */
  readonly extended?: ExtendedTrie | undefined;
  /** Its token stream in memory, if the question came with it. */
  readonly tokens?: TokenPages | undefined;
}

/** A corpus that was read from an ARPA file, for a question. */
export interface ArpaCorpus extends CorpusOfAnyKind {
  readonly index: ArpaIndex;
}

/** A mixture of other corpora, for a question. */
export interface MixtureCorpus extends CorpusOfAnyKind {
  readonly vocabulary: MixtureVocabulary;
  /** In the order of the settings. */
  readonly parts: readonly AnyCorpus[];
}

/** A corpus of any kind for a question of its model. */
export type AnyCorpus = Corpus | ArpaCorpus | MixtureCorpus;

/** A corpus for another thread, as plain data, with its counts if they are in memory. */
export interface CorpusAddress {
  readonly store: StoreAddress;
  readonly corpus: CorpusRef;
  readonly trie?: CountTrie | undefined;
  readonly extended?: ExtendedTrie | undefined;
  /** What it was read from, if that is an ARPA file. */
  readonly table?: ArpaTable | undefined;
  /** The corpora that it mixes, if it is a mixture. */
  readonly mixture?: MixtureAddress | undefined;
  /** Its token stream in memory, for questions that read all of it. */
  readonly tokens?: TokenPages | undefined;
}

/** A mixture for another thread. */
export interface MixtureAddress {
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly parts: readonly CorpusAddress[];
}

/** An index in memory. */
export type MemoryIndex = ResidentIndex | ExtendedIndex;

/** A corpus whose counts are in memory. */
export function residentCorpus(
  { ref, settings }: Pick<Corpus, 'ref' | 'settings'>,
  index: MemoryIndex,
  read: Corpus['read'],
): Corpus {
  const { vocabulary, trie, extended } = index;
  const { version } = index.totals;
  return { ref, settings, version, counts: index, vocabulary, trie, extended, read };
}

/** A corpus that was read from an ARPA file. */
export function arpaCorpus(ref: CorpusRef, index: ArpaIndex, read: Corpus['read']): ArpaCorpus {
  const { version, vocabulary, table } = index;
  return { ref, settings: table.settings, version, vocabulary, index, read };
}

/** A mixture of corpora that have been opened. */
export function mixtureCorpus(
  ref: CorpusRef,
  { settings, version }: Pick<MixtureAddress, 'settings' | 'version'>,
  parts: readonly AnyCorpus[],
  read: Corpus['read'],
): MixtureCorpus {
  const vocabularies = parts.map(({ vocabulary }) => vocabulary);
  const vocabulary = new MixtureVocabulary(vocabularies, settings);
  return { ref, settings, version, vocabulary, parts, read };
}

/** The address of a corpus, with what is in memory of it. */
export function addressOf(store: StoreAddress, corpus: AnyCorpus): CorpusAddress {
  const { ref, settings, version } = corpus;
  if ('index' in corpus) return { store, corpus: ref, table: corpus.index.table };
  if ('parts' in corpus) {
    const parts = corpus.parts.map((part) => addressOf(store, part));
    return { store, corpus: ref, mixture: { settings, version, parts } };
  }
  return { store, corpus: ref, trie: corpus.trie, extended: corpus.extended };
}

/** Whether all that questions of its model read is in memory, so that it remains as it is. */
export function isInMemory({ trie, extended, table, mixture }: CorpusAddress): boolean {
  return mixture === undefined ? (trie ?? extended ?? table) !== undefined : mixture.parts.every(isInMemory);
}

/** A corpus at a version and, if it is a mixture, its parts at theirs. */
export interface CorpusVersion {
  readonly corpus: CorpusRef;
  readonly version: number;
  readonly parts?: readonly CorpusVersion[];
}

export function versionOf(corpus: AnyCorpus): CorpusVersion {
  const { ref, version } = corpus;
  if ('parts' in corpus) return { corpus: ref, version, parts: corpus.parts.map(versionOf) };
  return { corpus: ref, version };
}

/** A corpus in a snapshot; `index`, if there is one, has the same version. */
export async function corpusOf(
  snapshot: Snapshot,
  counts: StoreCounts,
  index?: MemoryIndex,
): Promise<Corpus> {
  const read: Corpus['read'] = (question) => question(snapshot);
  if (index !== undefined) return residentCorpus(snapshot, index, read);
  const { ref, settings, version } = snapshot;
  const vocabulary = new SnapshotVocabulary(snapshot);
  return { ref, settings, version, counts: await counts.at(snapshot), vocabulary, trie: undefined, read };
}

/** Reads the newest state of a corpus. */
export function readerOf(stored: StoredCorpus): Corpus['read'] {
  return (question) => stored.read(question);
}
