/**
 * What every store has to do, whatever it is made of. A new store passes when `storeContract` passes for it.
 */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { compareNGrams } from '../../src/ngrams/ngram-stream.ts';
import {
  type ChangeOptions,
  type CorpusSettings,
  type CountedNGrams,
  type NGrams,
  type Snapshot,
  type Store,
  type StoredCorpus,
  UNSEEN,
  type WordList,
} from '../../src/store/store.ts';
import { reservedTokens } from '../../src/text/reserved.ts';
import { addTexts, describe, type Lines, runOfCounts, sequencesOf, streamOf, takeBack } from './texts.ts';

/** A store that is empty at first, to be closed when the test ends; `again` opens it once more, as another process does. */
export interface StoreUnderTest {
  store: Store;
  again(): Promise<Store>;
}

const now = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T00:00:00.000Z';
const documents: CorpusSettings = { tokenizer: 'whitespace', order: 3, sequences: 'document' };
const lines: CorpusSettings = { ...documents, sequences: 'line' };
const maxCorpora = 100;

/** Registers the tests of a store, under its name. */
export function storeContract(name: string, open: (t: Test) => Promise<StoreUnderTest>): void {
  const test = (title: string, run: (t: Test, under: StoreUnderTest) => Promise<void>) =>
    t.test(`${name}: ${title}`, async (t) => run(t, await open(t)));
  testNames(test);
  testChanges(test);
  testVocabulary(test);
  testCounts(test);
  testTexts(test);
  testSnapshots(test);
  testDamage(test);
}

type Register = (title: string, run: (t: Test, under: StoreUnderTest) => Promise<void>) => void;

function testNames(test: Register): void {
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

  test('settings come back as they were given, with a locale and without', async (t, { store }) => {
    const settings: CorpusSettings = { tokenizer: 'unicode', order: 2, sequences: 'line', locale: 'tr' };
    await create(store, 'turkish', settings, []);
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
    t.same(await read(await store.open('name'), async (snapshot) => (await snapshot.summary()).tokens), 1);
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

function testChanges(test: Register): void {
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
    t.equal(await read(corpus, (snapshot) => snapshot.hasKey('key')), false);
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
    t.ok(await read(corpus, (snapshot) => snapshot.hasKey('key')));
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
    t.equal((await read(corpus, (snapshot) => snapshot.summary())).version, 3);
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
    await read(corpus, async (snapshot) => {
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

function testVocabulary(test: Register): void {
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
    await read(await store.open('name'), async (snapshot) => {
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

function testCounts(test: Register): void {
  test('counts, contexts and continuations come in one answer, in the order of the request', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['a', 'b', 'a', 'b', 'c']], [['b', 'a']]]);
    await read(await store.open('name'), async (snapshot) => {
      const [a, b, c] = await snapshot.tokenIds(['a', 'b', 'c']);
      const ngrams = [
        ngramsOf([[a], [c], [UNSEEN]]),
        ngramsOf([
          [b, a],
          [a, b],
          [c, a],
          [a, UNSEEN],
        ]),
        ngramsOf([[a, b, c]]),
      ];
      const asked = await snapshot.counts({
        ngrams,
        contexts: [[], [c], [a], [a, b], [b, a], [b, UNSEEN]],
        continuations: [[b], [], [c], [a, b], [UNSEEN]],
      });
      t.same(asked.ngrams, [Float64Array.of(3, 1, 0), Float64Array.of(2, 2, 0, 0), Float64Array.of(1)]);
      t.same(asked.contexts, Float64Array.of(7, 0, 2, 2, 1, 0), 'n(h·) is less than n(h) by its ends');
      t.same(asked.continuations, [
        { words: Uint32Array.of(a, c), counts: Float64Array.of(2, 1) },
        { words: Uint32Array.of(a, b, c), counts: Float64Array.of(3, 3, 1) },
        { words: Uint32Array.of(), counts: Float64Array.of() },
        { words: Uint32Array.of(a, c), counts: Float64Array.of(1, 1) },
        { words: Uint32Array.of(), counts: Float64Array.of() },
      ]);
      t.same(await snapshot.counts({}), { ngrams: [], contexts: new Float64Array(0), continuations: [] });
    });
  });

  test('a line is followed by its end, and its start is no word', async (t, { store }) => {
    await create(store, 'name', lines, [[['a', 'b'], ['a']]]);
    await read(await store.open('name'), async (snapshot) => {
      const [start, end, a] = await snapshot.tokenIds(['<s>', '</s>', 'a']);
      const { ngrams, contexts, continuations } = await snapshot.counts({
        ngrams: [ngramsOf([[start], [end]]), ngramsOf([[start, a]])],
        contexts: [[], [start], [end], [a], [a, end]],
        continuations: [[], [start], [end]],
      });
      t.same(ngrams, [Float64Array.of(2, 2), Float64Array.of(2)]);
      t.same(contexts, Float64Array.of(5, 2, 0, 2, 0));
      t.same(
        continuations.map(({ words }) => words.includes(start)),
        [false, false, false],
      );
      t.same(continuations[1], { words: Uint32Array.of(a), counts: Float64Array.of(2) });
      t.same((await snapshot.summary()).ngrams[0], { order: 1, distinct: 3, total: 5 });
      t.same(await snapshot.countsOfCounts(1), [
        { count: 2, ngrams: 2 },
        { count: 1, ngrams: 1 },
      ]);
      t.equal((await snapshot.sequenceEnds(1)).length, 0, 'no n-gram is followed by nothing');
    });
  });

  test('counts of any size are kept as they are', async (t, { store }) => {
    const large = 2 ** 40 + 7;
    await create(store, 'name', documents, []);
    const corpus = await store.open('name');
    await corpus.change(async (change) => {
      await change.addWords(await change.identify(listOf(['a', 'b'])));
      await change.addRun(
        runOfCounts([
          [[1], large],
          [[2], 1],
          [[1, 2], 300],
        ]),
      );
    });
    await corpus.change(async (change) => {
      await change.addRun(
        runOfCounts([
          [[1], large],
          [[1, 2], 1],
        ]),
      );
      await change.addRun(
        runOfCounts([
          [[2], 1],
          [[1, 2], 2],
        ]),
        -1,
      );
    });
    await read(corpus, async (snapshot) => {
      t.same(await countsIn(snapshot, 1), [['1', 2 * large]]);
      t.same(await countsIn(snapshot, 2), [['1,2', 299]]);
      t.same(await snapshot.countsOfCounts(1), [{ count: 2 * large, ngrams: 1 }]);
    });
    await t.rejects(
      corpus.change((change) => change.addRun(runOfCounts([[[1, 2], 300]]), -1)),
      'more cannot be taken away than there is',
    );
  });

  test('n-grams come sorted, from any place on, in batches', async (t, { store }) => {
    const words = Array.from({ length: 900 }, (_, i) => `w${(i * i) % 31}`);
    await create(store, 'name', documents, [[words]]);
    const corpus = await store.open('name');
    await corpus.change((change) => addTexts(change, [[words.slice(0, 100).reverse()], [['w1', 'v']]]));
    await read(corpus, async (snapshot) => {
      for (const order of [1, 2, 3]) {
        const all = await allOf(snapshot.ngrams(order));
        t.ok(all.every(({ ngram }, i) => i === 0 || compareNGrams(all[i - 1].ngram, ngram, order) < 0));
        for (let length = 0; length <= order; length++) {
          for (const place of [0, 1, Math.floor(all.length / 2), all.length - 1]) {
            const { ngram } = all[place];
            for (const from of [
              ngram.slice(0, length),
              [...ngram.slice(0, length - 1), ngram[length - 1] + 1],
            ]) {
              if (from.some(Number.isNaN)) continue;
              const expected = all.filter((other) => compareNGrams(other.ngram, from, from.length) >= 0);
              t.same(await allOf(snapshot.ngrams(order, from)), expected, `order ${order} from ${from}`);
            }
          }
        }
        for (const least of [2, 5, 50]) {
          const frequent = all.filter(({ count }) => count >= least);
          const found = await allOf(snapshot.ngrams(order, [], least));
          t.same(
            found.filter(({ count }) => count >= least),
            frequent,
            `at least ${least} times`,
          );
          t.ok(found.length <= all.length);
          const among = await snapshot.frequentNGrams(order, least);
          if (among === undefined) continue;
          const listed = entriesOf(among).sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
          t.same(
            listed.filter(({ count }) => count >= least),
            frequent,
          );
        }
      }
      for await (const batch of snapshot.ngrams(2)) {
        t.equal(batch.ids.length, 2 * batch.length);
        t.equal(batch.counts.length, batch.length);
        break;
      }
    });
  });

  test('blocks may come in any pieces, and from an asynchronous source', async (t, { store }) => {
    const text = Array.from({ length: 200 }, (_, i) => `w${(i * 7) % 13}`);
    const contents = [];
    for (const [i, cuts] of [
      { blockNGrams: 128, pieceNGrams: 1000 },
      { blockNGrams: 1, pieceNGrams: 1 },
      { blockNGrams: 3, pieceNGrams: 10 },
    ].entries()) {
      await create(store, `name-${i}`, documents, []);
      const corpus = await store.open(`name-${i}`);
      for (let times = 0; times < 2; times++) {
        await corpus.change((change) => addTexts(change, [[text]], { cuts, isAsync: i === 2 }));
      }
      contents.push(await contentOf(corpus));
    }
    t.same(contents[1], contents[0]);
    t.same(contents[2], contents[0]);
  });
}

function testTexts(test: Register): void {
  test('the token stream is read at any place, and closes up where a document is taken out', async (t, {
    store,
  }) => {
    const texts = [1500, 700, 1, 900].map((length, i) =>
      Array.from({ length }, (_, at) => `w${(at * (i + 3)) % (i === 3 ? 400 : 90)}`),
    );
    await create(
      store,
      'name',
      documents,
      texts.slice(0, 2).map((text) => [text]),
    );
    const corpus = await store.open('name');
    await corpus.change((change) =>
      addTexts(
        change,
        texts.slice(2).map((text) => [text]),
      ),
    );
    const check = async (expected: string[]) =>
      read(corpus, async (snapshot) => {
        const ids = [...(await snapshot.tokenIds(expected))];
        t.equal((await snapshot.summary()).tokens, ids.length);
        for (const [first, length] of [
          [0, ids.length],
          [ids.length - 1, 1],
          [495, 3],
          [700, 0],
          [1400, 1100],
        ]) {
          const target = new Int32Array(Math.min(length, ids.length - first));
          await snapshot.readTokens(first, target);
          t.same([...target], ids.slice(first, first + length), `${length} from ${first}`);
        }
      });
    await check(texts.flat());
    await corpus.change((change) => takeBack(change, '2'));
    await check([...texts[0], ...texts[2], ...texts[3]]);
    await corpus.change((change) => addTexts(change, [[texts[1]]]));
    await check([...texts[0], ...texts[2], ...texts[3], ...texts[1]]);
    await corpus.change(async (change) => {
      const target = new Int32Array(2);
      await change.readTokens(change.tokens - 2, target);
      const ids = await read(corpus, (snapshot) => snapshot.tokenIds(texts[1].slice(-2)));
      t.same([...target], [...ids], 'within a change');
    });
  });

  test('documents are listed by their ordinals, which are never given again', async (t, { store }) => {
    await create(store, 'name', documents, [[['a']], [['b', 'c']]]);
    const corpus = await store.open('name');
    await corpus.change((change) =>
      addTexts(change, [[['d']], [['e']], [['f']]], { ids: ['5', undefined as never, 'x'], now: later }),
    );
    const listed = await read(corpus, (snapshot) => snapshot.documents(0, 10));
    t.same(
      listed.map(({ ordinal, id }) => [ordinal, id]),
      [
        [1, '1'],
        [2, '2'],
        [3, '5'],
        [4, '4'],
        [5, 'x'],
      ],
    );
    t.match(listed[1], { ...describe(['b', 'c']), version: 1, createdAt: now });
    t.same(await read(corpus, (snapshot) => snapshot.documents(2, 2)), listed.slice(2, 4));
    t.same(await read(corpus, (snapshot) => snapshot.documents(5, 2)), []);
    const { ordinal: _, ...second } = listed[1];
    t.same(await read(corpus, (snapshot) => snapshot.document('2')), second);
    t.equal(await read(corpus, (snapshot) => snapshot.document('6')), undefined);
    await corpus.change(async (change) => {
      t.match(await change.document('2'), { ordinal: 2, first: 1, tokens: 2, id: '2' });
      t.match(await change.document('x'), { ordinal: 5, first: 5 });
      t.equal(await change.document('6'), undefined);
      await takeBack(change, 'x');
    });
    t.same(await read(corpus, (snapshot) => snapshot.documents(0, 10)), listed.slice(0, 4));
    const added = await corpus.change((change) => addTexts(change, [[['g']]]));
    t.equal(added[0].id, '6', 'a number that is free, and was not given to another');
    t.same(
      (await read(corpus, (snapshot) => snapshot.documents(4, 10))).map(({ ordinal }) => ordinal),
      [6],
    );
  });

  test('a corpus knows what it was created from, until one of the texts is taken back', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['a']], [['b', 'c']]]);
    const corpus = await store.open('name');
    const hashes = [['a'], ['b', 'c']].map((tokens) => describe(tokens).sha256);
    t.same(await read(corpus, (snapshot) => snapshot.createdFrom()), hashes);
    await corpus.change((change) => addTexts(change, [[['d']]]));
    t.same(await read(corpus, (snapshot) => snapshot.createdFrom()), hashes);
    await corpus.change((change) => takeBack(change, '3'));
    t.same(await read(corpus, (snapshot) => snapshot.createdFrom()), hashes);
    await corpus.change((change) => takeBack(change, '1'));
    t.equal(await read(corpus, (snapshot) => snapshot.createdFrom()), undefined);
    await create(store, 'empty', documents, []);
    t.same(await read(await store.open('empty'), (snapshot) => snapshot.createdFrom()), []);
  });

  for (const settings of [documents, lines]) {
    test(`whatever is added and taken back, all is as counted by brute force: sequences of a ${settings.sequences}`, async (t, {
      store,
    }) => {
      let corpora = 0;
      const line = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 8 });
      const text = fc.array(line, { minLength: 1, maxLength: settings.sequences === 'line' ? 3 : 1 });
      const step = fc.oneof(
        fc.record({ add: fc.array(text, { minLength: 1, maxLength: 3 }) }),
        fc.record({ takeBack: fc.nat() }),
        fc.constant('maintain' as const),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(text, { maxLength: 2 }),
          fc.array(step, { maxLength: 8 }),
          async (first, steps) => {
            const name = `name-${corpora++}`;
            await create(store, name, settings, first);
            const corpus = await store.open(name);
            const there = first.map((lines, i) => ({ id: String(i + 1), lines }));
            for (const step of steps) {
              if (step === 'maintain') await corpus.maintain();
              else if ('add' in step) {
                const added = await corpus.change((change) => addTexts(change, step.add));
                there.push(...added.map(({ id }, i) => ({ id, lines: step.add[i] })));
              } else if (there.length > 0) {
                const [{ id }] = there.splice(step.takeBack % there.length, 1);
                await corpus.change((change) => takeBack(change, id));
              }
            }
            await checkCounts(
              t,
              corpus,
              there.map(({ lines }) => lines),
            );
          },
        ),
        { numRuns: 30 },
      );
    });
  }

  test('maintenance changes no answer and no version, and is done some time', async (t, { store }) => {
    await create(store, 'name', documents, [[['a', 'b', 'c']]]);
    const corpus = await store.open('name');
    t.equal(await corpus.needsMaintenance(), false);
    for (let i = 0; i < 10; i++)
      await corpus.change((change) => addTexts(change, [[['b', 'c', `w${i % 4}`]]]));
    for (const id of ['3', '4', '5', '6']) await corpus.change((change) => takeBack(change, id));
    const before = await contentOf(corpus);
    await corpus.maintain();
    t.same(await contentOf(corpus), before);
    t.equal(await corpus.needsMaintenance(), false);
    corpus.expectChange();
    t.equal(await corpus.version(), before.summary.version);
  });
}

function testSnapshots(test: Register): void {
  test('a question is answered at one version, whatever is committed meanwhile', async (t, {
    store,
    again,
  }) => {
    await create(store, 'name', documents, [[['a', 'b']]]);
    const corpus = await store.open('name');
    const other = await (await again()).open('name');
    await read(corpus, async (snapshot) => {
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

function testDamage(test: Register): void {
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

/** Creates a corpus of texts. */
function create(
  store: Store,
  name: string,
  settings: CorpusSettings,
  texts: readonly Lines[],
  createdAt = now,
) {
  return store.create({ name, settings, now: createdAt, maxCorpora }, (change) =>
    addTexts(change, texts, { now: createdAt }),
  );
}

function read<T>(corpus: StoredCorpus, question: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return corpus.read(question);
}

/** All that a corpus answers. */
function contentOf(corpus: StoredCorpus) {
  return corpus.read(contentIn);
}

async function contentIn(snapshot: Snapshot) {
  const summary = await snapshot.summary();
  const orders = Array.from({ length: snapshot.settings.order }, (_, i) => i + 1);
  const tokens = new Int32Array(summary.tokens);
  await snapshot.readTokens(0, tokens);
  const counts = [];
  for (const order of orders) counts.push(await countsIn(snapshot, order));
  const vocabulary: string[] = [];
  for await (const some of snapshot.vocabulary(0)) vocabulary.push(...some);
  const countsOfCounts = [];
  const ends = [];
  for (const order of orders) {
    countsOfCounts.push(await snapshot.countsOfCounts(order));
    ends.push(
      entriesOf(await snapshot.sequenceEnds(order))
        .map(({ ngram, count }) => `${ngram}: ${count}`)
        .sort(),
    );
  }
  const documents = await snapshot.documents(0, 1000);
  return { summary, tokens: [...tokens], counts, vocabulary, countsOfCounts, ends, documents };
}

/** Compares all counts with those of the texts that are there, counted by brute force. */
async function checkCounts(t: Test, corpus: StoredCorpus, texts: readonly Lines[]): Promise<void> {
  const { sequences, order } = corpus.settings;
  await corpus.read(async (snapshot) => {
    const stream = texts.flatMap((lines) => streamOf(lines, sequences));
    const identify = async (tokens: readonly string[]) => [...(await snapshot.tokenIds(tokens))];
    const parts = await Promise.all(texts.flatMap((lines) => sequencesOf(lines, sequences)).map(identify));
    const expected = countsOfRun(parts, order);
    const summary = await snapshot.summary();
    t.match(summary, { tokens: stream.length, documents: texts.length });
    const tokens = new Int32Array(stream.length);
    await snapshot.readTokens(0, tokens);
    t.same([...tokens], await identify(stream));
    const [sequenceStart] = await identify(['<s>']);
    for (const [i, counts] of expected.entries()) {
      t.same(await countsIn(snapshot, i + 1), counts, `order ${i + 1}`);
      const ofWords = counts.filter(([key]) => key !== String(sequenceStart));
      t.same(summary.ngrams[i], {
        order: i + 1,
        distinct: ofWords.length,
        total: ofWords.reduce((sum, [, count]) => sum + count, 0),
      });
      const countsOfCounts = new Map<number, number>();
      for (const [, count] of ofWords) countsOfCounts.set(count, (countsOfCounts.get(count) ?? 0) + 1);
      t.same(
        (await snapshot.countsOfCounts(i + 1)).map(({ count, ngrams }) => [count, ngrams]),
        [...countsOfCounts].sort(([a], [b]) => b - a),
      );
      await checkContexts(t, snapshot, parts, i);
    }
  });
}

/** Compares what follows each context of `length` tokens. */
async function checkContexts(t: Test, snapshot: Snapshot, parts: readonly number[][], length: number) {
  const [sequenceStart] = await snapshot.tokenIds(['<s>']);
  const followers = new Map<string, Map<number, number>>();
  for (const ids of parts) {
    for (let at = length; at < ids.length; at++) {
      if (ids[at] === sequenceStart) continue;
      const key = ids.slice(at - length, at).join();
      const words = followers.get(key) ?? new Map<number, number>();
      words.set(ids[at], (words.get(ids[at]) ?? 0) + 1);
      followers.set(key, words);
    }
  }
  const contexts = [...followers.keys()].map((key) => (key === '' ? [] : key.split(',').map(Number)));
  const found = await snapshot.counts({ contexts, continuations: contexts });
  for (const [i, words] of [...followers.values()].entries()) {
    const sorted = [...words].sort(([a], [b]) => a - b);
    t.equal(
      found.contexts[i],
      sorted.reduce((sum, [, count]) => sum + count, 0),
      `n(${contexts[i]} ·)`,
    );
    t.same(
      [...found.continuations[i].words],
      sorted.map(([word]) => word),
    );
    t.same(
      [...found.continuations[i].counts],
      sorted.map(([, count]) => count),
    );
  }
}

/** The counts of all n-grams of sequences of ids, each by its ids joined with commas, sorted. */
function countsOfRun(parts: readonly number[][], order: number): [string, number][][] {
  return Array.from({ length: order }, (_, i) => {
    const counts = new Map<string, number>();
    for (const ids of parts) {
      for (let at = 0; at + i < ids.length; at++) {
        const key = ids.slice(at, at + i + 1).join();
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    const idsOf = (key: string) => key.split(',').map(Number);
    return [...counts].sort(([a], [b]) => compareNGrams(idsOf(a), idsOf(b), i + 1));
  });
}

async function countsIn(snapshot: Snapshot, order: number): Promise<[string, number][]> {
  return (await allOf(snapshot.ngrams(order))).map(({ ngram, count }) => [ngram.join(), count]);
}

async function allOf(batches: AsyncIterable<CountedNGrams>) {
  const all: { ngram: number[]; count: number }[] = [];
  for await (const batch of batches) all.push(...entriesOf(batch));
  return all;
}

function entriesOf({ order, length, ids, counts }: CountedNGrams) {
  return Array.from({ length }, (_, i) => ({
    ngram: [...ids.subarray(i * order, (i + 1) * order)],
    count: counts[i],
  }));
}

function ngramsOf(ngrams: readonly (readonly number[])[]): NGrams {
  return { order: ngrams[0].length, length: ngrams.length, ids: Uint32Array.from(ngrams.flat()) };
}

/** Distinct words, each once, of one text. */
function listOf(tokens: readonly string[]): WordList {
  return { size: tokens.length, token: (word) => tokens[word], count: () => 1, afterTexts: [tokens.length] };
}

async function vocabularyOf(corpus: StoredCorpus): Promise<string[]> {
  return (await contentOf(corpus)).vocabulary;
}

function tokenCount(corpus: StoredCorpus): Promise<number> {
  return corpus.read(async (snapshot) => (await snapshot.summary()).tokens);
}
