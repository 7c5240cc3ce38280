import fc from 'fast-check';
import t from 'tap';
import {
  type CountIndex,
  type Level,
  type RankedContinuations,
  type TokenRow,
  UNSEEN,
} from '../../src/index/count-index.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import { StoreIndex } from '../../src/index/store-index.ts';
import type { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { OracleIndex } from '../estimators/oracle.ts';
import { temporaryFolder } from '../http/harness.ts';
import { ingest, sequencesOf } from '../ingest/build-corpus.ts';

const order = 4;
const line = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 })
  .map((words) => words.join(' '));
const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));
const context = fc.array(fc.constantFrom('a', 'b', 'c', '<s>', '</s>', 'never'), { maxLength: 3 });

const indexes: Record<string, { create: (reader: CorpusReader) => CountIndex; hasAdjusted: boolean }> = {
  'the store index': { create: (reader) => new StoreIndex(reader), hasAdjusted: false },
  'the resident index': { create: (reader) => new ResidentIndex(buildTrie(reader)), hasAdjusted: true },
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

/** Sequences in a row. */
function rowOf(sequences: number[][]): TokenRow {
  return {
    ids: Int32Array.from(sequences.flat()),
    before: Uint8Array.from(sequences.flatMap((ids) => ids.map((_, i) => Math.min(i, order - 1)))),
    length: sequences.flat().length,
  };
}

for (const [name, { create, hasAdjusted }] of Object.entries(indexes)) {
  t.test(`${name} has the levels, rankings and totals of brute force, from one run or several`, async (t) => {
    const folder = temporaryFolder(t);
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('document' as const, 'line' as const),
        fc.boolean(),
        fc.array(context, { minLength: 1, maxLength: 5 }),
        hasAdjusted ? fc.integer({ min: 1, max: order }) : fc.constant(1),
        (texts, sequences, compacted, contexts, adjustedBelow) => {
          const settings = { tokenizer: 'whitespace', order, sequences } as const;
          const reader = ingest(folder, texts, settings, { compacted, blockNGrams: 3 });
          const idOf = (token: string) => reader.tokenId(token) ?? UNSEEN;
          const oracle = new OracleIndex(
            sequencesOf(texts, sequences).map((sequence) => sequence.map(idOf)),
            sequences === 'line' ? idOf('<s>') : undefined,
          );
          reader.snapshot(() => {
            const index = create(reader);
            t.equal(index.unknown, oracle.unknown);
            t.same(index.totals, { ...oracle.totals, version: texts.length + 1 });
            t.same([...index.words()], oracle.vocabulary());
            for (let n = 1; n <= order; n++) {
              t.same(index.lowCountsOfCounts(n, false), oracle.lowCountsOfCounts(n, false));
              if (n < adjustedBelow) {
                t.same(index.lowCountsOfCounts(n, true), oracle.lowCountsOfCounts(n, true));
              }
            }
            for (const context of contexts) {
              const ids = context.map(idOf);
              const from = ids.filter((id) => id >= 0);
              for (let n = Math.max(1, from.length); n <= order; n++) {
                t.same([...index.ngrams(n, from)], oracle.ngrams(n, from));
                // However many there are said to be.
                for (const range of [
                  { least: 1, most: 1, ngrams: 1 },
                  { least: 2, most: 5, ngrams: 1_000_000 },
                ])
                  t.same([...index.counted(n, from, range)], oracle.counted(n, from, range));
              }
              const orders = Array.from({ length: context.length + 1 }, (_, i) => i + 1);
              const reading = { orders, adjustedBelow };
              for (const word of ['a', 'c', '<s>', '</s>', 'never']) {
                t.same(
                  index.levels(ids, idOf(word), reading).map(level),
                  oracle.levels(ids, idOf(word), reading).map(level),
                  `${word} after ${context}`,
                );
              }
              t.same(index.rankings(ids, reading).map(ranking), oracle.rankings(ids, reading).map(ranking));
            }
            const reads = (k: number) => ({ orders: k < 3 ? [k] : [1, k], adjustedBelow });
            const row = rowOf(
              contexts.map((context) => ['<s>', ...context, 'a', 'b', 'a', 'a', 'c'].map(idOf)),
            );
            const [read, expected] = [index, oracle].map((index) => index.reader(order, row.length, reads));
            read.read(row);
            expected.read(row);
            for (const [i, id] of row.ids.entries()) {
              t.same(read.at(i).map(level), expected.at(i).map(level));
              t.equal(index.hasWord(id), oracle.hasWord(id));
            }
          });
          reader.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  t.test(`${name} ranks by falling count, ties by rising id, and finds counts by word`, async (t) => {
    const reader = ingest(
      temporaryFolder(t),
      ['a b a c a c a d a b'],
      { tokenizer: 'whitespace', order: 2, sequences: 'document' },
      {},
    );
    reader.snapshot(() => {
      const [ranking] = create(reader).rankings([reader.tokenId('a') as number], {
        orders: [2],
        adjustedBelow: 1,
      });
      const names = Array.from({ length: ranking.length }, (_, rank) => reader.token(ranking.word(rank)));
      t.same(names, ['b', 'c', 'd']);
      t.equal(ranking.contextCount, 5);
      t.equal(ranking.countOf(reader.tokenId('c') as number), 2);
      t.equal(ranking.countOf(reader.tokenId('a') as number), 0);
    });
    reader.close();
  });

  t.test(`${name} of a corpus without a text has no words`, async (t) => {
    const reader = ingest(
      temporaryFolder(t),
      [],
      { tokenizer: 'whitespace', order: 3, sequences: 'line' },
      {},
    );
    reader.snapshot(() => {
      const index = create(reader);
      t.same([...index.words()], []);
      const levels = index.levels([5], 6, { orders: [1, 2], adjustedBelow: 1 });
      t.same(
        levels.map(({ count, contextCount }) => [count, contextCount]),
        [
          [0, 0],
          [0, 0],
        ],
      );
    });
    reader.close();
  });
}

t.test(
  'which of few or many tokens can be a next word is the same asked together or one by one',
  async (t) => {
    const settings = { tokenizer: 'whitespace', order: 2, sequences: 'line' } as const;
    const text = Array.from({ length: 300 }, (_, i) => `w${i}`).join(' ');
    const reader = ingest(temporaryFolder(t), [text], settings, {});
    const random = Array.from({ length: 320 }, (_, i) => (i * 7919) % 320);
    for (const { create } of Object.values(indexes)) {
      reader.snapshot(() => {
        const index = create(reader);
        for (const ids of [[], random.slice(0, 9), random]) {
          const expected = ids.filter((id) => index.hasWord(id));
          t.same(new Set(index.wordsAmong(ids)), new Set(expected));
          t.equal(index.wordsAmong(ids).length, expected.length);
        }
      });
    }
    reader.close();
  },
);

t.test('contexts with many continuations have the same sums asked once or often', async (t) => {
  const words = Array.from({ length: 300 }, (_, i) => `w${i % 150} the`).join(' ');
  const reader = ingest(
    temporaryFolder(t),
    [words],
    { tokenizer: 'whitespace', order: 3, sequences: 'document' },
    {},
  );
  reader.snapshot(() => {
    const [resident, store] = Object.values(indexes).map(({ create }) => create(reader));
    const the = reader.tokenId('the') as number;
    for (const index of [store, resident, resident]) {
      const [level] = index.levels([the], 5, { orders: [2], adjustedBelow: 1 });
      t.same([level.followers, level.once, level.twice], [150, 1, 149]);
      t.equal(level.contextCount, 299);
    }
    const reading = { orders: [2, 3], adjustedBelow: 1 };
    for (let word = -1; word < 160; word++) {
      for (const context of [
        [word, the],
        [the, word],
        [word, word],
      ])
        t.same(
          resident.levels(context, word, reading).map(level),
          store.levels(context, word, reading).map(level),
        );
    }
  });
  reader.close();
});

t.test('counts and sums of any size are held', async (t) => {
  const many = (length: number, token: (i: number) => string) => Array.from({ length }, (_, i) => token(i));
  const tokens = [
    ...many(33_000, (i) => `v${i} the`),
    ...many(1800, (i) => `of x${i % 1200}`),
    ...many(70_000, () => 'so'),
  ].flatMap((part) => part.split(' '));
  const reader = ingest(
    temporaryFolder(t),
    [tokens.join(' ')],
    { tokenizer: 'whitespace', order: 3, sequences: 'document' },
    {},
  );
  const ids = tokens.map((token) => reader.tokenId(token) as number);
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
  reader.snapshot(() => {
    const resident = new ResidentIndex(buildTrie(reader));
    const row = [7, 32_999, 33_000, 40_000, 65_998, 66_000, 67_201, 68_800, 69_598, 69_601, 80_000].flatMap(
      (at) => ids.slice(at, at + 4),
    );
    const reads = (order: number) => ({ orders: [1, 2, 3].slice(0, order), adjustedBelow: 3 });
    const rowReader = resident.reader(3, row.length, reads);
    rowReader.read({
      ids: Int32Array.from(row),
      before: Uint8Array.from(row.map((_, i) => Math.min(i, 2))),
      length: row.length,
    });
    for (let i = 2; i < row.length; i++) {
      const context = row.slice(i - 2, i);
      const levels = [1, 2, 3].map((order) => expected(context, row[i], order));
      t.same(resident.levels(context, row[i], reads(3)).map(level), levels);
      t.same(rowReader.at(i).map(level), levels);
    }
    const [so] = resident.levels([], reader.tokenId('so') as number, { orders: [1], adjustedBelow: 1 });
    t.equal(so.count, 70_000);
  });
  reader.close();
});

t.test('the store index refuses what it has not: adjusted counts', async (t) => {
  const reader = ingest(
    temporaryFolder(t),
    ['a b'],
    { tokenizer: 'whitespace', order: 2, sequences: 'document' },
    {},
  );
  reader.snapshot(() => {
    const index = new StoreIndex(reader);
    const reading = { orders: [1, 2], adjustedBelow: 2 };
    t.throws(() => index.levels([1], 1, reading), /adjusted/);
    t.throws(() => index.rankings([1], reading), /adjusted/);
    t.throws(() => index.lowCountsOfCounts(1, true), /adjusted/);
  });
  reader.close();
});
