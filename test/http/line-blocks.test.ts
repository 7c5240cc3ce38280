import { setImmediate, setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { type LineBlock, lineBlocks, mapInOrder } from '../../src/http/line-blocks.ts';

async function* chunksOf(text: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void> {
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length];
    yield text.subarray(at, at + size);
    at += size;
  }
}

t.test('however a text is cut into chunks, the blocks are its lines, whole and numbered', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'bc', '\n', '\n\n', 'ä')),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (parts, sizes) => {
        const text = Buffer.from(parts.join(''));
        const blocks: LineBlock[] = [];
        for await (const block of lineBlocks(chunksOf(text, sizes))) blocks.push(block);
        t.same(Buffer.concat(blocks.map(({ lines }) => lines)), text);
        let line = 1;
        for (const [i, { lines, firstLine }] of blocks.entries()) {
          t.equal(firstLine, line);
          t.ok(i === blocks.length - 1 || lines.at(-1) === 0x0a);
          line += lines.filter((byte) => byte === 0x0a).length;
        }
      },
    ),
  );
});

t.test('a line longer than 16 MiB is refused by its number', async (t) => {
  const text = async function* () {
    yield Buffer.from('a\n');
    for (let i = 0; i < 17; i++) yield Buffer.alloc(2 ** 20, 'b');
  };
  const read = async () => {
    for await (const _ of lineBlocks(text()));
  };
  await t.rejects(read(), { code: 'content-too-large', message: /^Line 2 is longer than 16777216 bytes/ });
});

t.test('results come in the order of the items, some of which are worked on at a time', async (t) => {
  let busy = 0;
  let most = 0;
  const items = async function* () {
    for (let i = 0; i < 20; i++) yield i;
  };
  const results: number[] = [];
  const mapped = mapInOrder(items(), 3, async (item) => {
    most = Math.max(most, ++busy);
    await setTimeout((item * 7) % 5);
    busy--;
    return item;
  });
  for await (const result of mapped) results.push(result);
  t.same(
    results,
    Array.from({ length: 20 }, (_, i) => i),
  );
  t.equal(most, 3);
});

t.test('where nobody takes the results, no more items are taken', async (t) => {
  let taken = 0;
  const items = async function* () {
    for (; taken < 1000; taken++) yield taken;
  };
  const results = mapInOrder(items(), 2, async (item) => item);
  t.equal((await results.next()).value, 0);
  for (let i = 0; i < 1000; i++) await setImmediate();
  t.ok(taken < 10, `${taken} were taken`);
});

t.test('what the mapping throws is thrown to who takes the results', async (t) => {
  const items = async function* () {
    yield 1;
  };
  const results = mapInOrder(items(), 2, async () => {
    throw new Error('broken');
  });
  await t.rejects(results.next(), { message: 'broken' });
});
