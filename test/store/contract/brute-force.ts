import type { Test } from 'tap';
import { compareNGrams } from '../../../src/ngrams/ngram-stream.ts';
import type { ContinuationSums, Snapshot, StoredCorpus } from '../../../src/store/store.ts';
import { type Lines, sequencesOf, streamOf } from '../texts.ts';
import { allOf, countsIn } from './support.ts';

/**
 * Compares all counts with those of the texts that are there, counted by brute force; adjusted ones if the store has
 * them.
 */
export async function checkCounts(
  t: Test,
  corpus: StoredCorpus,
  texts: readonly Lines[],
  hasAdjustedCounts: boolean,
): Promise<void> {
  const { sequences, order } = corpus.settings;
  await corpus.read(async (snapshot) => {
    const stream = texts.flatMap((lines) => streamOf(lines, sequences));
    const identify = async (tokens: readonly string[]) => [...(await snapshot.tokenIds(tokens))];
    const parts = await Promise.all(texts.flatMap((lines) => sequencesOf(lines, sequences)).map(identify));
    const expected = countsOfRun(parts, order);
    const summary = await snapshot.summary();
    t.match(summary, { tokens: stream.length, documents: texts.length });
    const tokens = new Int32Array(stream.length);
    await snapshot.readTokens(0, tokens);
    t.same([...tokens], await identify(stream));
    const [sequenceStart] = await identify(['<s>']);
    for (const [i, counts] of expected.entries()) {
      t.same(await countsIn(snapshot, i + 1), counts, `order ${i + 1}`);
      const ofWords = counts.filter(([key]) => key !== String(sequenceStart));
      t.same(summary.ngrams[i], {
        order: i + 1,
        distinct: ofWords.length,
        total: ofWords.reduce((sum, [, count]) => sum + count, 0),
      });
      const countsOfCounts = new Map<number, number>();
      for (const [, count] of ofWords) countsOfCounts.set(count, (countsOfCounts.get(count) ?? 0) + 1);
      t.same(
        (await snapshot.countsOfCounts(i + 1)).map(({ count, ngrams }) => [count, ngrams]),
        [...countsOfCounts].sort(([a], [b]) => b - a),
      );
      await checkContexts(t, snapshot, parts, i);
      if (!hasAdjustedCounts) continue;
      if (i + 1 < order) await checkAdjusted(t, snapshot, parts, i + 1);
      else if (i > 0) await checkPreceded(t, snapshot, i + 1);
    }
  });
}

/** Compares what follows each context of `length` tokens. */
async function checkContexts(t: Test, snapshot: Snapshot, parts: readonly number[][], length: number) {
  const [sequenceStart] = await snapshot.tokenIds(['<s>']);
  const followers = new Map<string, Map<number, number>>();
  for (const ids of parts) {
    for (let at = length; at < ids.length; at++) {
      if (ids[at] === sequenceStart) continue;
      const key = ids.slice(at - length, at).join();
      const words = followers.get(key) ?? new Map<number, number>();
      words.set(ids[at], (words.get(ids[at]) ?? 0) + 1);
      followers.set(key, words);
    }
  }
  const contexts = [...followers.keys()].map((key) => (key === '' ? [] : key.split(',').map(Number)));
  const sums = length === 0 ? [] : contexts;
  const found = await snapshot.counts({ contexts, continuations: contexts, sums });
  for (const [i, words] of [...followers.values()].entries()) {
    const sorted = [...words].sort(([a], [b]) => a - b);
    t.equal(
      found.contexts[i],
      sorted.reduce((sum, [, count]) => sum + count, 0),
      `n(${contexts[i]} ·)`,
    );
    t.same(
      [...found.continuations[i].words],
      sorted.map(([word]) => word),
    );
    t.same(
      [...found.continuations[i].counts],
      sorted.map(([, count]) => count),
    );
    if (length > 0) t.same(found.sums[i], sumsOf(sorted.map(([, count]) => count)), `sums of ${contexts[i]}`);
  }
}

/** The sums over continuations with these counts. */
function sumsOf(counts: readonly number[]): ContinuationSums {
  return {
    total: counts.reduce((sum, count) => sum + count, 0),
    followers: counts.length,
    once: counts.filter((count) => count === 1).length,
    twice: counts.filter((count) => count === 2).length,
  };
}

/** Compares the adjusted counts of an order with the tokens that stand before each n-gram in the texts. */
async function checkAdjusted(t: Test, snapshot: Snapshot, parts: readonly number[][], order: number) {
  const [sequenceStart] = await snapshot.tokenIds(['<s>']);
  const before = new Map<string, { ngram: number[]; all: number; distinct: Set<number | undefined> }>();
  for (const ids of parts) {
    for (let at = 0; at + order <= ids.length; at++) {
      const ngram = ids.slice(at, at + order);
      const found = before.get(ngram.join()) ?? { ngram, all: 0, distinct: new Set() };
      found.all++;
      found.distinct.add(ids[at - 1]);
      before.set(ngram.join(), found);
    }
  }
  const adjusted = [...before.values()]
    .map(({ ngram, all, distinct }) => ({ ngram, count: ngram[0] === sequenceStart ? all : distinct.size }))
    .filter(({ ngram }) => ngram[order - 1] !== sequenceStart)
    .sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
  const contexts = [...new Set(adjusted.map(({ ngram }) => ngram.slice(0, -1).join()))];
  const ngrams = {
    order,
    length: adjusted.length,
    ids: Uint32Array.from(adjusted.flatMap(({ ngram }) => ngram)),
  };
  const continuations = contexts.map((key) => (key === '' ? [] : key.split(',').map(Number)));
  const sums = order === 1 ? [] : continuations;
  const found = (await snapshot.counts({ adjusted: { ngrams: [ngrams], continuations, sums } })).adjusted;
  t.same(
    [...(found?.ngrams[0] ?? [])],
    adjusted.map(({ count }) => count),
    `a(g) of order ${order}`,
  );
  const all = await allOf(snapshot.adjustedNGrams(order));
  t.same(
    all.filter(({ ngram }) => ngram[order - 1] !== sequenceStart),
    adjusted,
    `all of order ${order}`,
  );
  for (const [i, context] of contexts.entries()) {
    const expected = adjusted.filter(({ ngram }) => ngram.slice(0, -1).join() === context);
    const { words, counts } = found?.continuations[i] ?? { words: [], counts: [] };
    t.same(
      [...words],
      expected.map(({ ngram }) => ngram[order - 1]),
    );
    t.same(
      [...counts],
      expected.map(({ count }) => count),
    );
    if (order > 1) t.same(found?.sums[i], sumsOf(expected.map(({ count }) => count)), `sums of ${context}`);
  }
  const countsOfCounts = new Map<number, number>();
  for (const { count } of adjusted) countsOfCounts.set(count, (countsOfCounts.get(count) ?? 0) + 1);
  t.same(
    (await snapshot.countsOfCounts(order, true)).map(({ count, ngrams }) => [count, ngrams]),
    [...countsOfCounts].sort(([a], [b]) => b - a),
  );
}

/** Compares the n-grams of an order sorted by their ends with those that are sorted by their beginnings. */
async function checkPreceded(t: Test, snapshot: Snapshot, order: number) {
  const turned = ([first, ...following]: readonly number[]) => [...following, first];
  const expected = (await allOf(snapshot.ngrams(order)))
    .map(({ ngram }) => ngram)
    .sort((a, b) => compareNGrams(turned(a), turned(b), order));
  const found: number[][] = [];
  for await (const { length, ids } of snapshot.precededNGrams(order))
    for (let i = 0; i < length; i++) found.push([...ids.subarray(i * order, (i + 1) * order)]);
  t.same(found, expected, `order ${order} by its ends`);
}

/** The counts of all n-grams of sequences of ids, each by its ids joined with commas, sorted. */
function countsOfRun(parts: readonly number[][], order: number): [string, number][][] {
  return Array.from({ length: order }, (_, i) => {
    const counts = new Map<string, number>();
    for (const ids of parts) {
      for (let at = 0; at + i < ids.length; at++) {
        const key = ids.slice(at, at + i + 1).join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const idsOf = (key: string) => key.split(',').map(Number);
    return [...counts].sort(([a], [b]) => compareNGrams(idsOf(a), idsOf(b), i + 1));
  });
}
