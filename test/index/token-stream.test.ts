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
        const target = new Int32Array(Math.min(length, words.length - first));
        for (const stream of streams) {
          reader.snapshot(() => {
            stream.open();
            stream.read(first, target);
            t.same(
              Array.from(target, (id) => reader.token(id)),
              words.slice(first, first + target.length),
            );
          });
        }
      },
    ),
    { numRuns: 50 },
  );
});
