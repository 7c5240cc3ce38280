import { LRUCache } from 'lru-cache';
import type { Snapshot } from '../store/store.ts';

/** The counts that this thread has read last, by corpus and version: at most 32 MB of them. */
const known = new LRUCache<string, Float64Array>({
  maxSize: 2 ** 22,
  sizeCalculation: ({ length }) => length + 1,
});

/** n(w) of every token of a corpus, by id; not to be changed. */
export async function unigramCounts(snapshot: Snapshot): Promise<Float64Array> {
  const key = `${snapshot.ref.id} ${snapshot.version}`;
  const counts = known.get(key) ?? (await readUnigrams(snapshot));
  known.set(key, counts);
  return counts;
}

async function readUnigrams(snapshot: Snapshot): Promise<Float64Array> {
  const { tokenIds } = await snapshot.summary();
  const unigrams = new Float64Array(tokenIds);
  for await (const { length, ids, counts } of snapshot.ngrams(1)) {
    for (let i = 0; i < length; i++) unigrams[ids[i]] = counts[i];
  }
  return unigrams;
}
