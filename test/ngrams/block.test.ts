import fc from 'fast-check';
import t from 'tap';
import { BlockDecoder, BlockEncoder, blockNGrams } from '../../src/ngrams/block.ts';
import { BlockColumns } from '../../src/ngrams/block-columns.ts';
import { compareNGrams, ngramKey, readNGramKey } from '../../src/ngrams/ngram-stream.ts';

const counted = fc.integer({ min: 1, max: 6 }).chain((order) =>
  fc.record({
    order: fc.constant(order),
    entries: fc.uniqueArray(
      fc.tuple(
        fc.array(fc.oneof(fc.nat(3), fc.nat(300), fc.nat(2 ** 32 - 2)), {
          minLength: order,
          maxLength: order,
        }),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 52 })),
      ),
      { minLength: 1, maxLength: 200, selector: ([ngram]) => ngram.join() },
    ),
  }),
);

t.test('a block decodes to the n-grams that were encoded, for all ids and counts', async () => {
  fc.assert(
    fc.property(counted, ({ order, entries }) => {
      const sorted = entries
        .map(([ngram, count]) => ({ ngram: Uint32Array.from(ngram), count }))
        .sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
      const encoder = new BlockEncoder(order, sorted.length);
      for (const { ngram, count } of sorted) encoder.add(ngram, count);
      const peak = Math.max(...sorted.map(({ count }) => count));
      if (encoder.size !== sorted.length || encoder.peak !== peak) return false;

      const decoder = new BlockDecoder(order);
      decoder.open(sorted[0].ngram, encoder.take());
      for (const { ngram, count } of sorted) {
        if (!decoder.next() || decoder.count !== count) return false;
        if (compareNGrams(decoder.ngram, ngram, order) !== 0) return false;
      }
      return !decoder.next();
    }),
  );
});

t.test('blocks are decoded into columns as they are one n-gram after the other', async () => {
  fc.assert(
    fc.property(
      counted,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(1, -1),
      (block, blockNGrams, sign) => {
        const { order, entries } = block;
        const sorted = entries
          .map(([ngram, count]) => ({ ngram: Uint32Array.from(ngram), count }))
          .sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
        const columns = new BlockColumns(order, sign as 1 | -1, 1);
        const encoder = new BlockEncoder(order, blockNGrams);
        for (let at = 0; at < sorted.length; at += blockNGrams) {
          for (const { ngram, count } of sorted.slice(at, at + blockNGrams)) encoder.add(ngram, count);
          columns.add(ngramKey(sorted[at].ngram), encoder.take());
        }
        const { length, ids, counts } = columns.take();
        return (
          columns.length === 0 &&
          length === sorted.length &&
          counts.length === length &&
          ids.length === length * order &&
          sorted.every(
            ({ ngram, count }, i) =>
              counts[i] === sign * count && compareNGrams(ids.subarray(i * order), ngram, order) === 0,
          )
        );
      },
    ),
  );
});

t.test('an encoder is empty after its block was taken', async (t) => {
  const encoder = new BlockEncoder(2, 2);
  encoder.add(Uint32Array.of(7, 8), 300);
  const first = Buffer.from(encoder.take());
  t.equal(encoder.size, 0);
  t.equal(encoder.peak, 0);
  encoder.add(Uint32Array.of(7, 8), 300);
  t.same(encoder.take(), first);
});

t.test('two n-grams with small counts and the next ids take three bytes', async (t) => {
  const encoder = new BlockEncoder(3, 3);
  encoder.add(Uint32Array.of(1, 2, 3), 1);
  t.equal(encoder.take().length, 1);
  for (const id of [3, 4, 5]) encoder.add(Uint32Array.of(1, 2, id), 2);
  t.same([...encoder.take()], [0x53, 0, 0x05, 0]);
});

t.test('a block is full as soon as it takes 650 bytes with its key', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5000 }), (order, step) => {
      const encoder = new BlockEncoder(order, blockNGrams);
      const ngram = new Uint32Array(order).fill(7);
      for (; !encoder.isFull; ngram[order - 1] += step) encoder.add(ngram, 1);
      const size = encoder.size;
      const bytes = encoder.take().length + 4 * order;
      return size === blockNGrams || (bytes >= 650 && bytes < 660);
    }),
  );
});

t.test('keys sort as their n-grams do, and can be read back', async () => {
  const ngram = fc.array(fc.nat(2 ** 32 - 2), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(ngram, ngram, (a, b) => {
      const read = new Uint32Array(3);
      readNGramKey(ngramKey(a), read);
      return (
        Math.sign(ngramKey(a).compare(ngramKey(b))) === Math.sign(compareNGrams(a, b, 3)) &&
        compareNGrams(read, a, 3) === 0
      );
    }),
  );
});
