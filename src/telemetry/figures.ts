import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Backups } from '../backups/backups.ts';
import type { ResidentIndexes } from '../index/resident/resident-indexes.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { PoolFigures } from '../platform/worker-pool.ts';
import { version } from '../product.ts';
import type { Store, StoreSizes } from '../store/store.ts';

/** The maximum number of corpora with a series of their own. */
const maxCorpusSeries = 100;

/** The parts of the service whose figures are read at scrape time. */
export interface Sources {
  store: Store;
  sizes(): Promise<StoreSizes>;
  lastBackups: Backups['lastTimes'];
  indexes: ResidentIndexes;
  ingest: Ingest;
  /** By name. */
  pools: Record<string, PoolFigures>;
}

/** Registers metrics of the process and of the service's parts; values are read at scrape time. */
export function reportFigures(registry: Registry, sources: Sources): void {
  const { indexes, ingest, pools } = sources;
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });

  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'ngramd_build_info',
    help: 'The versions of the service and of Node.js; the value is 1',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);

  const { figures } = ingest;
  counter(
    'ngramd_ingest_received_bytes_total',
    'Bytes of texts received, after decompression',
    () => figures.receivedBytes,
  );
  counter('ngramd_ingest_documents_total', 'Documents committed', () => figures.documents);
  counter('ngramd_ingest_tokens_total', 'Tokens of the documents committed', () => figures.tokens);
  gauge('ngramd_ingest_uploads', 'Uploads in progress', () => figures.uploads);
  gauge('ngramd_ingest_waiting', 'Changes that wait for others of the same corpus', () => ingest.waiting);

  reportPools(registry, pools);

  gauge('ngramd_index_bytes', 'Memory of the indexes in memory', () => indexes.bytes);
  gauge('ngramd_index_limit_bytes', 'INDEX_MEMORY_BYTES', () => indexes.memoryBytes);
  gauge('ngramd_index_corpora', 'Corpora with an index in memory', () => indexes.size);
  counter('ngramd_index_evictions_total', 'Indexes evicted to make room for others', () => indexes.evictions);

  reportStore(registry, sources);
  reportBackups(registry, sources);
}

/** Threads and queues of the pools, by name. */
function reportPools(registry: Registry, pools: Record<string, PoolFigures>): void {
  const perPool = (name: string, help: string, read: (pool: PoolFigures) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['pool'],
      registers: [registry],
      collect() {
        for (const [name, pool] of Object.entries(pools)) this.set({ pool: name }, read(pool));
      },
    });
  perPool('ngramd_pool_max_threads', 'Threads that a pool may have', ({ maxThreads }) => maxThreads);
  perPool('ngramd_pool_threads', 'Threads that a pool has', ({ threads }) => threads.length);
  perPool(
    'ngramd_pool_busy_threads',
    'Threads of a pool that have a task, or start',
    ({ threads, idleThreads }) => threads.length - idleThreads,
  );
  perPool('ngramd_pool_queued_tasks', 'Tasks that wait for a thread of a pool', ({ queueSize }) => queueSize);
}

/** The corpora, and the disk if the store has one on this machine. */
function reportStore(registry: Registry, { store, sizes }: Sources): void {
  const gauge = (name: string, help: string, read: () => Promise<number | undefined>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const value = await read();
        if (value !== undefined) this.set(value);
      },
    });

  gauge('ngramd_corpora', 'Corpora in the data folder', async () => (await sizes()).corpora.size);
  gauge(
    'ngramd_damaged_corpora',
    'Corpora whose damaged files were set aside',
    async () => (await store.damaged()).length,
  );
  gauge('ngramd_corpora_bytes', 'Bytes of all corpus files with their logs', async () =>
    [...(await sizes()).corpora.values()].reduce((sum, bytes) => sum + bytes, 0),
  );
  gauge(
    'ngramd_temporary_bytes',
    'Bytes of the files of uploads and merges in progress',
    async () => (await sizes()).temporary,
  );
  new Gauge({
    name: 'ngramd_corpus_bytes',
    help: `Bytes of a corpus's file with its log; of the ${maxCorpusSeries} largest`,
    labelNames: ['corpus'],
    registers: [registry],
    async collect() {
      const { corpora } = await sizes();
      this.reset();
      const largest = [...corpora].sort(([, a], [, b]) => b - a).slice(0, maxCorpusSeries);
      for (const [corpus, bytes] of largest) this.set({ corpus }, bytes);
    },
  });
  gauge(
    'ngramd_disk_free_bytes',
    "Free space on the data folder's disk",
    async () => (await sizes()).disk?.free,
  );
  gauge('ngramd_disk_bytes', "Size of the data folder's disk", async () => (await sizes()).disk?.total);
}

function reportBackups(registry: Registry, { lastBackups }: Sources): void {
  new Gauge({
    name: 'ngramd_backup_last_success_timestamp_seconds',
    help: `When a corpus was last backed up; of the ${maxCorpusSeries} for which that is longest ago`,
    labelNames: ['corpus'],
    registers: [registry],
    async collect() {
      const times = await lastBackups();
      this.reset();
      for (const [corpus, time] of times.slice(0, maxCorpusSeries)) this.set({ corpus }, time / 1000);
    },
  });
}
