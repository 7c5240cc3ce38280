import type { Test } from 'tap';
import { copyCorpus } from '../../../src/ingest/copy-corpus.ts';
import type { CorpusSettings, Snapshot, Store } from '../../../src/store/store.ts';
import { MemoryStore } from '../memory-store.ts';
import { addTexts, takeBack } from '../texts.ts';
import { contentIn, create, documents, later, lines, maxCorpora, type Register } from './support.ts';

const options = { as: 'copy', maxCorpora };

/** A corpus whose first and last documents have been removed, with many that are short and one that is long. */
async function corpusOf(settings: CorpusSettings): Promise<Store> {
  const store = new MemoryStore();
  const long = Array.from({ length: 300 }, (_, i) => `w${(i * i) % 37}`);
  await create(store, 'book', settings, [[['a', 'b', 'a']], [long], [[]], [['b']]]);
  const corpus = await store.open('book');
  await corpus.change(async (change) => {
    await addTexts(change, [[['c', 'd'], ['a']], [['gone']]], {
      now: later,
      ids: ['mine', 'last'],
      labels: { title: 'Time’s machine', date: '1895-05' },
    });
    await change.keepAnswer('key', 'request', { status: 201 }, later);
  });
  for (const id of ['1', 'last']) await corpus.change((change) => takeBack(change, id, later));
  return store;
}

/** All that a corpus has, with what only a copy of it reads. */
async function everythingIn(snapshot: Snapshot) {
  const answers = [];
  for await (const some of snapshot.keptAnswers()) answers.push(...some);
  return {
    ...(await contentIn(snapshot)),
    history: await snapshot.history(),
    createdFrom: await snapshot.createdFrom(),
    answers,
  };
}

const everythingOf = async (store: Store, name: string) => (await store.open(name)).read(everythingIn);

/** What the contract says of copies into a store and out of it. */
export function testCopies(test: Register): void {
  for (const settings of [documents, lines, { ...documents, order: 1 }]) {
    const kind = `${settings.sequences}, order ${settings.order}`;
    test(`a copy has everything that the corpus has, and so has a copy of it: ${kind}`, async (t, {
      store,
    }) => {
      const origin = await corpusOf(settings);
      const expected = await everythingOf(origin, 'book');
      t.match(expected, {
        history: { version: 4, lastOrdinal: 6, createdDocuments: 4 },
        createdFrom: undefined,
      });
      await copyCorpus(origin, 'book', store, options);
      t.same(await everythingOf(store, 'copy'), expected);
      const back = new MemoryStore();
      await copyCorpus(store, 'copy', back, { as: 'book', maxCorpora });
      t.same(await everythingOf(back, 'book'), expected);
    });

    test(`changes of a copy have the result that they have in the corpus: ${kind}`, async (t, { store }) => {
      const origin = await corpusOf(settings);
      await copyCorpus(origin, 'book', store, options);
      const corpora = [await origin.open('book'), await store.open('copy')];
      for (const corpus of corpora) {
        await corpus.change((change) => takeBack(change, '2', later));
        await corpus.change((change) => addTexts(change, [[['b', 'new', 'a']]], { now: later }));
        await corpus.change((change) => takeBack(change, 'mine', later));
      }
      const [expected, found] = await Promise.all(corpora.map((corpus) => corpus.read(everythingIn)));
      t.same(found, expected);
      t.match(expected.documents.at(-1), { ordinal: 7, id: '7', version: 6 });
    });
  }

  test('a corpus is not copied where its name exists', async (t, { store }) => {
    const origin = await corpusOf(documents);
    await create(store, 'copy', documents, [[['other']]]);
    const before = await everythingOf(store, 'copy');
    await t.rejects(copyCorpus(origin, 'book', store, options), { code: 'corpus-exists', message: /"copy"/ });
    t.same(await everythingOf(store, 'copy'), before);
  });

  test('a copy that fails leaves nothing', async (t, { store }) => {
    for (const method of ['vocabulary', 'readTokens', 'documents', 'ngrams'] as const) {
      await failsAt(t, method, store);
    }
  });

  test('a copy that is not equal is not kept', async (t, { store }) => {
    const origin = withSnapshots(await corpusOf(documents), (snapshot) => {
      const summary = snapshot.summary.bind(snapshot);
      return Object.assign(snapshot, { summary: async () => ({ ...(await summary()), tokenIds: 7 }) });
    });
    await t.rejects(copyCorpus(origin, 'book', store, options), { message: /other tokenIds .*: \d+ for 7/ });
    t.same(await store.names(), []);
  });
}

async function failsAt(t: Test, method: 'vocabulary' | 'readTokens' | 'documents' | 'ngrams', store: Store) {
  const origin = withSnapshots(await corpusOf(documents), (snapshot) =>
    Object.assign(snapshot, {
      [method]: () => {
        throw new Error('It broke.');
      },
    }),
  );
  await t.rejects(copyCorpus(origin, 'book', store, options), { message: 'It broke.' }, method);
  t.same(await store.names(), []);
}

/** A store whose snapshots are changed before they are read. */
function withSnapshots(store: Store, change: (snapshot: Snapshot) => Snapshot): Store {
  return Object.assign(store, {
    open: async () => ({
      read: async <T>(question: (snapshot: Snapshot) => Promise<T>) =>
        (await MemoryStore.prototype.open.call(store, 'book')).read((snapshot) => question(change(snapshot))),
    }),
  }) as unknown as Store;
}
