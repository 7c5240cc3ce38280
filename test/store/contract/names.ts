import type { CorpusSettings } from '../../../src/store/store.ts';
import { addTexts } from '../texts.ts';
import { create, documents, later, lines, maxCorpora, now, type Register, tokenCount } from './support.ts';

export function testNames(test: Register): void {
  test('a corpus is there under its name from the moment it is created until it is removed', async (t, {
    store,
  }) => {
    t.same(await store.names(), []);
    for (const name of ['b', 'a-1', 'c']) await create(store, name, documents, [[['x', 'y']]]);
    t.same(await store.names(), ['a-1', 'b', 'c']);
    t.ok(await store.has('b'));
    t.notOk(await store.has('B'));
    const corpus = await store.open('b');
    t.equal(corpus.ref.name, 'b');
    t.same(corpus.settings, documents);
    t.same(await corpus.version(), 1);
    t.ok(await store.opensAtOnce('b'));
    await store.remove('b');
    t.same(await store.names(), ['a-1', 'c']);
    await t.rejects(store.open('b'), { code: 'corpus-not-found' });
    await t.rejects(store.remove('b'), { code: 'corpus-not-found' });
    await t.rejects(store.open('d'), { code: 'corpus-not-found' });
  });

  test('settings come back as they were given, with those that are optional and without', async (t, {
    store,
  }) => {
    const settings: CorpusSettings = { tokenizer: 'unicode', order: 2, sequences: 'line', locale: 'tr' };
    await create(store, 'turkish', settings, []);
    t.same((await store.open('turkish')).settings, settings);
    const blank: CorpusSettings = { ...lines, blankLines: 'sentence' };
    await create(store, 'blank', blank, []);
    const corpus = await store.open('blank');
    t.same(corpus.settings, blank);
    t.equal((await corpus.read((snapshot) => snapshot.summary())).blankLines, 'sentence');
    t.same((await store.open('turkish')).settings, settings);
  });

  test('a name is given once, and what was written for a second corpus of it is gone', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['x']]]);
    t.equal(await create(store, 'name', lines, [[['y', 'z']]]), undefined);
    t.same((await store.open('name')).settings, documents);
    const both = await Promise.all([
      create(store, 'other', documents, [[['a']]]),
      create(store, 'other', documents, [[['a']]]),
    ]);
    t.equal(both.filter((created) => created !== undefined).length, 1);
  });

  test('there are no more corpora than there may be', async (t, { store }) => {
    await create(store, 'first', documents, []);
    const second = { name: 'second', settings: documents, now, maxCorpora: 1 };
    await t.rejects(
      store.create(second, async () => 1),
      { code: 'too-many-corpora' },
    );
    t.same(await store.names(), ['first']);
    t.equal(await store.create({ ...second, name: 'first' }, async () => 1), undefined, 'nor is one added');
    await store.remove('first');
    t.equal(await store.create(second, async () => 1), 1);
  });

  test('a corpus whose writing fails is not created', async (t, { store }) => {
    const corpus = { name: 'name', settings: documents, now, maxCorpora };
    const failed = store.create(corpus, async (change) => {
      await addTexts(change, [[['x', 'y']]]);
      throw new Error('changed its mind');
    });
    await t.rejects(failed, { message: 'changed its mind' });
    t.same(await store.names(), []);
    await create(store, 'name', documents, [[['z']]]);
    t.same(await (await store.open('name')).read(async (snapshot) => (await snapshot.summary()).tokens), 1);
  });

  test('a corpus that is created under the name of another is another', async (t, { store, again }) => {
    await create(store, 'name', documents, [[['old']]]);
    const old = await store.open('name');
    await store.remove('name');
    await create(store, 'name', documents, [[['new', 'new']]], later);
    const other = await again();
    for (const opened of [await store.open('name'), await other.open('name')]) {
      t.not(opened.ref.id, old.ref.id);
      t.equal(await tokenCount(opened), 2);
    }
    await t.rejects(
      old.change((change) => addTexts(change, [[['lost']]])),
      { code: 'corpus-not-found' },
    );
    t.equal(await tokenCount(await store.open('name')), 2);
  });

  test('what a store tells of a corpus without waiting is what it tells when it is asked', async (t, {
    store,
  }) => {
    t.equal(store.opened('name'), undefined);
    await create(store, 'name', documents, [[['x']]]);
    const corpus = await store.open('name');
    t.ok([undefined, corpus].includes(store.opened('name')));
    t.ok([undefined, 1].includes(corpus.versionNow()));
    await corpus.change((change) => addTexts(change, [[['y']]]));
    corpus.expectChange();
    t.ok([undefined, 2].includes(corpus.versionNow()));
    await store.remove('name');
    t.equal(store.opened('name'), undefined);
  });

  test('a corpus has one id, whoever opens it', async (t, { store, again }) => {
    await create(store, 'name', documents, []);
    const other = await again();
    t.same((await other.open('name')).ref, (await store.open('name')).ref);
  });

  test('the store says that it works, and how large it is', async (t, { store }) => {
    await store.probe();
    await create(store, 'name', documents, [[['x', 'y']]]);
    const { corpora, temporary, disk } = await store.sizes();
    t.same([...corpora.keys()], ['name']);
    t.ok((corpora.get('name') as number) > 0);
    t.type(temporary, 'number');
    if (disk !== undefined) t.ok(disk.free <= disk.total);
  });
}
