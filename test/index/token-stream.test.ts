import fc from 'fast-check';
import t from 'tap';
import { TokenMemory, TokenStream } from '../../src/index/token-stream.ts';
import { chunkTokens } from '../../src/store/token-chunk.ts';
import { temporaryFolder } from '../http/harness.ts';
import { ingest } from '../ingest/build-corpus.ts';

const settings = { tokenizer: 'whitespace', order: 1, sequences: 'document' } as const;

t.test('any stretch of the token stream is read as it was written, whatever was read before', async (t) => {
  const texts = [2.5, 0.1, 3].map((chunks, document) =>
    Array.from({ length: chunks * chunkTokens }, (_, i) => `w${(i * 7 + document) % 300}`).join(' '),
  );
  const reader = ingest(temporaryFolder(t), texts, settings, {});
  t.teardown(() => reader.close());
  const words = texts.join(' ').split(' ');
  // All pages find room, some do, and one does; or none is kept.
  const memories = [
    new TokenMemory(),
    new TokenMemory(3 * chunkTokens),
    new TokenMemory(chunkTokens),
    undefined,
  ];
  const { version, tokens } = reader.snapshot(() => reader.summary());
  t.equal(tokens, words.length);
  const kept = memories.map((memory) => memory?.pagesOf(reader, version, tokens));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: words.length }),
      fc.integer({ min: 0, max: 3 * chunkTokens }),
      (first, length) => {
        const wanted = Math.min(length, words.length - first);
        for (const pages of kept) {
          const target = new Int32Array(wanted + 3).fill(-1);
          reader.snapshot(() => {
            const stream = new TokenStream(reader, pages);
            t.equal(stream.length, words.length);
            stream.read(first, wanted, target, 2);
            t.same(
              Array.from(target.subarray(2, -1), (id) => reader.token(id)),
              words.slice(first, first + wanted),
            );
          });
          t.same([...target.subarray(0, 2), target[wanted + 2]], [-1, -1, -1], 'nothing else is written');
        }
      },
    ),
    { numRuns: 50 },
  );
});

t.test(
  'pages are of one version of one corpus, and are let go of where others need their room',
  async (t) => {
    const memory = new TokenMemory(4 * chunkTokens);
    const [first, second] = [{}, {}];
    const pages = memory.pagesOf(first, 1, 3 * chunkTokens);
    t.equal(memory.pagesOf(first, 1, 3 * chunkTokens), pages);
    const later = memory.pagesOf(first, 2, 3 * chunkTokens);
    t.not(later, pages);
    t.same([later.version, later.ids.length, later.isRead.length], [2, 3 * chunkTokens, 3]);
    memory.pagesOf(second, 1, 2 * chunkTokens);
    t.not(memory.pagesOf(first, 2, 3 * chunkTokens), later);
    t.equal(
      memory.pagesOf(second, 1, 40 * chunkTokens).isRead.length,
      4,
      'as many pages as there is room for',
    );
  },
);

t.test('pages of another version than the snapshot’s are neither read nor filled', async (t) => {
  const reader = ingest(temporaryFolder(t), ['a b c'], settings, {});
  t.teardown(() => reader.close());
  const pages = new TokenMemory().pagesOf(reader, 7, 3);
  pages.isRead.fill(1);
  const target = new Int32Array(3);
  reader.snapshot(() => new TokenStream(reader, pages).read(0, 3, target, 0));
  t.same(
    Array.from(target, (id) => reader.token(id)),
    ['a', 'b', 'c'],
  );
  t.same(new Set(pages.ids), new Set([0]));
});
