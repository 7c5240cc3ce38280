import fc from 'fast-check';
import t from 'tap';
import { BlockDecoder } from '../../src/ngrams/block.ts';
import { compareNGrams, ngramKey } from '../../src/ngrams/ngram-stream.ts';
import { blockPacker } from '../../src/store/sqlite/varint-blocks.ts';

type Entry = readonly [ngram: number[], count: number];

const blocks = fc.integer({ min: 1, max: 6 }).chain((order) =>
  fc
    .uniqueArray(
      fc.tuple(
        fc.array(fc.oneof(fc.nat(3), fc.nat(300), fc.nat(2 ** 32 - 2)), {
          minLength: order,
          maxLength: order,
        }),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 50 })),
      ),
      { minLength: 1, maxLength: 128, selector: ([ngram]) => ngram.join() },
    )
    .map((entries) => (entries as Entry[]).sort(([a], [b]) => compareNGrams(a, b, order))),
);

/** A block as ngramd wrote it up to schema 4. */
function varintBlock(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = [];
  const write = (value: number) => {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  };
  for (const [i, [ngram, count]] of entries.entries()) {
    const order = ngram.length;
    const previous = i === 0 ? undefined : entries[i - 1][0];
    const shared = previous === undefined ? 0 : ngram.findIndex((id, place) => id !== previous[place]);
    write((count - 1) * order + shared);
    if (previous === undefined) continue;
    write(ngram[shared] - previous[shared] - 1);
    for (const id of ngram.slice(shared + 1)) write(id);
  }
  return Uint8Array.from(bytes);
}

t.test('a block of schema 4 is packed with all its n-grams and counts', async (t) => {
  const pack = blockPacker(Error);
  fc.assert(
    fc.property(blocks, (entries) => {
      const [first] = entries[0];
      const decoder = new BlockDecoder(first.length);
      decoder.open(first, pack(first.length, ngramKey(first), varintBlock(entries)));
      const found: Entry[] = [];
      while (decoder.next()) found.push([[...decoder.ngram], decoder.count]);
      t.same(found, entries);
    }),
  );
});

t.test('a damaged block of schema 4 is packed or refused, but never endless', async (t) => {
  fc.assert(
    fc.property(blocks, fc.uint8Array({ maxLength: 600 }), fc.nat(), (entries, garbage, at) => {
      const [first] = entries[0];
      const block = varintBlock(entries);
      block.set(garbage.subarray(0, block.length - (at % block.length)), at % block.length);
      for (const data of [block, garbage]) {
        const pack = blockPacker(Error);
        try {
          t.type(pack(first.length, ngramKey(first), data), Uint8Array);
        } catch (error) {
          t.match(error, { message: /the n-grams of a block contradict each other/ });
        }
      }
    }),
  );
});

t.test('a block of equal or too many n-grams is refused', async (t) => {
  const first = ngramKey([0]);
  const same = [0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f];
  t.throws(() => blockPacker(Error)(1, first, Uint8Array.from(same)), /contradict/);
  t.throws(() => blockPacker(Error)(1, first, new Uint8Array(2 * 129)), /contradict/);
});
