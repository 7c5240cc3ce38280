import type { CorpusSettings, Snapshot } from '../../src/store/store.ts';

/** Counts of n-grams by their tokens joined with spaces, one map an order. */
export type Counts = Map<string, number>[];

/** The sequences that n-grams do not cross, as tokens. */
export function sequencesOf(texts: readonly string[], sequences: CorpusSettings['sequences']): string[][] {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  if (sequences === 'document') return texts.map(words);
  return texts
    .flatMap((text) => text.split('\n'))
    .map(words)
    .filter((line) => line.length > 0)
    .map((line) => ['<s>', ...line, '</s>']);
}

/** Counts the n-grams of sequences of tokens by brute force. `<s>` alone is not counted. */
export function countByForce(sequences: readonly (readonly string[])[], order: number): Counts {
  return Array.from({ length: order }, (_, i) => {
    const counts = new Map<string, number>();
    for (const sequence of sequences) {
      for (let at = 0; at + i < sequence.length; at++) {
        const ngram = sequence.slice(at, at + i + 1).join(' ');
        if (ngram !== '<s>') counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
      }
    }
    return counts;
  });
}

/** How many n-grams there are of each count. */
export function countsOfCountsByForce(counts: Counts): Map<number, number>[] {
  return counts.map((ofOrder) => {
    const found = new Map<number, number>();
    for (const count of ofOrder.values()) found.set(count, (found.get(count) ?? 0) + 1);
    return found;
  });
}

/** All counts of a snapshot, as `countByForce` gives them. */
export async function countsIn(snapshot: Snapshot): Promise<Counts> {
  const all: Counts = [];
  for (let order = 1; order <= snapshot.settings.order; order++) {
    const counts = new Map<string, number>();
    for await (const batch of snapshot.ngrams(order)) {
      const tokens = await snapshot.tokens(batch.ids);
      for (let i = 0; i < batch.length; i++) {
        const ngram = tokens.slice(i * order, (i + 1) * order).join(' ');
        if (ngram !== '<s>') counts.set(ngram, batch.counts[i]);
      }
    }
    all.push(counts);
  }
  return all;
}

/** The counts of counts of a snapshot, as `countsOfCountsByForce` gives them. */
export async function countsOfCountsIn(snapshot: Snapshot): Promise<Map<number, number>[]> {
  const all: Map<number, number>[] = [];
  for (let order = 1; order <= snapshot.settings.order; order++) {
    const counts = await snapshot.countsOfCounts(order);
    all.push(new Map(counts.map(({ count, ngrams }) => [count, ngrams])));
  }
  return all;
}
