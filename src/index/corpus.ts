import type { CorpusRef, CorpusSettings, Snapshot, StoreAddress, StoredCorpus } from '../store/store.ts';
import type { ExtendedIndex, ExtendedTrie } from './additions/extended-index.ts';
import type { CountSource } from './count-source.ts';
import type { CountTrie } from './resident/count-trie.ts';
import type { ResidentIndex } from './resident/resident-index.ts';
import type { StoreCounts } from './store-source.ts';
import type { TokenPages } from './token-stream.ts';
import { SnapshotVocabulary, type Vocabulary } from './vocabulary.ts';

/** A corpus for a question, with its counts at one version. */
export interface Corpus {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly counts: CountSource;
  readonly vocabulary: Vocabulary;
  /** The counts, if they are in a trie in memory. */
  readonly trie: CountTrie | undefined;
  /** The counts, if they are in a trie in memory and in what is added to it. */
  readonly extended?: ExtendedTrie | undefined;
  /** Its token stream in memory, if the question came with it. */
  readonly tokens?: TokenPages | undefined;
  /** Reads the corpus: the snapshot from which the counts come or, if these are in memory, the newest one. */
  read<T>(question: (snapshot: Snapshot) => Promise<T>): Promise<T>;
}

/** A corpus for another thread, as plain data, with its counts if they are in memory. */
export interface CorpusAddress {
  readonly store: StoreAddress;
  readonly corpus: CorpusRef;
  readonly trie?: CountTrie | undefined;
  readonly extended?: ExtendedTrie | undefined;
  /** Its token stream in memory, for questions that read all of it. */
  readonly tokens?: TokenPages | undefined;
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
  return { ref, settings, counts: index, vocabulary, trie, extended, read };
}

/** A corpus in a snapshot; `index`, if there is one, has the same version. */
export async function corpusOf(
  snapshot: Snapshot,
  counts: StoreCounts,
  index?: MemoryIndex,
): Promise<Corpus> {
  const read: Corpus['read'] = (question) => question(snapshot);
  if (index !== undefined) return residentCorpus(snapshot, index, read);
  const { ref, settings } = snapshot;
  const vocabulary = new SnapshotVocabulary(snapshot);
  return { ref, settings, counts: await counts.at(snapshot), vocabulary, trie: undefined, read };
}

/** Reads the newest state of a corpus. */
export function readerOf(stored: StoredCorpus): Corpus['read'] {
  return (question) => stored.read(question);
}
