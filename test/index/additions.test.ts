import assert from 'node:assert/strict';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { countAdditions } from '../../src/index/additions/count-additions.ts';
import { ExtendedIndex } from '../../src/index/additions/extended-index.ts';
import type { CountIndex, Level, RankedContinuations, Reading } from '../../src/index/count-index.ts';
import type { CountedNGram, CountSource } from '../../src/index/count-source.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import type { CountTrie } from '../../src/index/resident/count-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import type { CorpusSettings, Snapshot, StoredCorpus } from '../../src/store/store.ts';
import { readingOf } from '../estimators/oracle.ts';
import { addCountLines, countLines } from '../ingest/counted-documents.ts';
import { addDocument, addDocuments, createCorpus, takeBackDocument } from '../ingest/stored-corpus.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { storedCorpus } from './stored-corpora.ts';

const text = (words: readonly string[]) =>
  fc
    .array(
      fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((words) => words.join(' ')),
      { maxLength: 4 },
    )
    .map((lines) => lines.join('\n'))
    .filter((text) => text.trim() !== '');
const oldText = text(['a', 'b', 'c']);
/** New words are among them, and repetitions of a few. */
const newText = fc.oneof(text(['a', 'b', 'c', 'd', '<unk>']), text(['a', 'e']));
const settings = fc.record({
  tokenizer: fc.constant('whitespace' as const),
  order: fc.integer({ min: 1, max: 6 }),
  sequences: fc.constantFrom('document' as const, 'line' as const),
});

const levelOf = ({ order, count, contextCount, followers, once, twice }: Level) => ({
  order,
  count,
  contextCount,
  followers,
  once,
  twice,
});
const listOf = ({ length, word, count, countOf, ...about }: RankedContinuations) => {
  const { order, contextCount, followers, once, twice } = about;
  const words = Array.from({ length }, (_, rank) => [word(rank), count(rank), countOf(word(rank))]);
  return { order, contextCount, followers, once, twice, words, unseen: countOf(1_000_000) };
};

/** All n-grams shorter than the order, which are the contexts; the empty one, and one that does not occur. */
async function contextsIn(snapshot: Snapshot): Promise<number[][]> {
  const { order: highest } = snapshot.settings;
  const contexts: number[][] = highest < 3 ? [[]] : [[], [0, 0]];
  for (let order = 1; order < highest; order++) {
    for await (const { length, ids } of snapshot.ngrams(order)) {
      for (let i = 0; i < length; i++) contexts.push([...ids.subarray(i * order, (i + 1) * order)]);
    }
  }
  return contexts;
}

/** The n-grams of an order by their ids and by count, the latter in pages of three. */
function listsOf(index: CountSource, order: number) {
  const byIds = [[], [1], [3]].map((from) =>
    [...(index.ngrams(order, from.slice(0, order)) as Iterable<number[][]>)].flat(),
  );
  const byCount: CountedNGram[] = [];
  for (let page: readonly CountedNGram[]; ; byCount.push(...page)) {
    page = index.byCount(order, byCount.at(-1), 3) as readonly CountedNGram[];
    if (page.length === 0) return { byIds, byCount };
  }
}

/** What a reader reads of a row of sequences: the counts of all orders, of n(g) or of a(g) below the highest order. */
function rowsOf(index: CountSource, highest: number, sequences: readonly (readonly number[])[]) {
  const ids = Int32Array.from(sequences.flat());
  const before = Uint8Array.from(sequences.flatMap((ids) => ids.map((_, i) => Math.min(i, highest - 1))));
  return [1, highest].map((adjustedBelow) => {
    // The context of each sequence is given as it is counted.
    const isWord = Uint8Array.from(
      sequences.flatMap((ids) => ids.map((_, i) => (i === ids.length - 1 ? 1 : 0))),
    );
    const reads = (k: number) =>
      readingOf(
        Array.from({ length: k }, (_, i) => i + 1),
        adjustedBelow,
      );
    const reader = index.reader({ order: highest, capacity: ids.length, reads, seen: true });
    const row = { ids: ids.slice(), before, isWord, length: ids.length };
    if (reader.read(row) !== undefined) throw new Error('These counts are in memory.');
    return Array.from(isWord.keys())
      .filter((i) => isWord[i] === 1)
      .map((i) => ({
        id: row.ids[i],
        inVocabulary: reader.inVocabulary[i],
        seen: reader.seen[i],
        levels: reader.levels
          .filter(({ contextCount }) => contextCount[i] > 0)
          .map((columns) => Object.values(columns).map((column) => column[i])),
      }));
  });
}

/** Every number that an index has. */
function everything(
  index: CountIndex & CountSource,
  highest: number,
  contexts: readonly number[][],
  ids: readonly number[],
) {
  const readings = (order: number): Reading[] =>
    (['occurrences', 'continuations'] as const)
      .slice(0, order < highest ? 2 : 1)
      .map((counts) => ({ levels: [{ order, counts }], followers: true }));
  return {
    totals: index.totals,
    unknown: index.unknown,
    words: [...index.words()],
    lists: Array.from({ length: highest }, (_, i) => listsOf(index, i + 1)),
    rows: rowsOf(
      index,
      highest,
      contexts.flatMap((context) => ids.map((id) => [...context, id])),
    ),
    hasWord: ids.map((id) => index.hasWord(id)),
    lowCounts: Array.from({ length: highest }, (_, i) => [
      index.lowCountsOfCounts(i + 1, false),
      i + 1 < highest && index.lowCountsOfCounts(i + 1, true),
    ]),
    levels: contexts.map((context) =>
      readings(context.length + 1).map((reading) => [
        ids.map((id) => index.levels(context, id, reading).map(levelOf)),
        index.rankings(context, reading).map(listOf),
      ]),
    ),
  };
}

/** Checks that the counts of a trie, to which additions are counted, are those of a trie that is built anew. */
async function check(t: Test, trie: CountTrie, stored: StoredCorpus): Promise<void> {
  await stored.read(async (snapshot) => {
    const additions = await countAdditions(snapshot, trie);
    if (additions === undefined) {
      t.fail('nothing but documents was added');
      return;
    }
    const extended = new ExtendedIndex(new ResidentIndex(trie), additions);
    const whole = new ResidentIndex(await buildTrie(snapshot));
    const tokens = ['<unk>', '<s>', '</s>', 'a', 'b', 'c', 'd', 'e', 'never'];
    const ids = [...(await snapshot.tokenIds(tokens))];
    t.same([...extended.vocabulary.tokenIds(tokens)], ids);
    const known = ids.filter((id) => id >= 0);
    t.same(extended.vocabulary.tokens(known), await snapshot.tokens(known));
    const contexts = await contextsIn(snapshot);
    const { order } = snapshot.settings;
    assert.deepEqual(everything(extended, order, contexts, ids), everything(whole, order, contexts, ids));
    t.pass('every number is the same');
  });
}

t.test(
  'an index with additions has the counts of one that is built anew, after any number of changes',
  async (t) => {
    const store = new MemoryStore();
    await fc.assert(
      fc.asyncProperty(
        settings,
        fc.array(oldText, { maxLength: 3 }),
        fc.array(fc.array(newText, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        async (settings, old, changes) => {
          const stored = await createCorpus(store, old, settings);
          const trie = await stored.read((snapshot) => buildTrie(snapshot));
          for (const texts of changes) {
            await addDocuments(stored, texts);
            await check(t, trie, stored);
          }
        },
      ),
      { numRuns: 40 },
    );
  },
);

t.test('documents of counts are added to an index like texts', async (t) => {
  const store = new MemoryStore();
  const counted = async (texts: readonly string[], settings: CorpusSettings) => {
    const written = await createCorpus(store, texts, settings);
    return written.read((snapshot) => countLines(snapshot, settings.order));
  };
  await fc.assert(
    fc.asyncProperty(
      settings,
      fc.array(oldText, { minLength: 1, maxLength: 2 }),
      fc.array(newText, { minLength: 1, maxLength: 3 }),
      async (settings, old, added) => {
        const content = { kind: 'counts' } as const;
        const stored = await createCorpus(store, [], { ...settings, content });
        await addCountLines(stored, await counted(old, settings));
        const trie = await stored.read((snapshot) => buildTrie(snapshot));
        for (const text of added) {
          await addCountLines(stored, await counted([text], settings));
          await check(t, trie, stored);
        }
      },
    ),
    { numRuns: 6 },
  );
});

t.test(
  'counts without rare n-grams have the adjusted counts of their definition, also as additions',
  async (t) => {
    const store = new MemoryStore();
    const content = { kind: 'counts' } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.array(oldText, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        async (order, documents, least) => {
          const settings = { tokenizer: 'whitespace', order, sequences: 'document' } as const;
          const stored = await createCorpus(store, [], { ...settings, content });
          let trie: CountTrie | undefined;
          for (const texts of documents) {
            const written = await createCorpus(store, texts, settings);
            const lines = await written.read((snapshot) => countLines(snapshot, order));
            const frequent = lines.filter((line) => Number(line.split('\t')[1]) >= least);
            if (frequent.length === 0) continue;
            await addCountLines(stored, frequent);
            if (trie !== undefined) await check(t, trie, stored);
            trie ??= await stored.read((snapshot) => buildTrie(snapshot));
          }
          await stored.read((snapshot) => checkAdjusted(t, snapshot));
        },
      ),
      { numRuns: 8, examples: [[3, [['a\nb c b c b\na b'], ['a']], 2]] },
    );
  },
);

/**
 * Compares the adjusted counts of an index with how many words are before an n-gram, and whether it begins a document.
 */
async function checkAdjusted(t: Test, snapshot: Snapshot): Promise<void> {
  const { order: highest } = snapshot.settings;
  const counts = new Map<string, number>();
  for (let order = 1; order <= highest; order++)
    for await (const { length, ids, counts: ofBatch } of snapshot.ngrams(order))
      for (let i = 0; i < length; i++)
        counts.set(ids.subarray(i * order, (i + 1) * order).join(' '), ofBatch[i]);
  const index = new ResidentIndex(await buildTrie(snapshot));
  const found: string[] = [];
  const expected: string[] = [];
  for (const [ngram, count] of counts) {
    const ids = ngram.split(' ').map(Number);
    if (ids.length === highest) continue;
    const before = [...counts].filter(([longer]) => longer.slice(longer.indexOf(' ') + 1) === ngram);
    const preceded = before
      .filter(([longer]) => longer.split(' ').length === ids.length + 1)
      .reduce((sum, [, count]) => sum + count, 0);
    const words = before.filter(([longer]) => longer.split(' ').length === ids.length + 1).length;
    const reading: Reading = { levels: [{ order: ids.length, counts: 'continuations' }], followers: true };
    const [level] = index.levels(ids.slice(0, -1), ids.at(-1) as number, reading);
    found.push(`${ngram}: ${level.count}`);
    expected.push(`${ngram}: ${words + (count > preceded ? 1 : 0)}`);
  }
  t.same(found, expected);
}

t.test('a document that was added and removed again leaves nothing but its tokens', async (t) => {
  const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
  const { stored } = await storedCorpus(t, ['a b a'], settings);
  const trie = await stored.read((snapshot) => buildTrie(snapshot));
  const id = await addDocument(stored, 'a d e');
  await addDocument(stored, 'b a e');
  await takeBackDocument(stored, id);
  await check(t, trie, stored);
});

t.test(
  'where an earlier document was removed, nothing is counted: the index has to be built anew',
  async (t) => {
    const settings = { tokenizer: 'whitespace', order: 2, sequences: 'line' } as const;
    const { stored } = await storedCorpus(t, ['a b', 'c'], settings);
    const trie = await stored.read((snapshot) => buildTrie(snapshot));
    await takeBackDocument(stored, '2');
    await addDocument(stored, 'd');
    t.equal(await stored.read((snapshot) => countAdditions(snapshot, trie)), undefined);
  },
);
