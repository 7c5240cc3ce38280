import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Cluster, type ClusterSettings, queryClickHouse } from '../../scripts/cluster/cluster.ts';
import { findPrograms } from '../../scripts/cluster/programs.ts';
import { loadStoreConfig, storeAddress } from '../../src/config.ts';
import { BlockBatch, type EncodedBlocks } from '../../src/ngrams/block-batch.ts';
import { openStore, type Snapshot } from '../../src/store/store.ts';
import type { Bench, Row } from '../bench.ts';
import { median, Service, time } from '../service.ts';
import type { BenchText } from '../text.ts';

const order = 3;
const blockNGrams = 128;
const corpus = `/v1/corpora/order${order}`;

/** How many questions are asked one by one, and in one request. */
const single = 200;
const together = 10_000;

/** Goals: of single questions without an index and of many in one request, in milliseconds. */
const goals = { single: 50, together: 2000 };

const estimators = ['laplace', 'modified-kneser-ney'];

interface Question {
  context: string;
  word: string;
}

/** A service on a cluster that holds the corpus. */
interface Loaded {
  cluster: Cluster;
  settings: ClusterSettings;
  folder: string;
}

/**
 * The first tenth of the text on ClickHouse and PostgreSQL, with 1, 2 and 3 shards, beside ClickHouse's client and
 * SQLite.
 */
export async function cluster(bench: Bench): Promise<Row[]> {
  const found = findPrograms();
  if ('install' in found) {
    return [{ what: 'cluster', ours: 'skipped', reference: found.install, ratio: undefined }];
  }
  const questions = questionsOf(bench.tenth);
  const onSqlite = await sqliteTimes(bench, questions.slice(0, single));
  const rows: Row[] = [];
  for (const shards of [1, 2, 3]) {
    const folder = mkdtempSync(join(bench.folder, 'cluster-'));
    const cluster = await Cluster.start({ shards, replicas: 1 });
    try {
      const loaded = { cluster, settings: await cluster.freshSettings(), folder };
      rows.push(...(await ingest(bench, loaded)));
      if (shards === 1) rows.push(await inMemory(loaded, questions.slice(0, single), onSqlite));
      if (shards !== 2) rows.push(...(await withoutIndex(loaded, questions)));
    } finally {
      await cluster.stop();
      rmSync(folder, { recursive: true });
    }
  }
  return rows;
}

/**
 * Uploads the text; then the store adds its counts to an empty corpus of the same cluster, as blocks that were encoded
 * before, and ClickHouse's own client inserts the same rows into empty tables of it.
 */
async function ingest(bench: Bench, { cluster, settings, folder }: Loaded): Promise<Row[]> {
  const { shards } = cluster.size;
  const service = await Service.start(join(folder, 'data'), settings);
  const path = `${corpus}?order=${order}&tokenizer=${bench.tenth.tokenizer}`;
  const seconds = await time(() => service.send(path, 'PUT', bench.tenth.path));
  await service.stop();
  const database = databaseOf(settings);
  const sizes = await sizesOn(cluster, database);
  const rows = sum(sizes.map(({ rows }) => rows));
  const bytes = sum(sizes.map(({ bytes }) => bytes));
  const adding = await addCounts(cluster, settings);
  const reference = await insertByClient(cluster, database, folder);
  const rate = (seconds: number) => `${Math.round(rows / seconds / 1000)} k rows/s`;
  const compared = (what: string, seconds: number): Row => ({
    what: `${(rows / 1e6).toFixed(1)} M rows ${what} into ${shards} shard${shards === 1 ? '' : 's'}, of a goal of 0.7`,
    ours: rate(seconds),
    reference: `${rate(reference)}, clickhouse-client`,
    ratio: reference / seconds,
  });
  const inserted = [
    compared('of a text, counted and inserted', seconds),
    compared('that were counted', adding),
  ];
  if (shards === 1)
    return [
      ...inserted,
      {
        what: 'bytes a row on disk',
        ours: (bytes / rows).toFixed(2),
        reference: '',
        ratio: undefined,
      },
    ];
  const shares = sizes.map(({ rows }) => rows);
  return [...inserted, spread(`rows on each of ${shards} shards`, shares)];
}

/** Adds the counts of the corpus to an empty one, in a change that is committed. Returns the seconds. */
async function addCounts(cluster: Cluster, settings: ClusterSettings): Promise<number> {
  const source = await openStore(storeAddress(loadStoreConfig({ ...settings }), ''));
  const target = await openStore(storeAddress(loadStoreConfig({ ...(await cluster.freshSettings()) }), ''));
  try {
    const stored = await source.open(`order${order}`);
    const blocks = await stored.read(encodedCounts);
    const corpus = {
      name: 'counted',
      settings: stored.settings,
      now: new Date().toISOString(),
      maxCorpora: 1,
    };
    await target.create(corpus, async () => true);
    const counted = await target.open(corpus.name);
    return await time(() => counted.change((change) => change.addRun(blocks)));
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/** All n-grams of a corpus as an upload hands them to a store. */
async function encodedCounts(snapshot: Snapshot): Promise<EncodedBlocks[]> {
  const blocks: EncodedBlocks[] = [];
  for (let k = 1; k <= order; k++) {
    const batch = new BlockBatch(k, blockNGrams);
    for await (const { length, ids, counts } of snapshot.ngrams(k)) {
      for (let i = 0; i < length; i++) batch.add(ids.subarray(i * k, (i + 1) * k), counts[i]);
      blocks.push(batch.take());
    }
  }
  return blocks;
}

/** Writes the rows of the tables to files and has a client insert them, all tables at a time. Returns the seconds. */
async function insertByClient(cluster: Cluster, database: string, folder: string): Promise<number> {
  const settings = await cluster.freshSettings();
  // A service makes the tables.
  await (await Service.start(join(folder, 'empty'), settings)).stop();
  const [{ port }] = cluster.clickhouse;
  const isSharded = cluster.size.shards > 1;
  const tables = (await queryClickHouse(port, `SHOW TABLES FROM ${database}`))
    .split('\n')
    .filter((table) => /^(ngrams|preceded)_[1-3]$/.test(table))
    .map((table) => (isSharded ? `all_${table}` : table));
  for (const table of tables) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: `SELECT * FROM ${database}.${table} FORMAT Native`,
    });
    await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(join(folder, table)));
  }
  const tcpPort = await queryClickHouse(port, 'SELECT port FROM system.clusters WHERE is_local LIMIT 1');
  return time(() =>
    Promise.all(
      tables.map(async (table) => {
        const client = spawn('clickhouse-client', [
          `--port=${tcpPort.trim()}`,
          `--database=${databaseOf(settings)}`,
          '--insert_distributed_sync=1',
          `--query=INSERT INTO ${table} FORMAT Native`,
        ]);
        await pipeline(createReadStream(join(folder, table)), client.stdin);
        const [code] = client.exitCode === null ? await once(client, 'exit') : [client.exitCode];
        if (code !== 0) throw new Error(`clickhouse-client ended with ${code}.`);
      }),
    ),
  );
}

/** Single questions where the corpus fits in memory, against SQLite. */
async function inMemory(
  { settings, folder }: Loaded,
  questions: readonly Question[],
  onSqlite: ReadonlyMap<string, number>,
): Promise<Row> {
  const service = await Service.start(join(folder, 'data'), settings);
  try {
    await ready(service);
    const [, estimator] = estimators;
    const ms = await medianOf(service, questions, estimator);
    const reference = onSqlite.get(estimator) as number;
    return {
      what: `a question in memory, ${estimator}, order ${order}, median of ${single}`,
      ours: `${ms.toFixed(2)} ms`,
      reference: `${reference.toFixed(2)} ms, on SQLite`,
      ratio: reference / ms,
    };
  } finally {
    await service.stop();
  }
}

/** Questions where no index is in memory: one by one, and many in one request. Each is asked once. */
async function withoutIndex(loaded: Loaded, questions: readonly Question[]): Promise<Row[]> {
  const { cluster, settings, folder } = loaded;
  const { shards } = cluster.size;
  const rows: Row[] = [];
  const on = `${shards} shard${shards === 1 ? '' : 's'}`;
  for (const estimator of estimators) {
    const service = await Service.start(join(folder, 'data'), { ...settings, INDEX_MEMORY_BYTES: '0' });
    try {
      // Counts of counts are counted once a version.
      await ask(service, { context: 'zzz', word: 'zzz' }, estimator);
      const touched = new Map<number, number>();
      const seconds = await medianOf(service, questions.slice(0, single), estimator);
      rows.push(goal(`a question without an index, ${estimator}, ${on}`, seconds, goals.single));
      const queries = JSON.stringify({ queries: questions.slice(single), estimator });
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: queries };
      const all = await time(() => service.json(`${corpus}/probabilities`, init));
      rows.push(
        goal(`${together} in one request without an index, ${estimator}, ${on}`, 1000 * all, goals.together),
      );
      if (shards > 1)
        rows.push(...(await touches(service, loaded, questions.slice(-100), estimator, touched)));
    } finally {
      await service.stop();
    }
  }
  return rows;
}

/** How many shards read rows for each question, and how evenly they do. */
async function touches(
  service: Service,
  { cluster, settings }: Loaded,
  questions: readonly Question[],
  estimator: string,
  touched: Map<number, number>,
): Promise<Row[]> {
  const marks = () =>
    Promise.all(
      cluster.clickhouse.map(async ({ port }) =>
        Number(
          await queryClickHouse(port, `SELECT sum(value) FROM system.events WHERE event = 'SelectedMarks'`),
        ),
      ),
    );
  databaseOf(settings);
  for (const question of questions) {
    const before = await marks();
    await ask(service, { ...question, context: question.context.split(' ').reverse().join(' ') }, estimator);
    const after = await marks();
    for (const [i, value] of after.entries())
      if (value > before[i]) touched.set(i, (touched.get(i) ?? 0) + 1);
  }
  const counts = cluster.clickhouse.map((_, i) => touched.get(i) ?? 0);
  return [
    {
      what: `shards that read for a question, ${estimator}`,
      ours: (sum(counts) / questions.length).toFixed(2),
      reference: `${cluster.size.shards} shards`,
      ratio: undefined,
    },
    spread(`questions that each shard reads for, ${estimator}`, counts),
  ];
}

/** The medians on SQLite with the index in memory, by estimator. */
async function sqliteTimes(bench: Bench, questions: readonly Question[]): Promise<Map<string, number>> {
  const service = await bench.service();
  const path = `${corpus}?order=${order}&tokenizer=${bench.tenth.tokenizer}`;
  await service.send(path, 'PUT', bench.tenth.path);
  await ready(service);
  const times = new Map<string, number>();
  for (const estimator of estimators) times.set(estimator, await medianOf(service, questions, estimator));
  await service.request(corpus, { method: 'DELETE' });
  await bench.stop();
  return times;
}

/** Resolves when the index is in memory. */
async function ready(service: Service): Promise<void> {
  for (;;) {
    await ask(service, { context: 'zzz', word: 'zzz' }, 'modified-kneser-ney');
    const { body } = { body: await (await service.request('/metrics')).text() };
    if (/ngramd_index_bytes\{?[^\n]*\}? [1-9]/.test(body)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function ask(service: Service, question: Question, estimator: string): Promise<unknown> {
  return service.json(`${corpus}/probability?${new URLSearchParams({ ...question, estimator })}`);
}

/** The median time of questions that are asked one after the other, in milliseconds. */
async function medianOf(
  service: Service,
  questions: readonly Question[],
  estimator: string,
): Promise<number> {
  const seconds: number[] = [];
  for (const question of questions) seconds.push(await time(() => ask(service, question, estimator)));
  return 1000 * median(seconds);
}

/** Words of the text with the two before them, from places all over it. */
function questionsOf({ path }: BenchText): Question[] {
  const words =
    readFileSync(path, 'utf8')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const wanted = single + together;
  const step = Math.floor((words.length - order) / wanted);
  return Array.from({ length: wanted }, (_, i) => {
    // Neighbours in the list are far apart in the text.
    const at = step * ((i * 7919) % wanted);
    return { context: words.slice(at, at + order - 1).join(' '), word: words[at + order - 1] };
  });
}

/** The rows of the tables of n-grams on each server, and their bytes. */
async function sizesOn(cluster: Cluster, database: string): Promise<{ rows: number; bytes: number }[]> {
  return Promise.all(
    cluster.clickhouse.map(async ({ port }) => {
      const answer = await queryClickHouse(
        port,
        `SELECT sum(rows), sum(bytes_on_disk) FROM system.parts
         WHERE active AND database = '${database}' AND (table LIKE 'ngrams%' OR table LIKE 'preceded%')`,
      );
      const [rows, bytes] = answer.split('\t').map(Number);
      return { rows, bytes };
    }),
  );
}

function databaseOf({ CLICKHOUSE_URL }: ClusterSettings): string {
  return new URL(CLICKHOUSE_URL.split(',')[0]).pathname.slice(1);
}

function goal(what: string, ms: number, limitMs: number): Row {
  return { what, ours: `${ms.toFixed(1)} ms`, reference: `${limitMs} ms`, ratio: limitMs / ms };
}

/** How even numbers are: each as a part of all, and the largest against an even share. */
function spread(what: string, numbers: readonly number[]): Row {
  const all = sum(numbers);
  const even = all / numbers.length;
  return {
    what,
    ours: numbers.map((number) => `${((100 * number) / all).toFixed(1)} %`).join(', '),
    reference: `an even share ± 20 %`,
    ratio: even / Math.max(...numbers),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
