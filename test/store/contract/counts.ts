import { compareNGrams } from '../../../src/ngrams/ngram-stream.ts';
import { UNSEEN } from '../../../src/store/store.ts';
import { addTexts, runOfCounts } from '../texts.ts';
import {
  allOf,
  contentOf,
  countsIn,
  create,
  documents,
  entriesOf,
  lines,
  listOf,
  ngramsOf,
  type Register,
} from './support.ts';

export function testCounts(test: Register): void {
  test('counts, contexts and continuations come in one answer, in the order of the request', async (t, {
    store,
  }) => {
    await create(store, 'name', documents, [[['a', 'b', 'a', 'b', 'c']], [['b', 'a']]]);
    await (await store.open('name')).read(async (snapshot) => {
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
        sums: [[b], [a, b], [c], [UNSEEN], [b]],
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
      const nothing = { total: 0, followers: 0, once: 0, twice: 0 };
      t.same(asked.sums, [
        { total: 3, followers: 2, once: 1, twice: 1 },
        { total: 2, followers: 2, once: 2, twice: 0 },
        nothing,
        nothing,
        { total: 3, followers: 2, once: 1, twice: 1 },
      ]);
      t.same(await snapshot.counts({}), {
        ngrams: [],
        contexts: new Float64Array(0),
        continuations: [],
        sums: [],
      });
    });
  });

  test('a line is followed by its end, and its start is no word', async (t, { store }) => {
    await create(store, 'name', lines, [[['a', 'b'], ['a']]]);
    await (await store.open('name')).read(async (snapshot) => {
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
    await corpus.read(async (snapshot) => {
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
    await corpus.read(async (snapshot) => {
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
