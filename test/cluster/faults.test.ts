/** Servers that die, come back and lose answers. `CRASH_ROUNDS` sets how often (4 unless it is set). */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import t, { type Test } from 'tap';
import { queryClickHouse } from '../../scripts/cluster/cluster.ts';
import { type ClusterAddress, openStore, type Store } from '../../src/store/store.ts';
import { rounds } from '../crash-rounds.ts';
import { startService } from '../http/harness.ts';
import { addressOf, openCluster } from '../store/cluster/open.ts';
import { addTexts } from '../store/texts.ts';
import { skipWithoutCluster, startCluster } from './harness.ts';

const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
const isAway = (error: unknown) => (error as { code?: string }).code === 'store-unavailable';

async function createBook(store: Store): Promise<void> {
  await store.create({ name: 'book', settings, now: new Date().toISOString(), maxCorpora: 9 }, (change) =>
    addTexts(change, [[['x', 'y', 'x']]]),
  );
}

/** How often the word x occurs, by the counts. */
async function countOfX(store: Store): Promise<number> {
  const corpus = await store.open('book');
  corpus.expectChange();
  return corpus.read(async (snapshot) => {
    const ids = new Uint32Array(await snapshot.tokenIds(['x']));
    return (await snapshot.counts({ ngrams: [{ order: 1, length: 1, ids }] })).ngrams[0][0];
  });
}

t.setTimeout(900_000);

t.test(
  `a replica that comes back answers only what it has, and the other answers meanwhile (${rounds} kills)`,
  skipWithoutCluster,
  async (t) => {
    const cluster = await startCluster(t, { shards: 1, replicas: 2 });
    const address = await addressOf(cluster);
    const store = await openCluster(t, address);
    await createBook(store);
    let expected = 2;
    const seen = { answers: 0, refused: 0, stale: 0 };
    for (let round = 0; round < rounds; round++) {
      const victim = cluster.clickhouse[round % 2];
      const alone: ClusterAddress = { ...address, clickhouse: [address.clickhouse[round % 2]] };
      await victim.kill();
      await (await store.open('book')).change((change) => addTexts(change, [[['x', 'x', `w${round}`]]]));
      expected += 2;
      t.equal(await countOfX(store), expected, 'with one replica down, changes and questions go on');
      t.match(await store.probe(), new RegExp(`${victim.port} does not answer`));
      await victim.start();
      const database = new URL(alone.clickhouse[0]).pathname.slice(1);
      const both = await openStore(address);
      const one = await openStore(alone);
      for (const until = Date.now() + 1500; Date.now() < until; ) {
        const there = await queryClickHouse(victim.port, `SELECT sum(n) FROM ${database}.ngrams_1`);
        if (Number(there) < 3 + 3 * (round + 1)) seen.stale++;
        t.equal(await countOfX(both), expected);
        try {
          t.equal(await countOfX(one), expected);
          seen.answers++;
        } catch (error) {
          t.ok(isAway(error), String(error));
          seen.refused++;
        }
      }
      // The next round kills the other one: until then this one must have everything.
      while (!(await countOfX(one).catch(() => undefined))) await setTimeout(100);
      await Promise.all([both.close(), one.close()]);
    }
    t.comment(`by way of the replica that came back: ${JSON.stringify(seen)}`);
  },
);

/**
 * A proxy of a ClickHouse server that breaks some inserts: `lost` answers, or connections in the middle of the rows.
 */
async function breakingProxy(t: Test, port: number, breaks: () => 'lost' | 'cut' | undefined) {
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const isInsert = /INSERT/.test(asked.url ?? '');
    const how = isInsert ? breaks() : undefined;
    const { method, headers, url: path } = asked;
    const onward = request({ port, host: '127.0.0.1', method, headers, path }, (answered) => {
      answered.on('end', () => how === 'lost' && asked.socket.destroy());
      if (how === 'lost') answered.resume();
      else {
        answer.writeHead(answered.statusCode ?? 500, answered.headers);
        answered.pipe(answer);
      }
    });
    onward.on('error', () => asked.socket.destroy());
    if (how !== 'cut') asked.pipe(onward);
    else {
      asked.once('data', (chunk: Buffer) => {
        onward.write(chunk.subarray(0, chunk.length - 4));
        onward.destroy();
        asked.socket.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  t.teardown(() => server.closeAllConnections());
  return (server.address() as { port: number }).port;
}

t.test(
  'an insert that broke is not repeated: its run is given up, and the change is made again with another',
  skipWithoutCluster,
  async (t) => {
    const cluster = await startCluster(t, { shards: 1, replicas: 1 });
    const address = await addressOf(cluster);
    const broken: ('lost' | 'cut')[] = [];
    const port = await breakingProxy(t, cluster.clickhouse[0].port, () => broken.shift());
    const url = Object.assign(new URL(address.clickhouse[0]), { port: String(port) }).href;
    const store = await openCluster(t, { ...address, clickhouse: [url] });
    await createBook(store);
    const client = new pg.Client(address.postgres);
    await client.connect();
    t.teardown(() => client.end());
    const runs = async () =>
      (await client.query('SELECT state FROM runs ORDER BY id')).rows.map(({ state }) => state);
    const add = async () => (await store.open('book')).change((c) => addTexts(c, [[['x', 'z']]]));
    let expected = 2;
    for (const how of ['lost', 'cut'] as const) {
      broken.push(how);
      await add();
      t.equal(await countOfX(store), ++expected, how);
    }
    t.same(await runs(), ['live', 'abandoned', 'live', 'abandoned', 'live']);
    broken.push(...Array.from({ length: 1000 }, () => 'lost' as const));
    await t.rejects(add(), { code: 'store-unavailable', message: /does not answer/ });
    broken.length = 0;
    t.equal(await countOfX(store), expected, 'a change that fails in the end leaves nothing');
    t.equal((await runs()).filter((state) => state === 'live').length, 3);
  },
);

t.test(
  'a service starts without its servers, says which are down, and works when they are there',
  skipWithoutCluster,
  async (t) => {
    const cluster = await startCluster(t, { shards: 1, replicas: 1 });
    const { postgres } = cluster;
    const [clickhouse] = cluster.clickhouse;
    const empty = await cluster.freshSettings();
    await clickhouse.kill();
    await postgres.kill();
    const { api } = await startService(t, empty);
    const away = async (name: RegExp) => {
      const ready = await api.get('/readyz');
      t.equal(ready.status, 503);
      t.match(ready.body.detail, name);
      const question = await api.get('/v1/corpora/book');
      t.equal(question.status, 503);
      t.match(question.body, { type: '/problems#store-unavailable', detail: name });
      t.ok(question.headers['retry-after']);
      const refused = await api.put('/v1/corpora/book').type('text/plain').send('a b a');
      t.match(refused.body, { type: '/problems#store-unavailable', detail: name });
    };
    await away(new RegExp(`PostgreSQL server 127.0.0.1:${postgres.port} does not answer`));
    await postgres.start();
    await away(new RegExp(`ClickHouse server 127.0.0.1:${clickhouse.port} does not answer`));
    await clickhouse.start();
    await api.get('/readyz').expect(200);
    await api.put('/v1/corpora/book').type('text/plain').send('a b a').expect(201);
    await clickhouse.kill();
    const probability = '/v1/corpora/book/ngrams?order=2';
    const question = await api.get(probability);
    t.match([question.status, question.body.type], [503, '/problems#store-unavailable']);
    await clickhouse.start();
    await api.get(probability).expect(200);
  },
);
