import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { Draft } from '../../src/ingest/receiving/draft.ts';
import { SpoolReader, TokenSpool } from '../../src/ingest/receiving/token-spool.ts';
import { tokenOf } from '../../src/text/token-table.ts';
import { temporaryFolder } from '../http/harness.ts';

const lines = { tokenizer: 'whitespace', order: 2, sequences: 'line' } as const;

t.test('a text without a token is refused, and an empty one', async (t) => {
  const empty = new Draft(lines, 'unused');
  t.throws(() => empty.finish(), { code: 'empty-text', message: /empty/ });
  const blank = new Draft(lines, 'unused');
  blank.write(Buffer.from(' \n\n '));
  t.throws(() => blank.finish(), { code: 'empty-text', message: /no token .* 4 bytes/ });
});

t.test('a literal <s> or </s> in a text of lines is refused with its line', async (t) => {
  for (const mark of ['<s>', '</s>']) {
    const draft = new Draft(lines, 'unused');
    t.throws(() => draft.write(Buffer.from(`a b\nc ${mark}\n`)), {
      code: 'invalid-text',
      message: new RegExp(`Line 2 .*${mark}`),
    });
  }
});

t.test('a literal <unk> is token 0 and is counted', async (t) => {
  const draft = new Draft(lines, 'unused');
  draft.write(Buffer.from('a <unk> <unk>\n'));
  draft.finish();
  const { words, counts } = draft.take();
  t.equal(tokenOf(words, 0), '<unk>');
  t.equal(counts[0], 2);
});

t.test(
  'a spool hands over what was pushed, in memory and in its file; one that does not leaves no file',
  async (t) => {
    const path = join(temporaryFolder(t), 'spool');
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400_000 }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.array(fc.tuple(fc.nat(400_000), fc.nat(400_000)), { minLength: 1, maxLength: 5 }),
        (length, memory, ranges) => {
          const spool = new TokenSpool(path, memory);
          for (let i = 0; i < length; i++) spool.push(i * 7);
          t.equal(spool.length, length);
          const reader = new SpoolReader(structuredClone(spool.take()));
          t.equal(spool.length, 0);
          for (const [a, b] of ranges) {
            const [start, end] = [Math.min(a, b, length), Math.min(Math.max(a, b), length)];
            const tokens = reader.read(start, end);
            t.equal(tokens.length, end - start);
            t.ok(tokens.every((token, i) => token === (start + i) * 7));
          }
          reader.close();
          rmSync(path, { force: true });
          const dropped = new TokenSpool(path, memory);
          for (let i = 0; i < length; i++) dropped.push(i);
          dropped.dispose();
          t.notOk(existsSync(path));
        },
      ),
      { numRuns: 20 },
    );
  },
);
