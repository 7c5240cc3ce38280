import Database from 'better-sqlite3';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addDocuments, createCorpus, ingest, sequencesOf } from './build-corpus.ts';
import { countByForce, countsOfCountsByForce, readCounts, readCountsOfCounts } from './oracle.ts';

const word = fc.constantFrom('a', 'b', 'c', 'd');
const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
const text = fc
  .array(line, { minLength: 1, maxLength: 8 })
  .map((lines) => lines.join('\n'))
  .filter((text) => /\S/.test(text));

const plan = fc.record({
  texts: fc.array(text, { minLength: 1, maxLength: 5 }),
  order: fc.integer({ min: 1, max: 6 }),
  sequences: fc.constantFrom('document' as const, 'line' as const),
  blockTokens: fc.integer({ min: 1, max: 20 }),
  slicePositions: fc.integer({ min: 1, max: 10 }),
  blockNGrams: fc.integer({ min: 1, max: 5 }),
  chunkBytes: fc.integer({ min: 1, max: 9 }),
  compacted: fc.boolean(),
  together: fc.boolean(),
});

function withReader(t: Test, reader: CorpusReader, look: (t: Test, reader: CorpusReader) => void): void {
  try {
    look(t, reader);
  } finally {
    reader.close();
  }
}

t.test(
  'counts are those of brute force, for any chunks, blocks, documents and uploads, and merged or not',
  async (t) => {
    const folder = temporaryFolder(t);
    fc.assert(
      fc.property(plan, ({ texts, order, sequences, ...sizes }) => {
        const reader = ingest(folder, texts, { tokenizer: 'whitespace', order, sequences }, sizes);
        withReader(t, reader, (t, reader) => {
          const expected = countByForce(sequencesOf(texts, sequences), order);
          t.same(readCounts(reader), expected);
          t.same(readCountsOfCounts(reader), countsOfCountsByForce(expected));
        });
      }),
      { numRuns: 60 },
    );
  },
);

t.test('threads count the same, whatever the slices and blocks', async (t) => {
  const folder = temporaryFolder(t);
  const words = Array.from({ length: 3000 }, (_, i) => `w${(i * i) % 97}${i % 11 === 0 ? '\n' : ''}`);
  const text = words.join(' ');
  for (const sequences of ['document', 'line'] as const) {
    const expected = countByForce(sequencesOf([text], sequences), 4);
    for (const sizes of [
      { blockTokens: 1e6, slicePositions: 50 },
      { blockTokens: 700, slicePositions: 1000 },
    ]) {
      const settings = { tokenizer: 'whitespace', order: 4, sequences } as const;
      withReader(t, ingest(folder, [text], settings, { ...sizes, manyTokens: 1 }), (t, reader) => {
        t.same(readCounts(reader), expected);
        t.same(readCountsOfCounts(reader), countsOfCountsByForce(expected));
      });
    }
  }
});

t.test('totals are exact after every document', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(plan, ({ texts, order, sequences, ...sizes }) => {
      const reader = ingest(folder, texts, { tokenizer: 'whitespace', order, sequences }, sizes);
      withReader(t, reader, (t, reader) => {
        const summary = reader.snapshot(() => reader.summary());
        const counts = countByForce(sequencesOf(texts, sequences), order);
        t.equal(summary.documents, texts.length);
        t.equal(summary.version, sizes.together ? 2 : texts.length + 1);
        t.equal(
          summary.bytes,
          texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0),
        );
        t.equal(summary.vocabularySize, counts[0].size);
        t.same(
          summary.ngrams,
          counts.map((ofOrder, i) => ({
            order: i + 1,
            distinct: ofOrder.size,
            total: [...ofOrder.values()].reduce((a, b) => a + b, 0),
          })),
        );
        t.equal(summary.tokens, summary.ngrams[0].total);
      });
    }),
    { numRuns: 30 },
  );
});

t.test('the order of documents changes no count', async (t) => {
  const folder = temporaryFolder(t);
  const settings = { tokenizer: 'whitespace', order: 4, sequences: 'document' } as const;
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
      const forward = ingest(folder, texts, settings, {});
      const backward = ingest(folder, [...texts].reverse(), settings, { compacted: true });
      t.same(readCounts(forward), readCounts(backward));
      t.same(readCountsOfCounts(forward), readCountsOfCounts(backward));
      forward.close();
      backward.close();
    }),
    { numRuns: 20 },
  );
});

t.test('the token stream is the texts, with </s> after each line and without <s>', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(plan, ({ texts, order, sequences, ...sizes }) => {
      const reader = ingest(folder, texts, { tokenizer: 'whitespace', order, sequences }, sizes);
      withReader(t, reader, (t, reader) => {
        const expected = sequencesOf(texts, sequences)
          .flat()
          .filter((token) => token !== '<s>');
        const ids = new Int32Array(expected.length);
        reader.snapshot(() => reader.readTokens(0, ids));
        t.same(
          Array.from(ids, (id) => reader.token(id)),
          expected,
        );
        const middle = new Int32Array(Math.floor(expected.length / 2));
        reader.snapshot(() => reader.readTokens(1, middle));
        t.same(middle, ids.slice(1, 1 + middle.length));
      });
    }),
    { numRuns: 30 },
  );
});

t.test('new words are numbered by falling count in their document, ties by first appearance', async (t) => {
  const folder = temporaryFolder(t);
  const settings = { tokenizer: 'whitespace', order: 1, sequences: 'document' } as const;
  const reader = ingest(folder, ['c b b a', 'z y y a x'], settings, {});
  t.same([...reader.allTokens()], ['<unk>', 'b', 'c', 'a', 'y', 'z', 'x']);
  reader.close();
});

t.test(
  'documents of one upload have the ids, tokens and ends that they have one by one, in one run',
  async (t) => {
    const folder = temporaryFolder(t);
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.array(text, { minLength: 2, maxLength: 5 }),
        fc.constantFrom('document' as const, 'line' as const),
        (before, texts, sequences) => {
          const settings = { tokenizer: 'whitespace', order: 3, sequences } as const;
          const [apart, together] = [false, true].map((together) => {
            const path = createCorpus(folder, before, settings, {});
            const runs = () => {
              const connection = new Database(path, { readonly: true });
              const count = connection.prepare('SELECT count(*) FROM runs').pluck().get();
              connection.close();
              return count as number;
            };
            const runsBefore = runs();
            const added = together
              ? addDocuments(path, texts, {})
              : texts.flatMap((text) => addDocuments(path, [text], {}));
            t.equal(runs() - runsBefore, together ? 1 : texts.length);
            const reader = new CorpusReader(path);
            try {
              const { tokens, ngrams } = reader.summary();
              const stream = new Int32Array(tokens);
              reader.snapshot(() => reader.readTokens(0, stream));
              const ends = [1, 2].map((length) =>
                reader.allSequenceEnds(length).map(({ ngram, count }) => [...ngram, count]),
              );
              return {
                documents: added.map(({ version, createdAt, ...document }) => document),
                vocabulary: [...reader.allTokens()],
                counts: readCounts(reader),
                countsOfCounts: readCountsOfCounts(reader),
                stream: [...stream],
                ngrams,
                ends,
              };
            } finally {
              reader.close();
            }
          });
          t.same(together, apart);
        },
      ),
      { numRuns: 15 },
    );
  },
);
