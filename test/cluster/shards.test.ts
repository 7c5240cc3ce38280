import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { queryClickHouse } from '../../scripts/cluster/cluster.ts';
import { openStore } from '../../src/store/store.ts';
import { addressOf } from '../store/cluster/open.ts';
import { createOf } from '../store/sqlite.ts';
import { addTexts } from '../store/texts.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

t.setTimeout(900_000);

t.test('a database is not used on another number of shards than before', skipWithoutCluster, async (t) => {
  const files: { file: string; configuration: string }[] = [];
  const cluster = await startCluster(t, { shards: 2, replicas: 1 }, ({ clickhouse }) => {
    for (const { folder } of clickhouse) {
      const file = join(folder, 'config.xml');
      const configuration = readFileSync(file, 'utf8');
      files.push({ file, configuration });
      writeFileSync(file, configuration.replace(/(<\/shard>)\s*<shard>[\s\S]*?<\/shard>/, '$1'));
    }
  });
  const [first, second] = cluster.clickhouse;
  const address = await addressOf(cluster);
  const one = { ...address, clickhouse: address.clickhouse.slice(0, 1) };
  const before = await openStore(one);
  await createOf(before, 'book', [[['a', 'b', 'a']]]);

  for (const { file, configuration } of files) writeFileSync(file, configuration);
  const shards = (port: number) =>
    queryClickHouse(port, `SELECT count() FROM system.clusters WHERE cluster = 'ngramd'`);
  for (const { port } of [first, second]) while ((await shards(port)).trim() !== '2') await setTimeout(100);
  // The new shard gets its tables, as from a process that starts with a catalogue of its own.
  const { POSTGRES_URL } = await cluster.freshSettings();
  await (await openStore({ ...address, postgres: POSTGRES_URL })).close();
  const message = /has 2 shards in the cluster ngramd .* instead of 1/;
  const book = await before.open('book');
  const adding = book.change((change) => addTexts(change, [[['a', 'b']]]));
  await t.rejects(adding, { code: 'store-unavailable', message }, 'a store that is open changes nothing');
  await t.rejects(Promise.resolve(before.checkWritable?.()), { code: 'store-unavailable', message });
  t.match(await before.probe(), message);
  t.equal((await book.read((snapshot) => snapshot.summary())).tokens, 3, 'questions are answered');
  await before.close();
  await t.rejects(openStore(address), {
    message: /created on 1 shards, and the cluster ngramd .* has 2\. .*`ngramd copy`/,
  });
});
