import fc from 'fast-check';
import t from 'tap';
import { encodeNGrams } from '../../src/ngrams/block-batch.ts';
import { BlockStream } from '../../src/ngrams/block-stream.ts';
import { drain, type Entry, memoryStream } from '../store/memory-stream.ts';

const trigram = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9));
const entries = fc
  .uniqueArray(fc.tuple(trigram, fc.integer({ min: 1, max: 2000 })), {
    selector: ([ngram]) => ngram.join(),
    maxLength: 300,
  })
  .map((entries) => entries as Entry[]);

t.test('a stream that is encoded in blocks is decoded to itself', async (t) => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 4 }), (entries, blockNGrams) => {
      const batches = [...encodeNGrams(memoryStream(3, entries), blockNGrams)];
      t.same(drain(new BlockStream(3, batches)), drain(memoryStream(3, entries)));
      t.equal(
        batches.reduce((sum, { ngrams }) => sum + ngrams, 0),
        entries.length,
      );
      t.equal(
        batches.reduce((sum, { ends }) => sum + ends.length, 0),
        Math.ceil(entries.length / blockNGrams),
      );
    }),
  );
});

t.test('the counts of counts of encoded blocks are those of their n-grams', async (t) => {
  fc.assert(
    fc.property(entries, (entries) => {
      const found = new Map<number, number>();
      for (const { countsOfCounts } of encodeNGrams(memoryStream(3, entries), 2)) {
        for (const [count, ngrams] of countsOfCounts) found.set(count, (found.get(count) ?? 0) + ngrams);
      }
      const expected = new Map<number, number>();
      for (const [, count] of entries) expected.set(count, (expected.get(count) ?? 0) + 1);
      t.same(found, expected);
    }),
  );
});
