import fc from 'fast-check';
import t from 'tap';
import { type BlockSize, lineBlocks } from '../../src/model/line-blocks.ts';
import type { LineBlock } from '../../src/model/score-lines.ts';

async function* chunksOf(text: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer, void> {
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length];
    yield text.subarray(at, at + size);
    at += size;
  }
}

async function blocksOf(text: AsyncIterable<Uint8Array>, size: BlockSize): Promise<LineBlock[]> {
  const blocks: LineBlock[] = [];
  for await (const block of lineBlocks(text, size)) blocks.push(block);
  return blocks;
}

/** The lines of a text, each with its line feed. */
function linesOf(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0x0a, at) + 1 || text.length;
    lines.push(text.subarray(at, end));
    at = end;
  }
  return lines;
}

t.test(
  'however a text is cut into chunks, the blocks are its lines, whole or in the same parts',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'bc', '\n', '\n\n', 'ä', 'long lines')),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        fc.record({ bytes: fc.integer({ min: 1, max: 12 }), lines: fc.integer({ min: 1, max: 3 }) }),
        async (parts, chunkSizes, size) => {
          const text = Buffer.from(parts.join(''));
          const blocks = await blocksOf(chunksOf(text, chunkSizes), size);
          t.same(Buffer.concat(blocks.map(({ bytes }) => bytes)), text);
          const lines = linesOf(text);
          let line = 0;
          let inParts = false;
          for (const { bytes, firstLine, continues, isContinued } of blocks) {
            t.equal(firstLine, line + 1);
            t.equal(continues, inParts);
            t.ok(bytes.length <= 2 * size.bytes);
            inParts = isContinued;
            if (continues || isContinued) {
              t.ok(lines[line].length >= size.bytes);
              if (isContinued) t.equal(bytes.length, size.bytes);
              else line++;
            } else {
              const whole = linesOf(Buffer.from(bytes));
              t.ok(whole.length <= size.lines);
              for (const bytes of whole) {
                t.same(bytes, lines[line++]);
                t.ok(bytes.length <= size.bytes);
              }
            }
          }
          t.equal(line, lines.length);
          t.notOk(inParts);
        },
      ),
    );
  },
);

t.test('a line longer than 16 MiB is refused by its number, wherever it is cut', async (t) => {
  const size = { bytes: 2 ** 18, lines: 4096 };
  const text = async function* (bytes: number, chunk: number) {
    yield Buffer.from('a\n');
    for (let left = bytes; left > 0; left -= chunk) yield Buffer.alloc(Math.min(left, chunk), 'b');
    yield Buffer.from('\n');
  };
  for (const chunk of [2 ** 16, 2 ** 18 - 1, 2 ** 25]) {
    const longest = await blocksOf(text(2 ** 24, chunk), size);
    t.equal(longest.at(-1)?.firstLine, 2);
    await t.rejects(blocksOf(text(2 ** 24 + 1, chunk), size), {
      code: 'content-too-large',
      message: /^Line 2 is longer than 16777216 bytes/,
    });
  }
});
