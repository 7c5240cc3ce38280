import fc from 'fast-check';
import t from 'tap';
import { type Level, occurrencesAt, type RankedContinuations } from '../../src/index/count-index.ts';
import type { Batches, CountSource, RowReader, TokenRow } from '../../src/index/count-source.ts';
import { RankingMemory } from '../../src/index/ranking.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import { StoreCounts } from '../../src/index/store-source.ts';
import type { Snapshot } from '../../src/store/store.ts';
import { OracleIndex, readingOf } from '../estimators/oracle.ts';
import { sequencesOf } from '../ingest/oracle.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { addCorpus, emptyStore, storedCorpus, type TestStore } from './stored-corpora.ts';

const order = 4;
const line = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 })
  .map((words) => words.join(' '));
const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));
const context = fc.array(fc.constantFrom('a', 'b', 'c', '<s>', '</s>', 'never'), { maxLength: 3 });

const sources: Record<
  string,
  {
    create: (snapshot: Snapshot) => Promise<CountSource>;
    hasAdjusted: boolean;
    /** By default a store of SQLite. */
    empty?: () => TestStore;
  }
> = {
  'the store': {
    create: (snapshot) => new StoreCounts(new RankingMemory()).at(snapshot),
    hasAdjusted: false,
  },
  'the resident index': {
    create: async (snapshot) => new ResidentIndex(await buildTrie(snapshot)),
    hasAdjusted: true,
  },
  'a store with adjusted counts': {
    create: (snapshot) => new StoreCounts(new RankingMemory()).at(snapshot),
    hasAdjusted: true,
    empty: () =>
      ({ store: new MemoryStore(), folder: 'none' }) as Pick<TestStore, 'store' | 'folder'> as TestStore,
  },
};

const level = ({ order, count, contextCount, followers, once, twice }: Level) => ({
  order,
  count,
  contextCount,
  followers,
  once,
  twice,
});
const ranking = ({
  order,
  contextCount,
  followers,
  once,
  twice,
  length,
  word,
  count,
}: RankedContinuations) => ({
  order,
  contextCount,
  followers,
  once,
  twice,
  words: Array.from({ length }, (_, rank) => [word(rank), count(rank)]),
});

/** The levels that a reader has read for token i. */
function columnsAt({ levels }: RowReader, i: number): Level[] {
  return levels.flatMap(({ count, contextCount, followers, once, twice }, k) => {
    if (contextCount[i] === 0) return [];
    const sums = { contextCount: contextCount[i], followers: followers[i], once: once[i], twice: twice[i] };
    return [{ order: k + 1, count: count[i], ...sums }];
  });
}

/** Sequences in a row. */
function rowOf(sequences: number[][]): TokenRow {
  return {
    ids: Int32Array.from(sequences.flat()),
    before: Uint8Array.from(sequences.flatMap((ids) => ids.map((_, i) => Math.min(i, order - 1)))),
    isWord: Uint8Array.from(sequences.flatMap((ids) => ids.map((_, i) => (i === 0 ? 0 : 1)))),
    length: sequences.flat().length,
  };
}

/** All items of batches. */
async function allOf<Item>(batches: Batches<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const some of batches) all.push(...some);
  return all;
}

for (const [name, { create, hasAdjusted, empty }] of Object.entries(sources)) {
  t.test(`${name} has the levels, rankings and totals of brute force, from one run or several`, async (t) => {
    const store = empty?.() ?? (await emptyStore(t));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('document' as const, 'line' as const),
        fc.boolean(),
        fc.array(context, { minLength: 1, maxLength: 5 }),
        hasAdjusted ? fc.integer({ min: 1, max: order }) : fc.constant(1),
        async (texts, sequences, maintained, contexts, adjustedBelow) => {
          const settings = { tokenizer: 'whitespace', order, sequences } as const;
          const stored = await addCorpus(store, texts, settings, { maintained, blockNGrams: 3 });
          await stored.read(async (snapshot) => {
            const idsOf = async (tokens: readonly string[]) => Array.from(await snapshot.tokenIds(tokens));
            const [lineStart] = await idsOf(['<s>']);
            const oracle = new OracleIndex(
              await Promise.all(sequencesOf(texts, sequences).map(idsOf)),
              sequences === 'line' ? lineStart : undefined,
            );
            const source = await create(snapshot);
            t.equal(source.unknown, oracle.unknown);
            t.same(source.totals, { ...oracle.totals, version: texts.length + 1 });
            const adjusted = [false, ...(adjustedBelow > 1 ? [true] : [])];
            const lowCounts = adjusted.flatMap((adjusted) =>
              Array.from({ length: adjusted ? adjustedBelow - 1 : order }, (_, i) => ({
                order: i + 1,
                adjusted,
              })),
            );
            const whole = await source.prepare({ allWords: true, lowCounts });
            t.same([...whole.words()], oracle.vocabulary());
            for (const { order, adjusted } of lowCounts) {
              t.same(whole.lowCountsOfCounts(order, adjusted), oracle.lowCountsOfCounts(order, adjusted));
            }
            for (const context of contexts) {
              const ids = await idsOf(context);
              const from = ids.filter((id) => id >= 0);
              for (let n = Math.max(1, from.length); n <= order; n++) {
                t.same(await allOf(source.ngrams(n, from)), oracle.allNGrams(n, from));
              }
              const orders = Array.from({ length: context.length + 1 }, (_, i) => i + 1);
              const reading = readingOf(orders, adjustedBelow);
              const words = await idsOf(['a', 'c', '<s>', '</s>', 'never']);
              const index = await source.prepare({
                levels: words.map((word) => ({ context: ids, word, reading })),
                rankings: [{ context: ids, reading }],
              });
              for (const word of words) {
                t.same(
                  index.levels(ids, word, reading).map(level),
                  oracle.levels(ids, word, reading).map(level),
                  `${word} after ${context}`,
                );
              }
              t.same(index.rankings(ids, reading).map(ranking), oracle.rankings(ids, reading).map(ranking));
            }
            const reads = (k: number) => readingOf(k < 3 ? [k] : [1, k], adjustedBelow);
            const row = rowOf(
              await Promise.all(
                contexts.map((context) => idsOf(['<s>', ...context, 'a', 'b', 'a', 'a', 'c'])),
              ),
            );
            const [read, expected] = [source, oracle].map((source) =>
              source.reader({ order, capacity: row.length, reads, seen: true }),
            );
            const few = await source.prepare({ words: row.ids });
            for (const id of row.ids) {
              t.equal(few.hasWord(id), oracle.hasWord(id));
              t.equal(whole.hasWord(id), oracle.hasWord(id));
            }
            const copy = { ...row, ids: row.ids.slice() };
            await read.read(row);
            await expected.read(copy);
            t.same(row.ids, copy.ids);
            for (const [i, isWord] of row.isWord.entries()) {
              if (isWord === 0) continue;
              t.same(columnsAt(read, i), columnsAt(expected, i));
              t.equal(read.seen[i], expected.seen[i]);
              t.equal(read.inVocabulary[i], expected.inVocabulary[i]);
            }
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  t.test(`${name} ranks by falling count, ties by rising id, and finds counts by word`, async (t) => {
    const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
    const { stored } = await storedCorpus(t, ['a b a c a c a d a b'], settings);
    await stored.read(async (snapshot) => {
      const [a, c] = await snapshot.tokenIds(['a', 'c']);
      const asked = { context: [a], reading: occurrencesAt([2]) };
      const index = await (await create(snapshot)).prepare({ rankings: [asked] });
      const [ranking] = index.rankings(asked.context, asked.reading);
      const ids = Array.from({ length: ranking.length }, (_, rank) => ranking.word(rank));
      t.same(await snapshot.tokens(ids), ['b', 'c', 'd']);
      t.equal(ranking.contextCount, 5);
      t.equal(ranking.countOf(c), 2);
      t.equal(ranking.countOf(a), 0);
    });
  });

  t.test(`${name} of a corpus without a text has no words`, async (t) => {
    const settings = { tokenizer: 'whitespace', order: 3, sequences: 'line' } as const;
    const { stored } = await storedCorpus(t, [], settings);
    await stored.read(async (snapshot) => {
      const asked = { context: [5], word: 6, reading: occurrencesAt([1, 2], true) };
      const index = await (await create(snapshot)).prepare({ levels: [asked], allWords: true });
      t.same([...index.words()], []);
      t.same(
        index
          .levels(asked.context, asked.word, asked.reading)
          .map(({ count, contextCount }) => [count, contextCount]),
        [
          [0, 0],
          [0, 0],
        ],
      );
    });
  });
}

t.test(
  'which of few or many tokens can be a next word is the same asked together or one by one',
  async (t) => {
    const settings = { tokenizer: 'whitespace', order: 2, sequences: 'line' } as const;
    const text = Array.from({ length: 300 }, (_, i) => `w${i}`).join(' ');
    const { stored } = await storedCorpus(t, [text], settings);
    const random = Array.from({ length: 320 }, (_, i) => (i * 7919) % 320);
    await stored.read(async (snapshot) => {
      const [store, resident] = await Promise.all(
        Object.values(sources).map(({ create }) => create(snapshot)),
      );
      const expected = await resident.prepare({});
      for (const words of [[], random.slice(0, 2), random]) {
        const index = await store.prepare({ words });
        for (const id of words) t.equal(index.hasWord(id), expected.hasWord(id));
      }
    });
  },
);

t.test('contexts with many continuations have the same sums asked once or often', async (t) => {
  const words = Array.from({ length: 300 }, (_, i) => `w${i % 150} the`).join(' ');
  const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
  const { stored } = await storedCorpus(t, [words], settings);
  await stored.read(async (snapshot) => {
    const [store, resident] = await Promise.all(Object.values(sources).map(({ create }) => create(snapshot)));
    const [the] = await snapshot.tokenIds(['the']);
    for (const source of [store, resident, resident]) {
      const asked = { context: [the], word: 5, reading: occurrencesAt([2], true) };
      const index = await source.prepare({ levels: [asked] });
      const [level] = index.levels(asked.context, asked.word, asked.reading);
      t.same([level.followers, level.once, level.twice], [150, 1, 149]);
      t.equal(level.contextCount, 299);
    }
    const reading = occurrencesAt([2, 3], true);
    for (let word = -1; word < 160; word++) {
      for (const context of [
        [word, the],
        [the, word],
        [word, word],
      ]) {
        const need = { levels: [{ context, word, reading }] };
        const [one, other] = [await resident.prepare(need), await store.prepare(need)];
        t.same(
          one.levels(context, word, reading).map(level),
          other.levels(context, word, reading).map(level),
        );
      }
    }
  });
});

t.test('counts and sums of any size are held', async (t) => {
  const many = (length: number, token: (i: number) => string) => Array.from({ length }, (_, i) => token(i));
  const tokens = [
    ...many(33_000, (i) => `v${i} the`),
    ...many(1800, (i) => `of x${i % 1200}`),
    ...many(70_000, () => 'so'),
  ].flatMap((part) => part.split(' '));
  const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
  const { stored } = await storedCorpus(t, [tokens.join(' ')], settings);
  const ids = await stored.read(async (snapshot) => Array.from(await snapshot.tokenIds(tokens)));
  const counts = new Map<string, number>();
  const preceding = new Map<string, Set<number | undefined>>();
  const followers = new Map<string, Set<number>>();
  for (let order = 1; order <= 3; order++) {
    for (let at = 0; at + order <= ids.length; at++) {
      const ngram = ids.slice(at, at + order).join();
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
      preceding.set(ngram, (preceding.get(ngram) ?? new Set()).add(ids[at - 1]));
      const context = ids.slice(at, at + order - 1).join();
      followers.set(context, (followers.get(context) ?? new Set()).add(ids[at + order - 1]));
    }
  }
  const expected = (context: readonly number[], word: number, order: number) => {
    const counted = (word: number) => {
      const ngram = [...context.slice(context.length - order + 1), word].join();
      return (order < 3 ? preceding.get(ngram)?.size : counts.get(ngram)) ?? 0;
    };
    const all = [...(followers.get(context.slice(context.length - order + 1).join()) ?? [])].map(counted);
    const having = (wanted: number) => all.filter((count) => count === wanted).length;
    const contextCount = all.reduce((sum, count) => sum + count, 0);
    return {
      order,
      count: counted(word),
      contextCount,
      followers: all.length,
      once: having(1),
      twice: having(2),
    };
  };
  await stored.read(async (snapshot) => {
    const resident = new ResidentIndex(await buildTrie(snapshot));
    const row = [7, 32_999, 33_000, 40_000, 65_998, 66_000, 67_201, 68_800, 69_598, 69_601, 80_000].flatMap(
      (at) => ids.slice(at, at + 4),
    );
    const reads = (order: number) => readingOf([1, 2, 3].slice(0, order), 3);
    const rowReader = resident.reader({ order: 3, capacity: row.length, reads, seen: false });
    await rowReader.read({
      ids: Int32Array.from(row),
      before: Uint8Array.from(row.map((_, i) => Math.min(i, 2))),
      isWord: new Uint8Array(row.length).fill(1),
      length: row.length,
    });
    for (let i = 2; i < row.length; i++) {
      const context = row.slice(i - 2, i);
      const levels = [1, 2, 3].map((order) => expected(context, row[i], order));
      t.same(resident.levels(context, row[i], reads(3)).map(level), levels);
      t.same(
        columnsAt(rowReader, i),
        levels.filter(({ contextCount }) => contextCount > 0),
      );
    }
    const [so] = resident.levels([], ids[ids.length - 1], occurrencesAt([1]));
    t.equal(so.count, 70_000);
  });
});

t.test(
  'a store refuses what it does not have, continuations, and an index what was not prepared',
  async (t) => {
    const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
    const { stored } = await storedCorpus(t, ['a b'], settings);
    await stored.read(async (snapshot) => {
      const source = await sources['the store'].create(snapshot);
      const reading = readingOf([1, 2], 2);
      await t.rejects(
        source.prepare({ levels: [{ context: [1], word: 1, reading }] }) as Promise<unknown>,
        /adjusted/,
      );
      await t.rejects(
        source.prepare({ rankings: [{ context: [1], reading }] }) as Promise<unknown>,
        /adjusted/,
      );
      await t.rejects(
        source.prepare({ lowCounts: [{ order: 1, adjusted: true }] }) as Promise<unknown>,
        /adjusted/,
      );
      const index = await source.prepare({
        levels: [{ context: [1], word: 1, reading: occurrencesAt([2]) }],
      });
      const [level] = index.levels([1], 1, occurrencesAt([2]));
      t.equal(level.contextCount, 1);
      t.throws(() => level.followers, /not prepared/);
      t.throws(() => index.levels([1], 2, occurrencesAt([2])), /not prepared/);
      t.throws(() => index.rankings([1], occurrencesAt([2])), /not prepared/);
      t.throws(() => index.hasWord(2), /not prepared/);
      t.throws(() => index.words(), /not prepared/);
    });
  },
);
