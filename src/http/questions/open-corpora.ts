import { LRUCache } from 'lru-cache';
import type { Corpus } from '../../index/corpora.ts';
import { RankingMemory } from '../../index/ranking.ts';
import type { CountTrie } from '../../index/resident/count-trie.ts';
import { StoreIndex } from '../../index/store-index.ts';
import { residentCounts } from '../../model/model.ts';
import { CorpusReader } from '../../store/sqlite/corpus-reader.ts';

/** A corpus, for a thread: its file and, where its counts are in memory, their trie. */
export interface CorpusAddress {
  readonly name: string;
  readonly path: string;
  readonly trie?: CountTrie | undefined;
}

/** How many corpus files a thread keeps open for the next questions. */
const maxOpen = 8;

const rankings = new RankingMemory();

const open = new LRUCache<string, { reader: CorpusReader; index: StoreIndex }>({
  max: maxOpen,
  dispose: ({ reader, index }) => {
    index.release();
    reader.close();
  },
});

/**
 * Asks a corpus a question, in one snapshot of its file; `index` is that of the trie where there is one. Where
 * `isOneVersion`, it is not if the trie is of another version than the snapshot.
 */
export function withCorpus<T>(
  { name, path, trie }: CorpusAddress,
  isOneVersion: boolean,
  question: (corpus: Corpus) => T,
): T {
  const { reader, index } = opened(path);
  return reader.snapshot(() => {
    if (trie === undefined || (isOneVersion && trie.version !== reader.version)) {
      return question({ name, path, reader, index, tokens: reader });
    }
    const resident = residentCounts(trie).index;
    return question({ name, path, reader, index: resident, tokens: resident });
  });
}

/** A corpus file, open as it was or anew. Those that were deleted since are let go of, and so is their space. */
function opened(path: string) {
  for (const [known, { reader }] of open.entries()) if (!reader.isInPlace()) open.delete(known);
  const known = open.get(path);
  if (known !== undefined) return known;
  const reader = new CorpusReader(path);
  const opened = { reader, index: new StoreIndex(reader, rankings) };
  open.set(path, opened);
  return opened;
}
