import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { queryClickHouse } from '../../scripts/cluster/cluster.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

const script = fileURLToPath(new URL('../../scripts/cluster.ts', import.meta.url));

/** Runs `npm run cluster` until it is ready. */
async function runScript(t: Test, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGTERM'));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('kill -9')) break;
  }
  const [, folder] = /in (\S+)\. Ctrl-C/.exec(printed) as RegExpExecArray;
  const ports = [...printed.matchAll(/port (\d+)/g)].map(([, port]) => Number(port));
  return { child, folder, ports, printed };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const howMany = async (ports: readonly number[]) =>
  (await Promise.all(ports.map(answers))).filter(Boolean).length;

t.setTimeout(900_000);

t.test(
  'shards know each other, and a server that was killed comes back with its data',
  skipWithoutCluster,
  async (t) => {
    const { clickhouse, postgres } = await startCluster(t, { shards: 2, replicas: 1 });
    const [first, second] = clickhouse;
    for (const { port } of clickhouse) {
      await queryClickHouse(port, 'CREATE TABLE t (n UInt32) ENGINE = MergeTree ORDER BY n');
    }
    const all = "CREATE TABLE everywhere AS t ENGINE = Distributed('ngramd', 'default', 't', n)";
    await queryClickHouse(first.port, all);
    const insert = '/?insert_distributed_sync=1&query=INSERT+INTO+everywhere+FORMAT+TSV';
    const inserted = await fetch(`http://127.0.0.1:${first.port}${insert}`, {
      method: 'POST',
      body: '1\n2\n3\n4\n',
    });
    t.ok(inserted.ok, await inserted.text());
    for (const { port } of clickhouse) t.equal(await queryClickHouse(port, 'SELECT count() FROM t'), '2\n');

    await second.kill();
    t.notOk(second.isRunning);
    await t.rejects(queryClickHouse(first.port, 'SELECT sum(n) FROM everywhere'));
    await second.start();
    // The first one may still use a connection of before.
    const sum = () => queryClickHouse(first.port, 'SELECT sum(n) FROM everywhere').catch(() => undefined);
    while ((await sum()) === undefined) await setTimeout(50);
    t.equal(await sum(), '10\n');

    await postgres.kill();
    await postgres.start();
    t.ok(postgres.isRunning, 'and so does PostgreSQL');
  },
);

t.test('replicas of a shard have the same rows, also after one was away', skipWithoutCluster, async (t) => {
  const { clickhouse } = await startCluster(t, { shards: 1, replicas: 2 });
  const [first, second] = clickhouse;
  const table =
    "CREATE TABLE t (n UInt32) ENGINE = ReplicatedMergeTree('/t/{shard}', '{replica}') ORDER BY n";
  for (const { port } of clickhouse) await queryClickHouse(port, table);
  await second.kill();
  await queryClickHouse(first.port, 'INSERT INTO t VALUES (1), (2)');
  await second.start();
  const sum = () => queryClickHouse(second.port, 'SELECT sum(n) FROM t');
  while ((await sum()) !== '3\n') await setTimeout(50);
  t.equal(await sum(), '3\n');
});

t.test('each call of freshSettings gives settings of an empty database', skipWithoutCluster, async (t) => {
  const cluster = await startCluster(t, { shards: 1, replicas: 1 });
  const [one, other] = [await cluster.freshSettings(), await cluster.freshSettings()];
  t.same(Object.keys(one), ['STORE', 'POSTGRES_URL', 'CLICKHOUSE_URL'], 'one server is no cluster');
  t.not(one.POSTGRES_URL, other.POSTGRES_URL);
  t.not(one.CLICKHOUSE_URL, other.CLICKHOUSE_URL);
  const name = new URL(one.CLICKHOUSE_URL).pathname.slice(1);
  t.match(await queryClickHouse(cluster.clickhouse[0].port, 'SHOW DATABASES'), name);
});

t.test(
  'npm run cluster prints what to type, and leaves nothing after SIGTERM and kill -9',
  skipWithoutCluster,
  async (t) => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const { child, folder, ports, printed } = await runScript(t, '--shards', '2', '--ngramd', '1');
      t.match(printed, /export CLICKHOUSE_URL='http:\/\/127\.0\.0\.1:\d+\/\w+,http:/);
      t.match(printed, /export CLICKHOUSE_CLUSTER='ngramd'/);
      t.equal(ports.length, 4);
      t.equal(await howMany(ports), 4);
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      while (existsSync(folder)) await setTimeout(100);
      // Servers that were killed may take some time to end.
      while ((await howMany(ports)) > 0) await setTimeout(100);
      t.pass(`${signal}: no folder and no server is left`);
    }
  },
);

t.test('wrong options are answered with how to use it', async (t) => {
  for (const args of [['--shards', '0'], ['--replicas', '4'], ['--shard', '2'], ['more']]) {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    t.equal(code, 2);
    t.match(said, /^usage: npm run cluster/);
  }
});

t.test('where programs are missing, it names the command that installs them', async (t) => {
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { PATH: '' },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  t.equal(code, 1);
  t.match(said, /^Programs are missing\. .*\n {2}apt-get install --no-install-recommends .*zookeeper/);
});
