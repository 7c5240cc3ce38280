import fc from 'fast-check';
import t from 'tap';
import { temporaryFolder } from '../http/harness.ts';
import { ingest } from '../ingest/build-corpus.ts';

const text = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 6 }),
    fc.integer({ min: 1, max: 60 }),
  )
  .map(([words, times]) => `${words.join(' ')} `.repeat(times));

t.test('however unequal the runs are, no n-gram that occurs often enough is missed', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 300 }),
      (texts, least) => {
        const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
        const reader = ingest(folder, texts, settings, { compacted: false, blockNGrams: 2 });
        const counts = new Map<string, number>();
        for (const text of texts) {
          const ids = text
            .trim()
            .split(' ')
            .map((word) => reader.tokenId(word));
          for (let i = 1; i < ids.length; i++) {
            const bigram = `${ids[i - 1]},${ids[i]}`;
            counts.set(bigram, (counts.get(bigram) ?? 0) + 1);
          }
        }
        reader.snapshot(() => {
          const found = new Map(
            reader.frequentNGrams(2, least, 1000)?.map(({ ngram, count }) => [ngram.join(), count]),
          );
          for (const [bigram, count] of counts) {
            if (count >= least || found.has(bigram)) t.equal(found.get(bigram), count);
          }
          t.equal(
            reader.frequentNGrams(2, 1, 0),
            undefined,
            'not where more blocks than allowed would be read',
          );
        });
        reader.close();
      },
    ),
    { numRuns: 60 },
  );
});
