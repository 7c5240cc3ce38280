import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ExtendedIndex } from '../../src/index/additions/extended-index.ts';
import { RankingMemory } from '../../src/index/ranking.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { bytesOf } from '../../src/index/resident/count-trie.ts';
import { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import { ResidentIndexes } from '../../src/index/resident/resident-indexes.ts';
import type { StoreAddress, StoredCorpus } from '../../src/store/store.ts';
import { addDocument, takeBackDocument } from '../ingest/stored-corpus.ts';
import { addCorpus, emptyStore, storedCorpus } from './stored-corpora.ts';

const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;

/** Indexes that may take so much memory; `builds` counts how often one was built. */
function start(t: Test, store: StoreAddress, memoryBytes: number) {
  const started = { builds: 0, errors: [] as unknown[] };
  const indexes = new ResidentIndexes(
    store,
    { memoryBytes, timeout: 60_000 },
    (_name, work) => {
      started.builds++;
      return work();
    },
    (error) => started.errors.push(error),
    new RankingMemory(),
  );
  t.teardown(() => indexes.close());
  return Object.assign(started, { indexes });
}

const summaryOf = (stored: StoredCorpus) => stored.read((snapshot) => snapshot.summary());

/** Few tokens, whose text takes far more memory than is estimated of so few. */
const longTokens = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i}${'x'.repeat(30_000)}`).join(' ');

t.test('an index that turns out to take too much is not built again and again', async (t) => {
  const { stored, address } = await storedCorpus(t, [longTokens(100)], settings);
  const corpus = stored.ref;
  const service = start(t, address, 1_000_000);
  const { indexes } = service;
  for (let asked = 0; asked < 5; asked++) {
    await t.rejects(indexes.atLeast(corpus, await summaryOf(stored), 1, false), {
      code: 'index-too-large',
      message: /INDEX_MEMORY_BYTES/,
    });
    indexes.prepare(corpus, await summaryOf(stored));
  }
  t.equal(service.builds, 1);
  await addDocument(stored, 'and more');
  await t.rejects(indexes.atLeast(corpus, await summaryOf(stored), 1, false), { code: 'index-too-large' });
  t.equal(service.builds, 1, 'nor when the corpus has grown');
  t.same([indexes.size, indexes.bytes, service.errors], [0, 0, []]);
});

t.test('indexes are kept by the memory that they take, not by what was estimated', async (t) => {
  const { stored, address } = await storedCorpus(t, [longTokens(20)], settings);
  const corpus = stored.ref;
  const bytes = await stored.read(async (snapshot) => bytesOf(await buildTrie(snapshot)));
  t.ok(bytes > 600_000, 'the tokens are counted');
  const { indexes } = start(t, address, bytes);
  const index = await indexes.atLeast(corpus, await summaryOf(stored), 1, false);
  t.equal(index?.bytes, bytes);
  t.equal(indexes.bytes, bytes);
  t.equal(indexes.ready(corpus, (await summaryOf(stored)).version), index);
  const less = start(t, address, bytes - 1);
  await t.rejects(less.indexes.atLeast(corpus, await summaryOf(stored), 1, false), {
    code: 'index-too-large',
  });
});

t.test(
  'an index is of one corpus: another under its name, or an earlier version of it, is not answered from it',
  async (t) => {
    const { stored, address } = await storedCorpus(t, ['a b', 'c'], settings);
    const corpus = stored.ref;
    const { indexes } = start(t, address, 1_000_000);
    const index = await indexes.atLeast(corpus, await summaryOf(stored), 1, false);
    const { version } = await summaryOf(stored);
    t.equal(indexes.newest(corpus, version), index);
    t.equal(indexes.newest(corpus, version + 1), index, 'also when the corpus is further');
    t.equal(indexes.ready(corpus, version + 1), undefined);
    t.equal(indexes.newest(corpus, version - 1), undefined);
    t.equal(indexes.newest({ ...corpus, id: 'another' }, version), undefined);
  },
);

t.test('where a corpus has grown too large, its index of before does not answer for ever', async (t) => {
  const { stored, address } = await storedCorpus(t, ['a b'], settings);
  const corpus = stored.ref;
  const { indexes } = start(t, address, 2000);
  await indexes.atLeast(corpus, await summaryOf(stored), 1, false);
  t.equal(indexes.size, 1);
  await addDocument(stored, Array.from({ length: 500 }, (_, i) => `w${i}`).join(' '));
  const summary = await summaryOf(stored);
  t.throws(() => indexes.renew(corpus, summary, false), { code: 'index-too-large' });
  t.equal(indexes.size, 0);
});

t.test('a file whose counts contradict each other is told of, and holds up no other', async (t) => {
  const store = await emptyStore(t);
  const victim = await addCorpus(store, ['a b c'], settings);
  const healthy = await addCorpus(store, ['a b c'], settings);
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(join(store.folder, `${victim.ref.name}.sqlite`));
  database.exec('DELETE FROM blocks WHERE n = 1');
  database.close();
  const service = start(t, store.address, 1_000_000);
  await t.rejects(service.indexes.atLeast(victim.ref, await summaryOf(victim), 1, false), {
    code: 'corpus-damaged',
    corpus: { name: victim.ref.name },
  });
  t.ok(await service.indexes.atLeast(healthy.ref, await summaryOf(healthy), 1, false));
  t.match(service.errors, [{ code: 'corpus-damaged' }]);
});

/** So many tokens, of few words. */
const manyTokens = (count: number) => Array.from({ length: count }, (_, i) => `w${(i * i) % 7}`).join(' ');

t.test('an index is extended by what was added, until that is much: then it is built anew', async (t) => {
  const { stored, address } = await storedCorpus(t, [manyTokens(800)], settings);
  const corpus = stored.ref;
  const { indexes, errors } = start(t, address, 1_000_000);
  const whole = await indexes.atLeast(corpus, await summaryOf(stored), 1, true);
  const extendedTo = async (version: number) => {
    const summary = await summaryOf(stored);
    t.equal(summary.version, version);
    const index = await indexes.atLeast(corpus, summary, version, false);
    t.equal(indexes.ready(corpus, version), index);
    t.same([index?.totals.tokens, index?.totals.vocabularySize], [summary.tokens, summary.vocabularySize]);
    return index;
  };
  const first = whole?.totals.version as number;
  for (const version of [first + 1, first + 2]) {
    await addDocument(stored, `w1 new${version}`);
    const index = await extendedTo(version);
    t.ok(index instanceof ExtendedIndex && index.base === whole, 'the same index is extended again');
  }
  t.equal(indexes.newestWhole(corpus, first + 2), whole);
  await addDocument(stored, manyTokens(200));
  t.type(await extendedTo(first + 3), ResidentIndex);
  t.equal(indexes.size, 1);
  t.same(errors, []);
});

t.test(
  'when half of what can be added has been added, a new index is built meanwhile and extended in turn',
  async (t) => {
    const { stored, address } = await storedCorpus(t, [manyTokens(800)], settings);
    const corpus = stored.ref;
    const { indexes } = start(t, address, 1_000_000);
    const whole = await indexes.atLeast(corpus, await summaryOf(stored), 1, true);
    await addDocument(stored, manyTokens(60));
    const { version } = await summaryOf(stored);
    t.type(await indexes.atLeast(corpus, await summaryOf(stored), version, false), ExtendedIndex);
    await addDocument(stored, 'w1 w2');
    const built = await indexes.atLeast(corpus, await summaryOf(stored), version, true);
    t.not(built, whole);
    const newest = await indexes.atLeast(corpus, await summaryOf(stored), version + 1, false);
    t.equal(newest?.totals.version, version + 1);
    t.equal(newest?.totals.tokens, 862);
  },
);

t.test('where a document was removed, the index is built anew', async (t) => {
  const { stored, address } = await storedCorpus(t, [manyTokens(800), 'w1 w2'], settings);
  const corpus = stored.ref;
  const { indexes } = start(t, address, 1_000_000);
  await indexes.atLeast(corpus, await summaryOf(stored), 1, false);
  await takeBackDocument(stored, '2');
  await addDocument(stored, 'w1 w2 w3');
  const summary = await summaryOf(stored);
  t.type(await indexes.atLeast(corpus, summary, summary.version, false), ResidentIndex);
});
