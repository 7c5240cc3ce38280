import { addTexts } from '../texts.ts';
import { contentIn, contentOf, create, documents, type Register } from './support.ts';

export function testSnapshots(test: Register): void {
  test('a question is answered at one version, whatever is committed meanwhile', async (t, {
    store,
    again,
  }) => {
    await create(store, 'name', documents, [[['a', 'b']]]);
    const corpus = await store.open('name');
    const other = await (await again()).open('name');
    await corpus.read(async (snapshot) => {
      const before = await contentIn(snapshot);
      await other.change((change) => addTexts(change, [[['b', 'c']]]));
      await corpus.change((change) => addTexts(change, [[['c', 'd']]]));
      t.same(await contentIn(snapshot), before);
      t.equal(snapshot.version, 1);
      corpus.expectChange();
      const newer = await contentOf(corpus);
      t.equal(newer.summary.version, 3, 'while another question is answered at a newer one');
      await corpus.maintain();
      t.same(await contentIn(snapshot), before, 'also while what it reads is merged');
    });
    t.match(await contentOf(corpus), { summary: { version: 3 } });
  });

  test('a question that throws ends, and the next is answered', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']]]);
    const corpus = await store.open('name');
    for (let i = 0; i < 3; i++) {
      await t.rejects(
        corpus.read(async (snapshot) => {
          await snapshot.summary();
          throw new Error('a question of its own');
        }),
        { message: 'a question of its own' },
      );
    }
    await t.rejects(
      corpus.read(async (snapshot) => {
        for await (const _ of snapshot.ngrams(1)) throw new Error('in the middle of a batch');
      }),
      { message: 'in the middle of a batch' },
    );
    await corpus.change((change) => addTexts(change, [[['b']]]));
    t.equal((await contentOf(corpus)).summary.version, 2, 'at the newest version');
    await corpus.maintain();
  });

  test('many questions are answered at once', async (t, { store }) => {
    await create(store, 'name', documents, [[['a', 'b', 'c']]]);
    const corpus = await store.open('name');
    const found = await Promise.all(
      Array.from({ length: 20 }, () =>
        corpus.read(async (snapshot) => {
          await new Promise((resolve) => setImmediate(resolve));
          return (await snapshot.summary()).tokens;
        }),
      ),
    );
    t.same(found, Array(20).fill(3));
  });
}
