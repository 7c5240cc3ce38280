import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { ngramsByCount } from '../../src/analysis/ngrams-by-count.ts';
import { vocabularyPage } from '../../src/analysis/vocabulary-page.ts';
import { zipfSeries } from '../../src/analysis/zipf.ts';
import { createEstimator, estimatorNames, readsAdjustedCounts } from '../../src/estimators/catalogue.ts';
import { type CountIndex, UNSEEN } from '../../src/index/count-index.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import { StoreIndex } from '../../src/index/store-index.ts';
import { topContinuations } from '../../src/model/continuations.ts';
import type { CorpusSettings } from '../../src/store/corpus.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { tokenizerNames } from '../../src/text/tokenizer.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addDocument, type BlockSizes, createCorpus, sequencesOf, takeBackDocument } from './build-corpus.ts';
import { countByForce, readCounts } from './oracle.ts';

const line = fc
  .array(fc.constantFrom('a', 'b', 'Cat', 'dog', 'é', '水', 'a-b'), { maxLength: 7 })
  .map((words) => words.join(' '));
const text = fc
  .array(line, { minLength: 1, maxLength: 5 })
  .map((lines) => lines.join('\n'))
  .filter((text) => /[a-z]/i.test(text));

/** Changes: a text to add, or which of the documents (as a share of them) to take back. */
const change = fc.oneof(text, text, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));

const plan = fc.record({
  settings: fc.record({
    tokenizer: fc.constantFrom(...tokenizerNames),
    order: fc.integer({ min: 1, max: 6 }),
    sequences: fc.constantFrom('document' as const, 'line' as const),
  }),
  first: fc.array(text, { maxLength: 3 }),
  changes: fc.array(change, { minLength: 1, maxLength: 6 }),
  sizes: fc.record({
    blockTokens: fc.integer({ min: 1, max: 30 }),
    slicePositions: fc.integer({ min: 1, max: 10 }),
    blockNGrams: fc.integer({ min: 1, max: 5 }),
    compacted: fc.boolean(),
  }),
});

/** Makes the changes and a corpus of the documents that are left at the end. The ids of its words are the same. */
function changeAndRebuild(
  folder: string,
  settings: CorpusSettings,
  changes: readonly (string | number)[],
  sizes: BlockSizes,
): { changed: string; rebuilt: string; left: string[] } {
  const changed = createCorpus(folder, [], settings, sizes);
  const left: { id: string; text: string }[] = [];
  for (const change of changes) {
    if (typeof change === 'string') left.push({ id: addDocument(changed, change, sizes), text: change });
    else if (left.length > 0) {
      const [{ id }] = left.splice(Math.floor(change * left.length), 1);
      takeBackDocument(changed, id, sizes);
    }
  }
  const rebuilt = createCorpus(folder, [], settings, sizes);
  withReader(changed, (reader) => {
    const database = new Database(rebuilt);
    const insert = database.prepare('INSERT OR IGNORE INTO vocabulary (id, token) VALUES (?, ?)');
    for (const [id, token] of [...reader.allTokens()].entries()) insert.run(id, token);
    database.close();
  });
  for (const { text } of left) addDocument(rebuilt, text, sizes);
  return { changed, rebuilt, left: left.map(({ text }) => text) };
}

function withReader<T>(path: string, look: (reader: CorpusReader) => T): T {
  const reader = new CorpusReader(path);
  try {
    return reader.snapshot(() => look(reader));
  } finally {
    reader.close();
  }
}

/** What is answered about a corpus, whatever changes made it. */
function answers(reader: CorpusReader, contexts: readonly (readonly string[])[]) {
  const { version, updatedAt, ...summary } = reader.summary();
  const orders = summary.ngrams.map(({ order }) => order);
  const stream = new Int32Array(summary.tokens);
  reader.readTokens(0, stream);
  return {
    summary,
    documents: reader.documents(0, 100).map(({ tokens, bytes, sha256 }) => ({ tokens, bytes, sha256 })),
    stream: [...stream],
    vocabulary: [0, 2, 5].map((from) => vocabularyPage(reader, from, from === 2 ? 3 : 100)),
    byId: orders.map((order) => [...new StoreIndex(reader).ngrams(order, [])]),
    byCount: orders.map((order) => allByCount(reader, order)),
    byCountInMemory: orders.map((order) => allByCount(reader, order, new ResidentIndex(buildTrie(reader)))),
    ends: orders.map((order) => reader.allSequenceEnds(order).map(({ ngram, count }) => `${ngram} ${count}`)),
    zipf: orders.map((order) => zipfSeries(order, reader.countsOfCounts(order), 50)),
    store: models(new StoreIndex(reader), reader, contexts, false),
    resident: models(new ResidentIndex(buildTrie(reader)), reader, contexts, true),
  };
}

/** The n-grams by count, page after page. */
function allByCount(reader: CorpusReader, order: number, index: CountIndex = new StoreIndex(reader)) {
  const found: ReturnType<typeof ngramsByCount> = [];
  for (;;) {
    const page = ngramsByCount(index, order, reader.countsOfCounts(order), found.at(-1), 3);
    if (page.length === 0) return found.map(({ rank, ngram, count }) => [rank, ngram, count]);
    found.push(...page);
  }
}

function models(
  index: CountIndex,
  reader: CorpusReader,
  contexts: readonly (readonly string[])[],
  hasAdjusted: boolean,
) {
  const { order } = reader.settings;
  const all = [...[...reader.allTokens()].keys(), UNSEEN];
  const names = estimatorNames.filter((name) => hasAdjusted || !readsAdjustedCounts(name));
  const words = all.filter((id) => id !== reader.sequenceStart);
  return names.map((name) => {
    const estimator = createEstimator(name, {}, order, index);
    return contexts.map((context) => {
      const ids = context.slice(0, order - 1).map((token) => reader.tokenId(token) ?? UNSEEN);
      const reading = estimator.reads(ids.length + 1);
      const answer = {
        name,
        parameters: estimator.parameters,
        probabilities: words.map((word) => estimator.probability(index.levels(ids, word, reading))),
        continuations: topContinuations(estimator, index, ids, { k: 100 }),
        among: topContinuations(estimator, index, ids, { k: 3, among: new Set(words.slice(0, -1)) }),
        known: all.map((id) => index.hasWord(id)),
      };
      return answer;
    });
  });
}

const contexts = [[], ['a'], ['cat', 'a'], ['<s>', 'a'], ['b', 'a', 'dog', '水'], ['never', 'b']];

t.test('a corpus from which documents were taken back is one that never had them', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(plan, ({ settings, first, changes, sizes }) => {
      const { changed, rebuilt, left } = changeAndRebuild(folder, settings, [...first, ...changes], sizes);
      const [found, expected] = [changed, rebuilt].map((path) =>
        withReader(path, (reader) => answers(reader, contexts)),
      );
      t.same(found, expected);
      if (settings.tokenizer !== 'whitespace') return;
      const counts = countByForce(sequencesOf(left, settings.sequences), settings.order);
      t.same(withReader(changed, readCounts), counts);
    }),
    { numRuns: 20 },
  );
});

t.test('frequent n-grams are listed by what is left of them', async (t) => {
  const repeated = (times: (word: number) => number) =>
    Array.from({ length: 30 }, (_, word) => `w${word} `.repeat(times(word))).join('');
  const texts = [
    repeated((word) => 3 * word + 1),
    repeated((word) => 2 * (30 - word)),
    repeated((word) => (word * 7) % 30),
  ];
  const sizes = { blockNGrams: 4, blockTokens: 5000 };
  const { changed, rebuilt } = changeAndRebuild(temporaryFolder(t), whitespace(2), [...texts, 0.4], sizes);
  const listed = [changed, rebuilt].map((path) =>
    withReader(path, (reader) => {
      t.ok(reader.frequentNGrams(1, 60, 1000), 'they are found through the peaks of their blocks');
      return [1, 2].map((order) => allByCount(reader, order));
    }),
  );
  t.same(listed[0], listed[1]);
  t.equal(listed[0][0].length, 30);
});

t.test('each change makes a version, and an id is never used again', async (t) => {
  const path = createCorpus(temporaryFolder(t), ['a b', 'b c'], whitespace(2), {});
  takeBackDocument(path, '2', {});
  t.equal(
    withReader(path, (reader) => reader.version),
    4,
  );
  t.equal(addDocument(path, 'd', {}), '3');
  takeBackDocument(path, '3', {});
  takeBackDocument(path, '1', {});
  t.match(
    withReader(path, (reader) => reader.summary()),
    { version: 7, documents: 0, tokens: 0, bytes: 0, vocabularySize: 0 },
  );
  t.equal(addDocument(path, 'a b', {}), '4');
  t.same(
    withReader(path, (reader) => vocabularyPage(reader, 0, 9)),
    [
      { id: 0, token: '<unk>', count: 0 },
      { id: 1, token: 'a', count: 1 },
      { id: 2, token: 'b', count: 1 },
    ],
  );
  t.throws(() => takeBackDocument(path, '1', {}), { code: 'document-not-found' });
});

t.test('a text that is counted block by block, also by threads, is taken back in the same way', async (t) => {
  const folder = temporaryFolder(t);
  const words = Array.from({ length: 250 }, (_, i) => `w${(i * i) % 23}${i % 11 === 0 ? '\n' : ''}`);
  for (const sequences of ['document', 'line'] as const) {
    const settings = { ...whitespace(3), sequences };
    const kept = ['w1 w4 w9\nw16', 'w25 x'];
    const sizes = { blockTokens: 200, manyTokens: 100 };
    const { changed, rebuilt } = changeAndRebuild(
      folder,
      settings,
      [kept[0], words.join(' '), kept[1], 0.5],
      sizes,
    );
    const [found, expected] = [changed, rebuilt].map((path) =>
      withReader(path, (reader) => answers(reader, [['w1']])),
    );
    t.same(found, expected);
    t.same(found.documents.length, 2);
  }
});

t.test('the file of an older schema is migrated, and its documents can be taken back', async (t) => {
  const path = createCorpus(temporaryFolder(t), ['a b c', 'b c d', 'a b'], whitespace(2), {});
  const old = new Database(path);
  old.exec(`ALTER TABLE runs DROP COLUMN sign;
    CREATE TABLE old (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, tokens INTEGER NOT NULL,
      bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL) STRICT;
    INSERT INTO old SELECT * FROM documents;
    DROP TABLE documents;
    ALTER TABLE old RENAME TO documents;
    DROP TABLE idempotency_keys;
    ALTER TABLE corpus DROP COLUMN locale;`);
  old.pragma('user_version = 1');
  old.close();
  takeBackDocument(path, '2', {});
  const reader = new CorpusReader(path);
  t.same(
    readCounts(reader),
    countByForce(
      [
        ['a', 'b', 'c'],
        ['a', 'b'],
      ],
      2,
    ),
  );
  reader.close();
  t.equal(addDocument(path, 'x', {}), '4');
});

t.test(
  'of what is taken back no more than a quarter stays, and nothing of a corpus without documents',
  async (t) => {
    const folder = temporaryFolder(t);
    const sizes = { compacted: true };
    const path = createCorpus(folder, ['a b c d e f g h i j', 'k l m n'], whitespace(2), sizes);
    const stored = () => {
      const database = new Database(path, { readonly: true });
      const runs = database.prepare('SELECT sign, ngrams FROM runs').raw().all();
      database.close();
      return runs;
    };
    addDocument(path, 'x', sizes);
    t.same(stored(), [
      [1, 26],
      [1, 1],
    ]);
    takeBackDocument(path, '3', sizes);
    t.same(stored(), [
      [1, 26],
      [1, 1],
      [-1, 1],
    ]);
    takeBackDocument(path, '2', sizes);
    t.same(stored(), [[1, 19]]);
    takeBackDocument(path, '1', sizes);
    t.same(stored(), []);
  },
);

t.test('what was never added is not taken away: the corpus stays as it was', async (t) => {
  const path = createCorpus(temporaryFolder(t), ['a b', 'b c'], whitespace(1), {});
  const database = new Database(path);
  database.prepare('UPDATE tokens SET ids = ? WHERE first = 0').run(Buffer.from([1, 1]));
  database.close();
  t.throws(() => takeBackDocument(path, '1', {}), /taken away 2 times/);
  t.match(
    withReader(path, (reader) => reader.summary()),
    { version: 3, documents: 2, tokens: 4 },
  );
});

function whitespace(order: number): CorpusSettings {
  return { tokenizer: 'whitespace', order, sequences: 'document' };
}
