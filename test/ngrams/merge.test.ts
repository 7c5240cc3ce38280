import fc from 'fast-check';
import t from 'tap';
import { mergeStreams } from '../../src/ngrams/merge.ts';
import { compareNGrams } from '../../src/ngrams/ngram-stream.ts';
import { drain, type Entry, memoryStream } from '../store/memory-stream.ts';

const bigram = fc.tuple(fc.nat(4), fc.nat(4));
const count = fc.integer({ min: -9, max: 9 }).filter((count) => count !== 0);
const run = fc.uniqueArray(fc.tuple(bigram, count), {
  selector: ([ngram]) => ngram.join(),
}) as fc.Arbitrary<Entry[]>;

t.test(
  'merged runs have the sums of the counts, sorted, each n-gram once, without n-grams whose sum is 0',
  async (t) => {
    fc.assert(
      fc.property(fc.array(run, { minLength: 2, maxLength: 6 }), (runs) => {
        const sums = new Map<string, number>();
        for (const [ngram, count] of runs.flat())
          sums.set(ngram.join(), (sums.get(ngram.join()) ?? 0) + count);
        const expected = [...sums]
          .filter(([, sum]) => sum !== 0)
          .map(([key, count]): Entry => [key.split(',').map(Number), count])
          .sort(([a], [b]) => compareNGrams(a, b, 2));
        const merged = drain(
          mergeStreams(
            2,
            runs.map((entries) => memoryStream(2, entries)),
          ),
        );
        t.same(merged, expected);
      }),
    );
  },
);
