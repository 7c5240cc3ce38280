import fc from 'fast-check';
import t from 'tap';
import { SliceCounter } from '../../src/ingest/counting/slice-counter.ts';
import { encodeSlices } from '../../src/ingest/counting/slice-encoder.ts';
import { noToken, type SlicedText, sliceText } from '../../src/ingest/counting/sliced-text.ts';
import type { EncodedBlocks } from '../../src/ngrams/block-batch.ts';
import { BlockStream } from '../../src/ngrams/block-stream.ts';

/** The largest makes a key of two tokens alone, so that n-grams are told apart in several steps. */
const sentinels = [4, 1000, 2 ** 17, 2 ** 20];

const idsOf = new Map(
  sentinels.map((sentinel) => {
    const idOf = Uint32Array.from({ length: sentinel + 1 }, (_, rank) => 3 * rank + 7);
    idOf[sentinel] = noToken;
    return [sentinel, idOf];
  }),
);

const plan = fc.record({
  sentinel: fc.constantFrom(...sentinels),
  order: fc.integer({ min: 1, max: 6 }),
  slicePositions: fc.integer({ min: 1, max: 200 }),
  sequences: fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 150 }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** The sequences as one text, their words spread over all ranks. */
function layOut(sequences: number[][], sentinel: number, order: number, slicePositions: number): SlicedText {
  const step = Math.floor(sentinel / 4);
  const ranks = Uint32Array.from(
    sequences.flatMap((words) => [...words.map((word) => word * step), sentinel]),
  );
  const idOf = idsOf.get(sentinel) as Uint32Array;
  return sliceText({ order, ranks, sentinel, idOf, counted: ranks.length }, slicePositions);
}

/** The n-grams of each order with their counts, sorted by ids. */
function countByForce(sequences: number[][], { idOf, sentinel, order }: SlicedText): [number[], number][][] {
  const step = Math.floor(sentinel / 4);
  return Array.from({ length: order }, (_, i) => {
    const counts = new Map<string, [number[], number]>();
    for (const words of sequences) {
      for (let at = 0; at + i < words.length; at++) {
        const ngram = words.slice(at, at + i + 1).map((word) => idOf[word * step]);
        const known = counts.get(ngram.join());
        if (known === undefined) counts.set(ngram.join(), [ngram, 1]);
        else known[1]++;
      }
    }
    return [...counts.values()].sort(([a], [b]) => {
      const at = a.findIndex((id, j) => id !== b[j]);
      return a[at] - b[at];
    });
  });
}

t.test('every distinct n-gram comes once, in rising order, with its count', async (t) => {
  fc.assert(
    fc.property(plan, ({ sequences, sentinel, order, slicePositions }) => {
      const text = layOut(sequences, sentinel, order, slicePositions);
      const counted: [number[], number][][] = Array.from({ length: order }, () => []);
      const counter = new SliceCounter(text, (ngram, count) => {
        counted[ngram.length - 1].push([[...ngram], count]);
      });
      for (const slice of text.sizes.keys()) counter.count(slice);
      t.equal(JSON.stringify(counted), JSON.stringify(countByForce(sequences, text)));
    }),
    { numRuns: 150 },
  );
});

t.test('encoded slices decode to the same counts, with their peaks and counts of counts', async (t) => {
  fc.assert(
    fc.property(plan, ({ sequences, sentinel, order, slicePositions }) => {
      const text = layOut(sequences, sentinel, order, slicePositions);
      const counted: [number[], number][][] = Array.from({ length: order }, () => []);
      let slices = 0;
      for (const ofSlice of encodeSlices(text, 3)) {
        slices++;
        for (const blocks of ofSlice) {
          const decoded = decode(blocks);
          const counts = decoded.map(([, count]) => count);
          t.equal(blocks.ngrams, decoded.length);
          t.equal(blocks.ends.length, Math.ceil(decoded.length / 3));
          t.same(
            blocks.peaks,
            blocks.ends.map((_, block) => Math.max(...counts.slice(3 * block, 3 * block + 3))),
          );
          const frequencies = new Map<number, number>();
          for (const count of counts) frequencies.set(count, (frequencies.get(count) ?? 0) + 1);
          t.same(new Map(blocks.countsOfCounts), frequencies);
          counted[blocks.order - 1].push(...decoded);
        }
      }
      t.equal(slices, text.sizes.length);
      t.equal(JSON.stringify(counted), JSON.stringify(countByForce(sequences, text)));
    }),
    { numRuns: 50 },
  );
});

function decode(blocks: EncodedBlocks): [number[], number][] {
  const stream = new BlockStream(blocks.order, [blocks]);
  const decoded: [number[], number][] = [];
  while (stream.next()) decoded.push([[...stream.ngram], stream.count]);
  return decoded;
}

t.test('a long text with frequent and rare words is counted the same in several keys a tuple', async (t) => {
  const length = 2 ** 17;
  const order = 6;
  const sequence = Array.from({ length }, (_, i) => (i % 5 < 3 ? i % 5 : 3 + ((i * i) % 20_011)));
  const sentinel = 2 ** 20;
  const idOf = idsOf.get(sentinel) as Uint32Array;
  const ranks = Uint32Array.from([...sequence, sentinel]);
  const text = sliceText({ order, ranks, sentinel, idOf, counted: ranks.length }, 2 ** 15);
  const expected = new Map<string, number>();
  for (let at = 0; at + order <= length; at++) {
    const ngram = sequence.slice(at, at + order).map((word) => idOf[word]);
    expected.set(ngram.join(), (expected.get(ngram.join()) ?? 0) + 1);
  }
  const counted = new Map<string, number>();
  const totals = new Array(order).fill(0);
  const counter = new SliceCounter(text, (ngram, count) => {
    totals[ngram.length - 1] += count;
    if (ngram.length === order) counted.set(ngram.join(), count);
  });
  for (const slice of text.sizes.keys()) counter.count(slice);
  t.same(
    totals,
    totals.map((_, i) => length - i),
  );
  t.equal(counted.size, expected.size);
  t.ok([...counted].every(([ngram, count]) => expected.get(ngram) === count));
});
