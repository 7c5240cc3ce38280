import { compareNGrams, type NGramStream } from '../../src/ngrams/ngram-stream.ts';

export type Entry = [ngram: readonly number[], count: number];

/** A stream over n-grams that are given in any order. */
export function memoryStream(order: number, entries: readonly Entry[]): NGramStream {
  const sorted = [...entries].sort(([a], [b]) => compareNGrams(a, b, order));
  const stream = {
    order,
    ngram: new Uint32Array(order),
    count: 0,
    next() {
      const entry = sorted.shift();
      if (entry === undefined) return false;
      stream.ngram.set(entry[0]);
      stream.count = entry[1];
      return true;
    },
  };
  return stream;
}

/** All that a stream has left. */
export function drain(stream: NGramStream): Entry[] {
  const entries: Entry[] = [];
  while (stream.next()) entries.push([[...stream.ngram], stream.count]);
  return entries;
}
