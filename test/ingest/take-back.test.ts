import Database from 'better-sqlite3';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  type CorpusSettings,
  type Snapshot,
  type Store,
  type StoredCorpus,
  UNSEEN,
} from '../../src/store/store.ts';
import { wordTokenizers } from '../../src/text/tokenizer.ts';
import { openSqlite } from '../store/sqlite.ts';
import { kindsOfStores } from '../store/stores.ts';
import { countByForce, countsIn, countsOfCountsIn, sequencesOf } from './oracle.ts';
import { addDocument, createCorpus, type Sizes, takeBackDocument } from './stored-corpus.ts';

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
    tokenizer: fc.constantFrom(...wordTokenizers),
    order: fc.integer({ min: 1, max: 6 }),
    sequences: fc.constantFrom('document' as const, 'line' as const),
  }),
  first: fc.array(text, { maxLength: 3 }),
  changes: fc.array(change, { minLength: 1, maxLength: 6 }),
  sizes: fc.record({
    blockTokens: fc.integer({ min: 1, max: 30 }),
    slicePositions: fc.integer({ min: 1, max: 10 }),
    blockNGrams: fc.integer({ min: 1, max: 5 }),
    maintained: fc.boolean(),
  }),
});

/** Makes the changes and a corpus of the documents that are left at the end. The ids of its words are the same. */
async function changeAndRebuild(
  store: Store,
  settings: CorpusSettings,
  changes: readonly (string | number)[],
  sizes: Sizes,
): Promise<{ changed: StoredCorpus; rebuilt: StoredCorpus; left: string[] }> {
  const changed = await createCorpus(store, [], settings, sizes);
  const left: { id: string; text: string }[] = [];
  for (const change of changes) {
    if (typeof change === 'string')
      left.push({ id: await addDocument(changed, change, sizes), text: change });
    else if (left.length > 0) {
      const [{ id }] = left.splice(Math.floor(change * left.length), 1);
      await takeBackDocument(changed, id, sizes);
    }
  }
  const rebuilt = await createCorpus(store, [], settings, sizes);
  await addVocabulary(rebuilt, await changed.read(vocabularyIn));
  for (const { text } of left) await addDocument(rebuilt, text, sizes);
  return { changed, rebuilt, left: left.map(({ text }) => text) };
}

/** Gives tokens the next ids, in their order. */
async function addVocabulary(corpus: StoredCorpus, tokens: readonly string[]): Promise<void> {
  await corpus.change(async (change) => {
    const words = {
      size: tokens.length,
      token: (word: number) => tokens[word],
      count: () => 1,
      afterTexts: tokens.map((_, word) => word + 1),
    };
    await change.addWords(await change.identify(words));
  });
  corpus.expectChange();
}

async function vocabularyIn(snapshot: Snapshot): Promise<string[]> {
  const vocabulary: string[] = [];
  for await (const tokens of snapshot.vocabulary(0)) vocabulary.push(...tokens);
  return vocabulary;
}

/** Everything that a store answers about a corpus, whatever changes made it. */
async function answersOf(snapshot: Snapshot, contexts: readonly (readonly string[])[]) {
  const { version, updatedAt, ...summary } = await snapshot.summary();
  const orders = summary.ngrams.map(({ order }) => order);
  const stream = new Int32Array(summary.tokens);
  await snapshot.readTokens(0, stream);
  const documents = await snapshot.documents(0, 100);
  const vocabulary = await vocabularyIn(snapshot);
  return {
    summary,
    documents: documents.map(({ tokens, bytes, sha256 }) => ({ tokens, bytes, sha256 })),
    stream: [...stream],
    vocabulary,
    counts: await countsIn(snapshot),
    countsOfCounts: await countsOfCountsIn(snapshot),
    frequent: await Promise.all(orders.map((order) => frequentIn(snapshot, order, 2))),
    ends: await Promise.all(orders.map((order) => endsIn(snapshot, order))),
    questions: await questionsOf(snapshot, vocabulary.length, contexts),
  };
}

/** The n-grams that occur at least `least` times, with their counts. */
async function frequentIn(snapshot: Snapshot, order: number, least: number): Promise<string[]> {
  const found = await snapshot.frequentNGrams(order, least);
  if (found === undefined) throw new Error('There are too many of them.');
  return lines(order, found).sort();
}

async function endsIn(snapshot: Snapshot, order: number): Promise<string[]> {
  return lines(order, await snapshot.sequenceEnds(order)).sort();
}

function lines(order: number, { ids, counts }: { ids: Uint32Array; counts: Float64Array }): string[] {
  return Array.from(counts, (count, i) => `${ids.slice(i * order, (i + 1) * order)}: ${count}`);
}

/** What questions about each word after each context read. */
async function questionsOf(
  snapshot: Snapshot,
  vocabularySize: number,
  contexts: readonly (readonly string[])[],
) {
  const { order } = snapshot.settings;
  const known = await Promise.all(
    contexts.map(async (context) => [...(await snapshot.tokenIds(context.slice(0, order - 1)))]),
  );
  const words = [...Array(vocabularySize).keys(), UNSEEN];
  return snapshot.counts({
    ngrams: known.map((context) => ({
      order: context.length + 1,
      length: words.length,
      ids: Uint32Array.from(words.flatMap((word) => [...context, word])),
    })),
    contexts: known,
    continuations: known,
  });
}

const contexts = [[], ['a'], ['cat', 'a'], ['<s>', 'a'], ['b', 'a', 'dog', '水'], ['never', 'b']];

for (const [kind, openStore] of Object.entries(kindsOfStores)) {
  t.test(`${kind}: a corpus from which documents were taken back is one that never had them`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(plan, async ({ settings, first, changes, sizes }) => {
        const { changed, rebuilt, left } = await changeAndRebuild(
          store,
          settings,
          [...first, ...changes],
          sizes,
        );
        const answers = (corpus: StoredCorpus) => corpus.read((snapshot) => answersOf(snapshot, contexts));
        t.same(await answers(changed), await answers(rebuilt));
        if (settings.tokenizer !== 'whitespace') return;
        const counts = countByForce(sequencesOf(left, settings.sequences), settings.order);
        t.same(await changed.read(countsIn), counts);
      }),
      { numRuns: 20 },
    );
  });

  t.test(`${kind}: frequent n-grams are found by what is left of them`, async (t) => {
    const repeated = (times: (word: number) => number) =>
      Array.from({ length: 30 }, (_, word) => `w${word} `.repeat(times(word))).join('');
    const texts = [
      repeated((word) => 3 * word + 1),
      repeated((word) => 2 * (30 - word)),
      repeated((word) => (word * 7) % 30),
    ];
    const sizes = { blockNGrams: 4, blockTokens: 5000 };
    const { changed, rebuilt } = await changeAndRebuild(
      await openStore(t),
      whitespace(2),
      [...texts, 0.4],
      sizes,
    );
    for (const order of [1, 2]) {
      const found = (corpus: StoredCorpus) => corpus.read((snapshot) => frequentIn(snapshot, order, 60));
      t.same(await found(changed), await found(rebuilt));
      const expected = (await changed.read(countsIn))[order - 1];
      t.equal((await found(changed)).length, [...expected.values()].filter((count) => count >= 60).length);
    }
    t.equal((await changed.read((snapshot) => frequentIn(snapshot, 1, 1))).length, 30);
  });

  t.test(`${kind}: each change makes a version, and an id is never used again`, async (t) => {
    const corpus = await createCorpus(await openStore(t), ['a b', 'b c'], whitespace(2));
    await takeBackDocument(corpus, '2');
    t.equal(await corpus.version(), 4);
    t.equal(await addDocument(corpus, 'd'), '3');
    await takeBackDocument(corpus, '3');
    await takeBackDocument(corpus, '1');
    t.match(await corpus.read((snapshot) => snapshot.summary()), {
      version: 7,
      documents: 0,
      tokens: 0,
      bytes: 0,
      vocabularySize: 0,
    });
    t.equal(await addDocument(corpus, 'a b'), '4');
    t.same(await corpus.read(vocabularyIn), ['<unk>', 'a', 'b', 'c', 'd'], 'words keep their ids');
    const left = [
      ['a', 1],
      ['b', 1],
    ] as const;
    t.same((await corpus.read(countsIn))[0], new Map(left));
    await t.rejects(takeBackDocument(corpus, '1'), { code: 'document-not-found' });
  });

  t.test(
    `${kind}: a text that is counted block by block, also by threads, is taken back in the same way`,
    async (t) => {
      const store = await openStore(t);
      const words = Array.from({ length: 250 }, (_, i) => `w${(i * i) % 23}${i % 11 === 0 ? '\n' : ''}`);
      for (const sequences of ['document', 'line'] as const) {
        const settings = { ...whitespace(3), sequences };
        const kept = ['w1 w4 w9\nw16', 'w25 x'];
        const changes = [kept[0], words.join(' '), kept[1], 0.5];
        const sizes = { blockTokens: 200, manyTokens: 100 };
        const { changed, rebuilt } = await changeAndRebuild(store, settings, changes, sizes);
        const answers = (corpus: StoredCorpus) =>
          corpus.read((snapshot) => answersOf(snapshot, [['w1'], ['w4', 'w9']]));
        const found = await answers(changed);
        t.same(found, await answers(rebuilt));
        t.same(found.documents.length, 2);
      }
    },
  );
}

/** A corpus in SQLite, with its file to look into or to change while nobody has it open. */
async function corpusInFile(t: Test, texts: readonly string[], settings: CorpusSettings, sizes: Sizes = {}) {
  const { store, folder, path } = await openSqlite(t);
  const corpus = await createCorpus(store, texts, settings, sizes);
  const { name } = corpus.ref;
  return {
    corpus,
    path: path(name),
    reopened: async () => (await openSqlite(t, folder)).store.open(name),
  };
}

t.test(
  'of what is taken back no more than a quarter stays, and nothing of a corpus without documents',
  async (t) => {
    const sizes = { maintained: true };
    const texts = ['a b c d e f g h i j', 'k l m n'];
    const { corpus, path } = await corpusInFile(t, texts, whitespace(2), sizes);
    const stored = () => {
      const database = new Database(path, { readonly: true });
      const runs = database.prepare('SELECT sign, ngrams FROM runs').raw().all();
      database.close();
      return runs;
    };
    await addDocument(corpus, 'x', sizes);
    t.same(stored(), [
      [1, 26],
      [1, 1],
    ]);
    await takeBackDocument(corpus, '3', sizes);
    t.same(stored(), [
      [1, 26],
      [1, 1],
      [-1, 1],
    ]);
    await takeBackDocument(corpus, '2', sizes);
    t.same(stored(), [[1, 19]]);
    await takeBackDocument(corpus, '1', sizes);
    t.same(stored(), []);
  },
);

t.test('what was never added is not taken away: the corpus stays as it was', async (t) => {
  const { path, reopened } = await corpusInFile(t, ['a b', 'b c'], whitespace(1));
  const database = new Database(path);
  database.prepare('UPDATE tokens SET ids = ? WHERE first = 0').run(Buffer.from([1, 1]));
  database.close();
  const corpus = await reopened();
  await t.rejects(takeBackDocument(corpus, '1'), { message: /removed 2 times/ });
  t.match(await corpus.read((snapshot) => snapshot.summary()), { version: 3, documents: 2, tokens: 4 });
});

function whitespace(order: number): CorpusSettings {
  return { tokenizer: 'whitespace', order, sequences: 'document' };
}
