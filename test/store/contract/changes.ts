import type { ChangeOptions } from '../../../src/store/store.ts';
import { addTexts } from '../texts.ts';
import {
  contentOf,
  create,
  documents,
  later,
  maxCorpora,
  now,
  type Register,
  tokenCount,
} from './support.ts';

export function testChanges(test: Register): void {
  test('a change makes the next version, or none where it fails', async (t, { store }) => {
    await create(store, 'name', documents, [[['a', 'b']]]);
    const corpus = await store.open('name');
    const before = await contentOf(corpus);
    t.match(before.summary, { version: 1, documents: 1, createdAt: now, updatedAt: now });
    await t.rejects(
      corpus.change(async (change) => {
        t.match(change, { version: 1, tokens: 2, knownTokens: 3, settings: documents, ref: corpus.ref });
        await addTexts(change, [[['b', 'c', 'd']]]);
        await change.keepAnswer('key', 'request', {}, later);
        t.match(await change.summary(), { version: 2, tokens: 5 }, 'which sees itself');
        throw new Error('changed its mind');
      }),
      { message: 'changed its mind' },
    );
    t.same(await contentOf(corpus), before);
    t.equal(await corpus.read((snapshot) => snapshot.hasKey('key')), false);
    const added = await corpus.change((change) => addTexts(change, [[['b', 'c', 'd']]], { now: later }));
    corpus.expectChange();
    t.match(added, [{ id: '2', tokens: 3, version: 2, createdAt: later }]);
    t.equal(await corpus.version(), 2);
    const after = await contentOf(corpus);
    t.match(after.summary, { version: 2, documents: 2, tokens: 5, createdAt: now, updatedAt: later });
  });

  test('a change that adds no document makes no version', async (t, { store }) => {
    await create(store, 'name', documents, []);
    const corpus = await store.open('name');
    await corpus.change((change) => change.keepAnswer('key', 'request', [], later));
    corpus.expectChange();
    t.equal(await corpus.version(), 1);
    t.ok(await corpus.read((snapshot) => snapshot.hasKey('key')));
  });

  test('a change that is cancelled at any of its checkpoints leaves everything as it was', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['a', 'b']]]);
    const corpus = await store.open('name');
    const before = await contentOf(corpus);
    const texts = [[['b', 'c', 'a']], [['d']]];
    let checkpoints = 0;
    for (let failsAt = 0; ; failsAt++) {
      checkpoints = 0;
      const options: ChangeOptions = {
        checkpoint: () => {
          if (checkpoints++ === failsAt) throw new Error('cancelled');
        },
      };
      try {
        await corpus.change((change) => addTexts(change, texts), options);
        break;
      } catch (error) {
        if ((error as Error).message !== 'cancelled') throw error;
      }
      t.same(await contentOf(corpus), before, `cancelled at ${failsAt}`);
    }
    t.ok(checkpoints > 3, `${checkpoints} checkpoints`);
    t.match(await contentOf(corpus), { summary: { version: 2, documents: 3 } });
  });

  test('of two changes at once one waits or is refused, and neither is lost', async (t, { store, again }) => {
    await create(store, 'name', documents, [[['a']]]);
    const corpora = [await store.open('name'), await (await again()).open('name')];
    const outcomes = await Promise.all(
      [corpora[0], corpora[0], corpora[1]].map(async (corpus) => {
        try {
          return await corpus.change((change) => addTexts(change, [[['b', 'c']]]));
        } catch (error) {
          if ((error as { code?: string }).code !== 'corpus-busy') throw error;
          return 'busy';
        }
      }),
    );
    const done = outcomes.filter((outcome) => outcome !== 'busy').length;
    t.ok(done >= 1);
    const corpus = corpora[0];
    corpus.expectChange();
    t.equal(await corpus.version(), 1 + done);
    t.equal(await tokenCount(corpus), 1 + 2 * done);
  });

  test('a change of a corpus that was removed is refused', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']]]);
    const corpus = await store.open('name');
    await store.remove('name');
    await t.rejects(
      corpus.change((change) => addTexts(change, [[['b']]])),
      { code: 'corpus-not-found' },
    );
    t.same(await store.names(), []);
  });

  test('what another has changed is seen when it is expected, or soon', async (t, { store, again }) => {
    await create(store, 'name', documents, [[['a']]]);
    const corpus = await store.open('name');
    t.equal(await corpus.version(), 1);
    const other = await (await again()).open('name');
    await other.change((change) => addTexts(change, [[['b']]]));
    corpus.expectChange();
    t.equal(await corpus.version(), 2);
    await other.change((change) => addTexts(change, [[['c']]]));
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    t.equal(await corpus.version(), 3, 'without being expected, in a later turn of the event loop');
    t.equal((await corpus.read((snapshot) => snapshot.summary())).version, 3);
  });

  test('answers are kept under their keys, for the same request alone', async (t, { store }) => {
    await store.create({ name: 'name', settings: documents, now, maxCorpora }, (change) =>
      change.keepAnswer('first', 'request 1', { created: true }, now),
    );
    const corpus = await store.open('name');
    await corpus.change(async (change) => {
      t.same(await change.answerTo('first', 'request 1'), { created: true });
      await change.keepAnswer('second', 'request 2', [1, 'two', null], later);
    });
    await corpus.read(async (snapshot) => {
      t.equal(await snapshot.hasKey('first'), true);
      t.equal(await snapshot.hasKey('third'), false);
      t.same(await snapshot.answerTo('second', 'request 2'), [1, 'two', null]);
      t.equal(await snapshot.answerTo('third', 'request 2'), undefined);
      await t.rejects(snapshot.answerTo('second', 'request 1'), { code: 'idempotency-key-reused' });
    });
    await t.rejects(
      corpus.change((change) => change.answerTo('first', 'request 2')),
      { code: 'idempotency-key-reused' },
    );
  });
}
