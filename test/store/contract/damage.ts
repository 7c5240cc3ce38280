import type { StoredCorpus } from '../../../src/store/store.ts';
import { create, documents, later, type Register, tokenCount } from './support.ts';

export function testDamage(test: Register): void {
  test('a corpus that is found damaged is set aside until it is created again', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']]]);
    await create(store, 'other', documents, [[['a']]]);
    const corpus = await store.open('name');
    const error = await found(corpus);
    t.match(error, { code: 'corpus-damaged', corpus: { name: 'name' }, message: /one and one are three/ });
    t.match(await store.settle(error), { code: 'corpus-damaged', message: /name/ });
    t.same(await store.damaged(), ['name']);
    t.same(await store.names(), ['other']);
    t.notOk(await store.has('name'));
    await t.rejects(store.open('name'), { code: 'corpus-damaged' });
    await create(store, 'name', documents, [[['b', 'c']]], later);
    t.same(await store.damaged(), []);
    t.equal(await tokenCount(await store.open('name')), 2);
    await store.settle(error);
    t.ok(await store.has('name'), 'what was found of the first is not held against the second');
  });

  test('what is left of a damaged corpus can be removed', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']]]);
    await store.settle(await found(await store.open('name')));
    await store.remove('name');
    t.same(await store.damaged(), []);
    await t.rejects(store.open('name'), { code: 'corpus-not-found' });
    await t.rejects(store.remove('name'), { code: 'corpus-not-found' });
  });

  test('errors that are about no damage come back as they are', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']]]);
    const error = new Error('of something else');
    t.equal(await store.settle(error), error);
    t.ok(await store.has('name'));
  });

  /** What a question throws that finds a contradiction. */
  const found = (corpus: StoredCorpus): Promise<unknown> =>
    corpus
      .read(async (snapshot) => {
        throw snapshot.damage('one and one are three');
      })
      .catch((error) => error);
}
