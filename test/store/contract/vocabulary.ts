import { UNSEEN } from '../../../src/store/store.ts';
import { reservedTokens } from '../../../src/text/reserved.ts';
import { addTexts } from '../texts.ts';
import { create, documents, lines, listOf, type Register, vocabularyOf } from './support.ts';

export function testVocabulary(test: Register): void {
  test('new words are numbered text by text, by falling count and then first appearance', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['x', 'z', 'y', 'z', 'y', 'w']]]);
    const corpus = await store.open('name');
    t.same(await vocabularyOf(corpus), ['<unk>', 'z', 'y', 'x', 'w']);
    await corpus.change((change) => addTexts(change, [[['q', 'x', 'p', 'p']], [['r', 'q', 'q', 'p', 's']]]));
    t.same(await vocabularyOf(corpus), ['<unk>', 'z', 'y', 'x', 'w', 'p', 'q', 'r', 's']);
  });

  test('words that are identified are no part of the corpus until they are added', async (t, { store }) => {
    await create(store, 'name', documents, [[['a', 'b']]]);
    const corpus = await store.open('name');
    const words = listOf(['a', 'c', 'b', 'd']);
    await corpus.change(async (change) => {
      const { ids, added } = await change.identify(words);
      t.same([...ids], [1, 3, 2, 4]);
      t.same(
        added.map((ofText) => [...ofText]),
        [[1, 3]],
      );
    });
    t.same(await vocabularyOf(corpus), ['<unk>', 'a', 'b']);
    await corpus.change(async (change) => change.addWords(await change.identify(words)));
    t.same(await vocabularyOf(corpus), ['<unk>', 'a', 'b', 'c', 'd']);
  });

  test('reserved tokens have the first ids', async (t, { store }) => {
    await create(store, 'lines', lines, [[['a'], ['b', 'a']]]);
    const corpus = await store.open('lines');
    t.same(await vocabularyOf(corpus), [...reservedTokens('line'), 'a', 'b']);
  });

  test('tokens and ids lead to each other', async (t, { store }) => {
    const words = Array.from({ length: 300 }, (_, i) => `w${i}`);
    words.push('É', 'é', '\u{10ffff}', '\u{10ffff}x', 'ab', 'abc', 'ac', '%', '_', "'", '日本');
    await create(store, 'name', documents, [[words]]);
    await (await store.open('name')).read(async (snapshot) => {
      const ids = await snapshot.tokenIds(words);
      t.same(
        [...ids],
        words.map((_, i) => i + 1),
      );
      t.same(await snapshot.tokens(ids), words);
      t.same([...(await snapshot.tokenIds(['no', 'w0', 'e', 'W0']))], [UNSEEN, 1, UNSEEN, UNSEEN]);
      await t.rejects(snapshot.tokens([1, words.length + 1]), { code: 'corpus-damaged' });
      await t.rejects(snapshot.tokens([UNSEEN]), { code: 'corpus-damaged' });
      const from: string[] = [];
      for await (const some of snapshot.vocabulary(7)) from.push(...some);
      t.same(from, words.slice(6));
      for (const prefix of ['ab', 'w29', '', 'é', '\u{10ffff}', '%', 'x', '日']) {
        const found = await snapshot.tokens(await snapshot.idsWithPrefix(prefix));
        t.same(
          found.sort(),
          ['<unk>', ...words].filter((word) => word.startsWith(prefix)).sort(),
          `with ${prefix}`,
        );
      }
    });
  });
}
