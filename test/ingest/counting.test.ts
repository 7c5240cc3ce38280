import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { commitDraft } from '../../src/ingest/commit.ts';
import { Draft } from '../../src/ingest/draft.ts';
import type { CorpusSettings } from '../../src/store/corpus.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { CorpusWriter } from '../../src/store/sqlite/corpus-writer.ts';
import { createCorpusFile, openCorpusFile, sealCorpusFile } from '../../src/store/sqlite/database.ts';
import { temporaryFolder } from '../http/harness.ts';
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
  blockNGrams: fc.integer({ min: 1, max: 5 }),
  chunkBytes: fc.integer({ min: 1, max: 9 }),
  compacted: fc.boolean(),
});

let files = 0;

/** Makes a corpus of the texts, one document after the other, and opens it. */
function ingest(
  folder: string,
  texts: readonly string[],
  settings: CorpusSettings,
  { blockTokens = 1000, blockNGrams = 128, chunkBytes = 1000, compacted = false },
): CorpusReader {
  const path = join(folder, `${files++}.sqlite`);
  const connection = createCorpusFile(path);
  new CorpusWriter(connection).create(settings, new Date(0).toISOString());
  sealCorpusFile(connection);
  connection.close();
  for (const [i, text] of texts.entries()) {
    const writer = new CorpusWriter(openCorpusFile(path), blockNGrams);
    const draft = new Draft(settings, join(folder, 'draft'));
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += chunkBytes) draft.write(bytes.subarray(at, at + chunkBytes));
    const place = { id: String(i + 1), version: i + 2, createdAt: new Date(i).toISOString() };
    const summary = draft.finish();
    writer.transaction(() =>
      commitDraft(writer, draft, summary, place, join(folder, 'scratch'), blockTokens),
    );
    if (compacted) writer.transaction(() => writer.compact());
    draft.dispose();
    writer.close();
  }
  return new CorpusReader(path);
}

/** The sequences that n-grams do not cross, as tokens. */
function sequencesOf(texts: readonly string[], sequences: CorpusSettings['sequences']): string[][] {
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
  if (sequences === 'document') return texts.map(words);
  return texts
    .flatMap((text) => text.split('\n'))
    .map(words)
    .filter((line) => line.length > 0)
    .map((line) => ['<s>', ...line, '</s>']);
}

function withReader(t: Test, reader: CorpusReader, look: (t: Test, reader: CorpusReader) => void): void {
  try {
    look(t, reader);
  } finally {
    reader.close();
  }
}

t.test('counts are those of brute force, for any chunks, blocks, documents, and merged or not', async (t) => {
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
        t.equal(summary.version, texts.length + 1);
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
  t.same(
    reader.tokens(0, 10).map(({ token }) => token),
    ['<unk>', 'b', 'c', 'a', 'y', 'z', 'x'],
  );
  reader.close();
});
