import fc from 'fast-check';
import t from 'tap';
import { TokenPages, TokenStream } from '../../src/index/token-stream.ts';
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
  // All pages find room, some do, and one does.
  const streams = [undefined, 3, 1].map(
    (pages) => new TokenStream(reader, new TokenPages(pages && pages * chunkTokens)),
  );
  for (const stream of streams) {
    t.equal(
      reader.snapshot(() => stream.open()),
      words.length,
    );
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: words.length }),
      fc.integer({ min: 0, max: 3 * chunkTokens }),
      (first, length) => {
        const wanted = Math.min(length, words.length - first);
        for (const stream of streams) {
          const target = new Int32Array(wanted + 3).fill(-1);
          reader.snapshot(() => {
            stream.open();
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
