import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { RankingMemory } from '../../src/index/ranking.ts';
import { buildTrie } from '../../src/index/resident/build-trie.ts';
import { bytesOf } from '../../src/index/resident/count-trie.ts';
import { ResidentIndexes } from '../../src/index/resident/resident-indexes.ts';
import { CorpusReader } from '../../src/store/sqlite/corpus-reader.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addDocument, createCorpus } from '../ingest/build-corpus.ts';

const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;

/** Indexes that may take so much memory; `builds` counts how often one was built. */
function start(t: Test, memoryBytes: number) {
  const started = { builds: 0, errors: [] as unknown[] };
  const indexes = new ResidentIndexes(
    memoryBytes,
    60_000,
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

function open(t: Test, path: string) {
  const reader = new CorpusReader(path);
  t.teardown(() => reader.close());
  return { reader, summary: () => reader.snapshot(() => reader.summary()) };
}

/** Few tokens, whose text takes far more memory than is estimated of so few. */
const longTokens = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i}${'x'.repeat(30_000)}`).join(' ');

t.test('an index that turns out to take too much is not built again and again', async (t) => {
  const folder = temporaryFolder(t);
  const path = createCorpus(folder, [longTokens(100)], settings, {});
  const { reader, summary } = open(t, path);
  const service = start(t, 1_000_000);
  const { indexes } = service;
  for (let asked = 0; asked < 5; asked++) {
    await t.rejects(indexes.atLeast(reader, summary(), 1), {
      code: 'index-too-large',
      message: /INDEX_MEMORY_BYTES/,
    });
    indexes.prepare(reader, summary());
  }
  t.equal(service.builds, 1);
  addDocument(path, 'and more', {});
  await t.rejects(indexes.atLeast(reader, summary(), 1), { code: 'index-too-large' });
  t.equal(service.builds, 1, 'nor when the corpus has grown');
  t.same([indexes.size, indexes.bytes, service.errors], [0, 0, []]);
});

t.test('indexes are kept by the memory that they take, not by what was estimated', async (t) => {
  const folder = temporaryFolder(t);
  const path = createCorpus(folder, [longTokens(20)], settings, {});
  const { reader, summary } = open(t, path);
  const bytes = reader.snapshot(() => bytesOf(buildTrie(reader)));
  t.ok(bytes > 600_000, 'the tokens are counted');
  const { indexes } = start(t, bytes);
  const index = await indexes.atLeast(reader, summary(), 1);
  t.equal(index?.bytes, bytes);
  t.equal(indexes.bytes, bytes);
  t.equal(indexes.ready(reader, summary().version), index);
  const less = start(t, bytes - 1);
  await t.rejects(less.indexes.atLeast(reader, summary(), 1), { code: 'index-too-large' });
});

t.test(
  'an index is of one file: another under its path, or an earlier state of it, is not answered from it',
  async (t) => {
    const folder = temporaryFolder(t);
    const { reader, summary } = open(t, createCorpus(folder, ['a b', 'c'], settings, {}));
    const { indexes } = start(t, 1_000_000);
    const index = await indexes.atLeast(reader, summary(), 1);
    const { version } = summary();
    t.equal(indexes.newest(reader, version), index);
    t.equal(indexes.newest(reader, version + 1), index, 'also when the corpus is further');
    t.equal(indexes.ready(reader, version + 1), undefined);
    t.equal(indexes.newest(reader, version - 1), undefined);
    t.equal(indexes.newest({ path: reader.path, fileId: 'another' }, version), undefined);
  },
);

t.test('where a corpus has grown too large, its index of before does not answer for ever', async (t) => {
  const folder = temporaryFolder(t);
  const path = createCorpus(folder, ['a b'], settings, {});
  const { reader, summary } = open(t, path);
  const { indexes } = start(t, 2000);
  await indexes.atLeast(reader, summary(), 1);
  t.equal(indexes.size, 1);
  addDocument(path, Array.from({ length: 500 }, (_, i) => `w${i}`).join(' '), {});
  t.throws(() => indexes.renew(reader, summary()), { code: 'index-too-large' });
  t.equal(indexes.size, 0);
});

t.test('a file whose counts contradict each other is told of, and holds up no other', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'other'));
  const victim = open(t, createCorpus(folder, ['a b c'], settings, {}));
  const healthy = open(t, createCorpus(folder, ['a b c'], settings, {}));
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(victim.reader.path);
  database.exec('DELETE FROM blocks WHERE n = 1');
  database.close();
  const service = start(t, 1_000_000);
  const asked = service.indexes.atLeast(victim.reader, victim.summary(), 1);
  await t.rejects(asked, {
    code: 'corpus-damaged',
    corpus: { name: basename(victim.reader.path, '.sqlite') },
  });
  t.ok(await service.indexes.atLeast(healthy.reader, healthy.summary(), 1));
  t.match(service.errors, [{ code: 'corpus-damaged' }]);
});
