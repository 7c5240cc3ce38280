import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { openCorpusFile } from '../../src/store/sqlite/corpus-file.ts';
import { Counts } from '../../src/store/sqlite/counts.ts';
import { RunReader } from '../../src/store/sqlite/run-stream.ts';
import { Runs, readRuns } from '../../src/store/sqlite/runs.ts';
import { createOf, openSqlite, settings } from './sqlite.ts';
import { addTexts, runOfCounts } from './texts.ts';

t.test('logs of files that are gone are deleted at the start, before a file can get that name', async (t) => {
  const { store, folder, path } = await openSqlite(t);
  await createOf(store, 'there');
  await store.open('there');
  for (const name of ['gone.sqlite-wal', 'gone.sqlite-shm']) writeFileSync(join(folder, 'corpora', name), '');
  await openSqlite(t, folder);
  t.same(readdirSync(join(folder, 'corpora')).sort(), [
    'there.sqlite',
    'there.sqlite-shm',
    'there.sqlite-wal',
  ]);
  t.ok(existsSync(path('there')));
});

t.test('a damaged file is set aside with its log, and the store says where', async (t) => {
  const messages: string[] = [];
  const onDamage = (message: string) => messages.push(message);
  const { store, folder, path } = await openSqlite(t, undefined, { onDamage });
  await createOf(store, 'name');
  writeFileSync(path('name'), 'no database, whatever its name says');
  const error = await store.open('name').catch((error) => error);
  t.match(error, { code: 'corpus-damaged' });
  t.match(await store.settle(error), { message: /damaged\/name-.*\.sqlite/ });
  t.match(messages, [/name\.sqlite is damaged: .* set aside as .*damaged/]);
  t.match(readdirSync(join(folder, 'damaged')), [/^name-\d{8}T\d{9}Z\.sqlite$/]);
  t.same(readdirSync(join(folder, 'corpora')), []);
});

const text = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 6 }),
    fc.integer({ min: 1, max: 60 }),
  )
  .map(([words, times]) => Array.from({ length: times }, () => words).flat());

t.test('however unequal the runs are, no n-gram that occurs often enough is missed', async (t) => {
  const { store, path } = await openSqlite(t);
  let corpora = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 300 }),
      async (texts, least) => {
        const name = `name-${corpora++}`;
        await createOf(store, name, []);
        const corpus = await store.open(name);
        for (const words of texts) await corpus.change((change) => addTexts(change, [[words]]));
        const expected = new Map<string, number>();
        await corpus.read(async (snapshot) => {
          for (const words of texts) {
            const ids = await snapshot.tokenIds(words);
            for (let i = 1; i < ids.length; i++) {
              const bigram = `${ids[i - 1]},${ids[i]}`;
              expected.set(bigram, (expected.get(bigram) ?? 0) + 1);
            }
          }
        });
        const connection = openCorpusFile(path(name));
        const runs = readRuns(connection);
        const counts = new Counts(new RunReader(connection), runs);
        const found = counts.frequent(2, least, runs, 1000);
        const pairs = Array.from({ length: found?.length ?? 0 }, (_, i) => [
          found?.ids.slice(2 * i, 2 * i + 2).join(),
          found?.counts[i],
        ]);
        t.same(new Map(pairs as [string, number][]), new Map([...expected].filter(([, n]) => n >= least)));
        const tooMany = counts.frequent(2, 1, runs, 0);
        t.equal(tooMany, undefined, 'not where more blocks than allowed would be read');
        connection.close();
      },
    ),
    { numRuns: 40 },
  );
});

t.test('merged runs of any number of blocks have the counts that they had together', async (t) => {
  const { store, path } = await openSqlite(t);
  let corpora = 0;
  const pair = fc.tuple(fc.nat(6), fc.nat(6));
  const counted = fc.uniqueArray(fc.tuple(pair, fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 30,
    selector: ([pair]) => pair.join(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(counted, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 4 }),
      async (added, blockNGrams) => {
        const name = `merged-${corpora++}`;
        await createOf(store, name, []);
        const corpus = await store.open(name);
        for (const run of added) await corpus.change((change) => change.addRun(runOfCounts(run)));
        // Taken away as soon as it was added.
        await corpus.change((change) => change.addRun(runOfCounts(added[0])));
        await corpus.change((change) => change.addRun(runOfCounts(added[0]), -1));
        const bigrams = () =>
          corpus.read(async (snapshot) => {
            const found: [string, number][] = [];
            for await (const { length, ids, counts } of snapshot.ngrams(2))
              for (let i = 0; i < length; i++) found.push([ids.slice(2 * i, 2 * i + 2).join(), counts[i]]);
            return found;
          });
        const before = await bigrams();
        const connection = openCorpusFile(path(name));
        new Runs(connection, settings, () => {}, blockNGrams).merge();
        t.ok(readRuns(connection).length < added.length + 2);
        connection.close();
        t.same(await bigrams(), before);
      },
    ),
    { numRuns: 30 },
  );
});
