import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { CountedNGram, CountSource } from '../../src/index/count-source.ts';
import { RankingMemory } from '../../src/index/ranking.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import { StoreCounts } from '../../src/index/store-source.ts';
import { storedNGramsByCount } from '../../src/index/stored-by-count.ts';
import type { Snapshot, TokenId } from '../../src/store/store.ts';
import { sequencesOf } from '../ingest/oracle.ts';
import { addCorpus, emptyStore, storedCorpus } from './stored-corpora.ts';

/** A list of n-grams by count, as a page of it is asked for. */
type List = CountSource['byCount'];

const lists: Record<string, (snapshot: Snapshot, lineStart: TokenId | undefined) => Promise<List>> = {
  'the index in memory': async (snapshot) => {
    const index = new ResidentIndex(await buildTrie(snapshot));
    return (...question) => index.byCount(...question);
  },
  'the store': async (snapshot) => {
    const source = await new StoreCounts(new RankingMemory()).at(snapshot);
    return (...question) => source.byCount(...question);
  },
  'the store, which reads ties in order': async (snapshot, omitted) => (order, after, limit) =>
    storedNGramsByCount(snapshot, { order, after, limit, omitted }, 1),
};

/** All n-grams of an order, counted and sorted. */
function sortedNGrams(sequences: readonly TokenId[][], order: number, lineStart: TokenId | undefined) {
  const counts = new Map<string, { ngram: TokenId[]; count: number }>();
  for (const sequence of sequences) {
    for (let at = 0; at + order <= sequence.length; at++) {
      const ngram = sequence.slice(at, at + order);
      const known = counts.get(ngram.join());
      if (known !== undefined) known.count++;
      else if (order > 1 || ngram[0] !== lineStart) counts.set(ngram.join(), { ngram, count: 1 });
    }
  }
  return [...counts.values()].sort(compare);
}

function compare(a: CountedNGram, b: CountedNGram): number {
  const at = a.ngram.findIndex((id, i) => id !== b.ngram[i]);
  return b.count - a.count || (at < 0 ? 0 : a.ngram[at] - b.ngram[at]);
}

/** Compares the page after an n-gram, which need not exist, with what sorting everything gives. */
async function checkPage(
  t: Test,
  list: List,
  all: readonly CountedNGram[],
  { order, after, limit }: { order: number; after: CountedNGram | undefined; limit: number },
): Promise<void> {
  const next = after === undefined ? 0 : all.findIndex((ngram) => compare(ngram, after) > 0);
  t.same(
    await list(order, after, limit),
    next < 0 ? [] : all.slice(next, next + limit),
    `${limit} ${order}-grams after ${JSON.stringify(after)}`,
  );
}

/** The n-grams of the texts' sequences, as ids, by count; `[order - 1]` has those of an order. */
async function sortedIn(
  snapshot: Snapshot,
  texts: readonly string[],
): Promise<{ sorted: readonly CountedNGram[][]; lineStart: TokenId | undefined }> {
  const { order, sequences } = snapshot.settings;
  const idsOf = async (tokens: readonly string[]) => Array.from(await snapshot.tokenIds(tokens));
  const ids = await Promise.all(sequencesOf(texts, sequences).map(idsOf));
  const [lineStart] = sequences === 'line' ? await idsOf(['<s>']) : [];
  return { sorted: Array.from({ length: order }, (_, i) => sortedNGrams(ids, i + 1, lineStart)), lineStart };
}

for (const [name, create] of Object.entries(lists)) {
  t.test(`${name} continues by count after every n-gram, and after n-grams that do not exist`, async (t) => {
    const store = await emptyStore(t);
    const line = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 9 })
      .map((words) => words.join(' '));
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
    /** Texts of which some are in the corpus several times, so that another count than 1 is the commonest. */
    const texts = fc
      .array(fc.tuple(text, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 })
      .map((texts) => texts.flatMap(([text, times]) => Array.from({ length: times }, () => text)));
    const place = fc.record({
      count: fc.integer({ min: 0, max: 5 }),
      ngram: fc.array(fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constant(2 ** 32 - 1)), {
        minLength: 6,
        maxLength: 6,
      }),
    });
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('document' as const, 'line' as const),
        fc.array(place, { maxLength: 5 }),
        fc.integer({ min: 1, max: 10 }),
        async (texts, order, sequences, madeUp, limit) => {
          const settings = { tokenizer: 'whitespace', order, sequences } as const;
          const stored = await addCorpus(store, texts, settings, { blockNGrams: 3 });
          await stored.read(async (snapshot) => {
            const { sorted, lineStart } = await sortedIn(snapshot, texts);
            const list = await create(snapshot, lineStart);
            for (const [i, all] of sorted.entries()) {
              const order = i + 1;
              const others = madeUp.map(({ count, ngram }) => ({ count, ngram: ngram.slice(0, order) }));
              for (const after of [undefined, ...all, ...others]) {
                await checkPage(t, list, all, { order, after, limit });
              }
            }
          });
        },
      ),
      { numRuns: 40 },
    );
  });
}

/** Whole numbers below a bound that look random, the same in every run. */
function pseudoRandom(): (bound: number) => number {
  let state = 1;
  return (bound) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    state ^= state >>> 12;
    return (state >>> 0) % bound;
  };
}

t.test('an index in memory lists thousands of ties, spread among n-grams with other counts', async (t) => {
  const random = pseudoRandom();
  const words = (length: number, word: () => string) => Array.from({ length }, word).join(' ');
  const common = words(8000, () => `w${random(900)}`);
  const wide = words(5000, () => `the v${random(4000)}`);
  const rare = words(4000, () => `w${random(900)} ${random(3) === 0 ? 'the' : `x${random(2000)}`}`);
  for (const texts of [
    [common, wide, rare],
    [common, common, wide, rare],
    [rare, common, common, common, wide, wide, wide],
  ]) {
    const settings = { tokenizer: 'whitespace', order: 5, sequences: 'document' } as const;
    const { stored } = await storedCorpus(t, texts, settings);
    await stored.read(async (snapshot) => {
      const { sorted } = await sortedIn(snapshot, texts);
      const list = await lists['the index in memory'](snapshot, undefined);
      for (const [i, all] of sorted.entries()) {
        const order = i + 1;
        await checkPage(t, list, all, { order, after: undefined, limit: 1001 });
        for (let place = 0; place < 10; place++) {
          const after = all[random(all.length)];
          const ngram = after.ngram.map((id) => (random(order) === 0 ? random(9000) : id));
          const count = after.count + random(3) - 1;
          for (const limit of [1, 1001]) {
            await checkPage(t, list, all, { order, after, limit });
            await checkPage(t, list, all, { order, after: { ngram, count: after.count }, limit });
            await checkPage(t, list, all, { order, after: { ngram, count }, limit });
          }
        }
      }
    });
  }
});
