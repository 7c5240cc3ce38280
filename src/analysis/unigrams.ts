import type { Snapshot } from '../store/store.ts';

/** n(w) of every token of a corpus, by id. */
export async function unigramCounts(snapshot: Snapshot): Promise<Float64Array> {
  const { tokenIds } = await snapshot.summary();
  const unigrams = new Float64Array(tokenIds);
  for await (const { length, ids, counts } of snapshot.ngrams(1)) {
    for (let i = 0; i < length; i++) unigrams[ids[i]] = counts[i];
  }
  return unigrams;
}
