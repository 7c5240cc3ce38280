import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Level, occurrencesAt } from '../../src/index/count-index.ts';
import { RankingMemory } from '../../src/index/ranking.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { tooLargeForTrie } from '../../src/index/resident/count-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import { StoreCounts } from '../../src/index/store-source.ts';
import { readingOf } from '../estimators/oracle.ts';
import { startOn } from '../http/harness.ts';
import { openSqlite } from '../store/sqlite.ts';
import { type GivenCounts, writeCounts } from './counted-corpus.ts';
import { addCorpus, emptyStore } from './stored-corpora.ts';

const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
const [a, b] = [1, 2];

/** The counts of a text of one token `b` after `times` tokens `a`. */
function repeated(times: number): GivenCounts {
  return {
    words: ['a', 'b'],
    tokens: times + 1,
    ngrams: [
      [[a], times],
      [[b], 1],
      [[a, a], times - 1],
      [[a, b], 1],
    ],
    end: [b],
  };
}

/** A data folder with one corpus of these counts. */
async function folderOf(t: Test, name: string, counts: GivenCounts): Promise<string> {
  const { store, folder } = await openSqlite(t);
  await writeCounts(store, name, settings, counts);
  return folder;
}

const numbers = ({ order, count, contextCount, followers, once, twice }: Level) => [
  order,
  count,
  contextCount,
  followers,
  once,
  twice,
];

for (const times of [2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 3, 2 ** 32 - 2]) {
  t.test(`an index in memory has the counts of the file: ${times} times one token`, async (t) => {
    const { store: opened } = await openSqlite(t);
    const corpus = await writeCounts(opened, 'c', settings, repeated(times));
    await corpus.read(async (snapshot) => {
      const store = await new StoreCounts(new RankingMemory()).at(snapshot);
      const resident = new ResidentIndex(await buildTrie(snapshot));
      const reading = occurrencesAt([1, 2], true);
      for (const counts of [store, resident]) {
        const asked = { context: [a], word: a, reading };
        const index = await counts.prepare({ levels: [asked], rankings: [asked] });
        t.same(index.levels([a], a, reading).map(numbers), [
          [1, times, times + 1, 2, 1, 0],
          [2, times - 1, times, 2, 1, 0],
        ]);
        const [unigrams, bigrams] = index.rankings([a], reading);
        t.same([unigrams.word(0), unigrams.count(0), unigrams.count(1)], [a, times, 1]);
        t.same([bigrams.word(0), bigrams.count(0), bigrams.contextCount], [a, times - 1, times]);
        t.same(await counts.byCount(2, undefined, 1), [{ ngram: [a, a], count: times - 1 }]);
        t.same(await counts.byCount(2, { ngram: [a, a], count: times - 1 }, 2), [
          { ngram: [a, b], count: 1 },
        ]);
      }
      const [unigrams] = resident.levels([], a, readingOf([1], 2));
      t.equal(unigrams.count, 2, 'a stands after a, and begins the document');
    });
  });
}

t.test(
  'a context has any number of words that follow once and twice, below the order of the corpus',
  async (t) => {
    const [once, twice] = [66_000, 33_000];
    const pairs = Array.from({ length: once + twice }, (_, i) => (i < once ? `a o${i}` : `a t${i} a t${i}`));
    const corpus = await addCorpus(await emptyStore(t), [pairs.join(' ')], { ...settings, order: 3 });
    await corpus.read(async (snapshot) => {
      const index = new ResidentIndex(await buildTrie(snapshot));
      const [context, other] = await snapshot.tokenIds(['a', 'o0']);
      const levelOf = (context: number) =>
        numbers(index.levels([context], other, occurrencesAt([2], true))[0]);
      for (const _ of ['counted', 'kept']) {
        t.same(levelOf(context), [2, 1, once + 2 * twice, once + twice, once, twice]);
        t.same(levelOf(other), [2, 0, 1, 1, 1, 0]);
      }
    });
  },
);

for (const times of [2 ** 32 - 1, 2 ** 32, 5_000_000_000, 2 ** 52]) {
  t.test(
    `${times} times one token is answered from the file, and Kneser–Ney says why it is not`,
    async (t) => {
      const { api } = await startOn(t, await folderOf(t, 'c', repeated(times)));
      const ask = (query: object) => api.get('/v1/corpora/c/probability').query({ context: 'a', ...query });
      // Asked again, when an index would be ready.
      for (let asked = 0; asked < 3; asked++) {
        const { body } = await ask({ word: 'a', estimator: 'mle' });
        t.equal(body.probability, (times - 1) / times);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { body: top } = await api.get('/v1/corpora/c/continuations').query({ context: 'a' });
      t.same(
        top.continuations.map(({ word, count }: { word: string; count: number }) => [word, count]),
        [
          ['a', times - 1],
          ['b', 1],
        ],
      );
      t.same((await api.get('/v1/corpora/c/ngrams?order=2')).body.items[0], {
        rank: 1,
        ngram: ['a', 'a'],
        count: times - 1,
      });
      for (const estimator of ['kneser-ney', 'modified-kneser-ney']) {
        const { status, body } = await ask({ word: 'a', estimator });
        t.equal(status, 507);
        t.equal(body.type, '/problems#index-too-large');
        t.match(body.detail, `${times + 1} tokens, and an index in memory holds counts below 2^32`);
      }
      t.equal((await api.get('/v1/corpora/c/arpa')).status, 507);
    },
  );
}

t.test('an index is not built where its places or counts would not fit into their numbers', async (t) => {
  const summary = (tokens: number, distinct: number) => ({
    tokens,
    ngrams: [
      { order: 1, distinct: 10, total: tokens },
      { order: 2, distinct, total: tokens - 1 },
    ],
  });
  t.equal(tooLargeForTrie(summary(2 ** 32 - 1, 10)), undefined);
  t.match(tooLargeForTrie(summary(2 ** 32, 10)), /2\^32/);
  t.equal(tooLargeForTrie(summary(2 ** 32 - 1, Math.floor(2 ** 31 / 1.4))), undefined);
  t.match(tooLargeForTrie(summary(2 ** 32 - 1, 2 ** 31)), /2\^31 places/);
});

t.test('words are ranked exactly where counts times ids pass what a double holds', async (t) => {
  const { store } = await openSqlite(t);
  let corpora = 0;
  const word = fc.integer({ min: 4e6 - 300, max: 4e6 });
  const count = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2.5e9 - 9, max: 2.5e9 }));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(word, count), { minLength: 1, maxLength: 60, selector: ([word]) => word }),
      async (counted) => {
        const counts: [number, number][] = [[a, 2.5e9], ...counted];
        const tokens = counts.reduce((sum, [, count]) => sum + count, 0);
        const corpus = await writeCounts(
          store,
          String(corpora++),
          { ...settings, order: 1 },
          {
            words: ['a'],
            tokens,
            ngrams: counts.map(([word, count]) => [[word], count]),
          },
        );
        const [ranking] = await corpus.read(async (snapshot) => {
          const store = await new StoreCounts(new RankingMemory()).at(snapshot);
          const asked = { context: [], reading: occurrencesAt([1]) };
          const index = await store.prepare({ rankings: [asked] });
          return index.rankings(asked.context, asked.reading);
        });
        t.same(
          Array.from({ length: ranking.length }, (_, rank) => [ranking.word(rank), ranking.count(rank)]),
          counts.sort((one, other) => other[1] - one[1] || one[0] - other[0]),
        );
      },
    ),
    { numRuns: 30 },
  );
});
