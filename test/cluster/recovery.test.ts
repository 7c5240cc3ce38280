/** What is put right behind servers and processes that failed. */
import { connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import t, { type Test } from 'tap';
import { queryClickHouse } from '../../scripts/cluster/cluster.ts';
import { ClickHouse } from '../../src/store/clickhouse/clickhouse.ts';
import { Postgres } from '../../src/store/clickhouse/postgres.ts';
import { readRows } from '../../src/store/clickhouse/runs.ts';
import { dropOrphans } from '../../src/store/clickhouse/sweep.ts';
import type { ClusterAddress } from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { kill, startProcess } from '../http/processes.ts';
import { addressOf, openCluster } from '../store/cluster/open.ts';
import { contentOf, create, documents, now } from '../store/contract/support.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { addTexts } from '../store/texts.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

/** A connection to PostgreSQL, which is closed when the test ends. */
async function connectPostgres(t: Test, { postgres }: ClusterAddress): Promise<pg.Client> {
  const client = new pg.Client(postgres);
  await client.connect();
  t.teardown(() => client.end());
  return client;
}

/**
 * A proxy of PostgreSQL that passes on the next COMMIT that `breaks` says, and closes the connection instead of its
 * answer.
 */
async function forgetfulProxy(t: Test, postgres: URL, breaks: () => boolean): Promise<number> {
  const server = createServer((client) => {
    const onward = connect(Number(postgres.port), '127.0.0.1');
    let isForgotten = false;
    client.on('data', (asked) => {
      isForgotten ||= asked.includes('COMMIT') && breaks();
      onward.write(asked);
    });
    onward.on('data', (answer) => (isForgotten ? client.destroy() : client.write(answer)));
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ])
      one.on('close', () => other.destroy()).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as { port: number }).port;
}

t.setTimeout(900_000);

t.test('servers and processes that failed leave nothing wrong', skipWithoutCluster, async (t) => {
  const cluster = await startCluster(t, { shards: 1, replicas: 2 });
  const [first] = cluster.clickhouse;

  await t.test('equal blocks of rows in one run are all counted', async (t) => {
    const address = await addressOf(cluster);
    // Each row is a block of its own.
    const small = ['max_insert_block_size', 'min_insert_block_size_rows', 'min_insert_block_size_bytes'];
    const query = small.map((name) => `clickhouse_setting_${name}=1`).join('&');
    const store = await openCluster(t, {
      ...address,
      clickhouse: address.clickhouse.map((url) => `${url}?${query}`),
    });
    const oracle = new MemoryStore();
    for (const each of [store, oracle]) {
      await each.create({ name: 'book', settings: documents, now, maxCorpora: 9 }, async (change) => {
        await addTexts(change, [[['a', 'b']]]);
        await addTexts(change, [[['a', 'b']]]);
      });
    }
    const [found, expected] = [await store.open('book'), await oracle.open('book')];
    t.same(await contentOf(found), await contentOf(expected));
  });

  await t.test('rows of runs that were dropped are dropped when they come late', async (t) => {
    const address = await addressOf(cluster);
    const store = await openCluster(t, address);
    await create(store, 'book', documents, [[['a', 'b', 'a']]]);
    const content = await contentOf(await store.open('book'));
    const client = await connectPostgres(t, address);
    const { rows } = await client.query<{ id: string }>(`SELECT nextval('run_ids') AS id`);
    const late = Number(rows[0].id);
    const database = new URL(address.clickhouse[0]).pathname.slice(1);
    const corpus = (await store.open('book')).ref.id;
    const unnumbered = late + 1;
    for (const run of [late, unnumbered]) {
      await queryClickHouse(first.port, `INSERT INTO ${database}.ngrams_1 VALUES (${run}, 1, 1)`);
      await queryClickHouse(first.port, `INSERT INTO ${database}.tokens VALUES (${corpus}, ${run}, 0, [1])`);
    }
    const postgres = new Postgres(address.postgres);
    const clickhouse = new ClickHouse(address, (runs) => readRows(postgres, runs));
    await dropOrphans(postgres, clickhouse);
    await Promise.all([postgres.close(), clickhouse.close()]);
    const runsIn = async (table: string, column: string) => {
      const query = `SELECT DISTINCT ${column} FROM ${database}.${table} WHERE ${column} > 1 ORDER BY ${column}`;
      return (await queryClickHouse(first.port, query)).trim().split('\n').map(Number);
    };
    // The other replica may have dropped them, and tokens are deleted in the background.
    for (const [table, column] of [
      ['ngrams_1', 'run'],
      ['tokens', 'segment'],
    ]) {
      while ((await runsIn(table, column)).includes(late)) await setTimeout(50);
      const left = await runsIn(table, column);
      t.same(left, [unnumbered], 'what this catalogue has not numbered is left alone');
    }
    t.same(await contentOf(await store.open('book')), content);
  });

  await t.test('a corpus is deleted once where the answer to its deletion is lost', async (t) => {
    const address = await addressOf(cluster);
    const url = new URL(address.postgres);
    let isBreaking = false;
    const port = await forgetfulProxy(t, url, () => {
      const breaks = isBreaking;
      isBreaking = false;
      return breaks;
    });
    const postgres = Object.assign(new URL(url), { port: String(port) }).href;
    const store = await openCluster(t, { ...address, postgres });
    await create(store, 'book', documents, [[['a', 'b']]]);
    isBreaking = true;
    await store.remove('book');
    t.notOk(isBreaking, 'the answer to the commit was lost');
    t.same(await store.names(), []);
    await t.rejects(store.remove('book'), { code: 'corpus-not-found' });
  });

  await t.test('what a killed process was writing is dropped by another', async (t) => {
    const address = await addressOf(cluster);
    const settings = {
      STORE: 'clickhouse',
      POSTGRES_URL: address.postgres,
      CLICKHOUSE_URL: address.clickhouse.join(),
      CLICKHOUSE_CLUSTER: address.cluster as string,
      CLICKHOUSE_REPLICATED: 'true',
    };
    const server = await startProcess(t, temporaryFolder(t), settings);
    const client = await connectPostgres(t, address);
    // The names are held: a corpus is written as far as its commit.
    await client.query('SELECT pg_advisory_lock(7301003)');
    const upload = fetch(`${server.url}/v1/corpora/book`, { method: 'PUT', body: 'a b a' });
    upload.catch(() => {});
    const database = new URL(address.clickhouse[0]).pathname.slice(1);
    const rows = () => queryClickHouse(first.port, `SELECT sum(n) FROM ${database}.ngrams_1`);
    while ((await rows()) !== '3\n') await setTimeout(50);
    await kill(server.process, 'SIGKILL');
    await t.rejects(upload);
    await client.query('SELECT pg_advisory_unlock(7301003)');
    const states = async () => (await client.query('SELECT state FROM runs')).rows.map(({ state }) => state);
    t.same(await states(), ['writing']);
    const other = await startProcess(t, temporaryFolder(t), settings);
    t.equal((await fetch(`${other.url}/v1/corpora/book`)).status, 404);
    // As if the minutes were over after which it counts as dead, and then nothing more of it can come.
    await client.query(`UPDATE owners SET seen_at = now() - interval '2 minutes'
      WHERE id IN (SELECT owner FROM runs WHERE state = 'writing')`);
    while ((await states()).includes('writing')) await setTimeout(100);
    await client.query(`UPDATE runs SET settled_at = now() - interval '2 minutes' WHERE state = 'abandoned'`);
    while ((await states()).length > 0) {
      await client.query(`UPDATE runs SET settled_at = settled_at - interval '1 minute'`);
      await setTimeout(100);
    }
    // The other replica may have dropped them.
    while ((await rows()) !== '0\n') await setTimeout(50);
    await fetch(`${other.url}/v1/corpora/book`, { method: 'PUT', body: 'a b a' });
    t.match(await (await fetch(`${other.url}/v1/corpora/book`)).json(), { tokens: 3, documents: 1 });
  });
});
