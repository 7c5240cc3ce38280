import { Type } from 'typebox';

const bytes = (description: string) => Type.Integer({ description: `${description}, in bytes` });
const count = (description: string) => Type.Integer({ description });
const seconds = (description: string) => Type.Number({ description: `${description}, in seconds` });
const time = (description: string) => Type.String({ format: 'date-time', description });
const names = (description: string) => Type.Array(Type.String(), { description });

const ProcessStats = Type.Object(
  {
    pid: Type.Integer(),
    node: Type.String({ description: 'The version of Node.js' }),
    started_at: time('When the process started'),
    uptime_seconds: Type.Number(),
    cpu_seconds: Type.Number({ description: 'The processor time of all threads' }),
    rss_bytes: bytes('The memory of the process'),
    heap_bytes: bytes("The memory of the main thread's objects"),
    buffer_bytes: bytes("The memory of the main thread's buffers"),
  },
  { title: 'ProcessStats' },
);

const RequestStats = Type.Object(
  {
    method: Type.String(),
    route: Type.String({ description: 'Its path, or `unmatched` for all paths without a route' }),
    count: count('The number of answers'),
    statuses: Type.Record(Type.String({ pattern: '^[0-9]{3}$' }), Type.Integer(), {
      description: 'The number of answers with each status; 499 if the caller disconnected first',
    }),
    mean: seconds('The mean time until the end of an answer'),
    p50: seconds('The time that half of the answers do not exceed'),
    p90: seconds('The time that 90 percent do not exceed'),
    p99: seconds('The time that 99 percent do not exceed'),
  },
  {
    title: 'RequestStats',
    description:
      "Percentiles are estimated from a histogram, as Prometheus's `histogram_quantile` does it; they are at most 60 s",
  },
);

const JobStats = Type.Object(
  {
    in_progress: Type.Integer(),
    succeeded: Type.Integer(),
    failed: Type.Integer(),
    cancelled: Type.Integer(),
  },
  { title: 'JobStats', description: 'The numbers of jobs that `GET /v1/jobs` lists' },
);

const UploadStats = Type.Object(
  {
    in_progress: Type.Integer(),
    waiting: count('The number of changes that wait for others of the same corpus'),
    received_bytes: bytes('The texts received, after decompression'),
    documents: count('The number of documents committed'),
    tokens: count('The number of their tokens'),
  },
  { title: 'UploadStats' },
);

const IndexStats = Type.Object(
  {
    bytes: bytes('The memory of all indexes'),
    limit_bytes: bytes('INDEX_MEMORY_BYTES'),
    evictions: count('The number of indexes evicted to make room for others'),
    building: names('The corpora whose index is being built'),
    items: Type.Array(
      Type.Object(
        {
          corpus: Type.String(),
          version: Type.Integer({ description: 'The version of the corpus that it is of' }),
          bytes: Type.Integer(),
        },
        { title: 'IndexInMemory' },
      ),
      { description: 'The indexes in memory, the most recently used first' },
    ),
  },
  { title: 'IndexStats' },
);

const CorporaStats = Type.Object(
  {
    count: Type.Integer(),
    bytes: bytes('The size of all corpora'),
    temporary_bytes: bytes('The size of the temporary files of uploads and merges'),
    largest: Type.Array(
      Type.Object({ name: Type.String(), bytes: Type.Integer() }, { title: 'CorpusSize' }),
      { description: 'The 100 largest, the largest first' },
    ),
    damaged: names('The corpora that were found damaged and set aside'),
  },
  { title: 'CorporaStats' },
);

const BackupStats = Type.Object(
  {
    next_at: Type.Optional(time('When BACKUP_SCHEDULE makes backups next, if it is set')),
    last: Type.Array(
      Type.Object(
        {
          corpus: Type.String(),
          created_at: Type.Optional(time('Absent if it has none, although there is a schedule')),
        },
        { title: 'LastBackup' },
      ),
      { description: 'The last backup of each corpus, the longest ago first; at most 100' },
    ),
  },
  { title: 'BackupStats' },
);

const PoolStats = Type.Object(
  {
    name: Type.String(),
    max_threads: count('The number of threads that it may have'),
    threads: count('The number of threads that it has'),
    busy_threads: count('The number of threads that have a task'),
    queued_tasks: count('The number of tasks that wait for a thread'),
  },
  { title: 'PoolStats' },
);

export const Stats = Type.Object(
  {
    version: Type.String({ description: 'The version of the service' }),
    store: Type.Enum(['sqlite', 'clickhouse'], { type: 'string', description: 'STORE' }),
    process: ProcessStats,
    requests: Type.Array(RequestStats, {
      description: 'Of each route and method that has been called, the most frequent first',
    }),
    jobs: JobStats,
    uploads: UploadStats,
    indexes: IndexStats,
    corpora: CorporaStats,
    disk: Type.Optional(
      Type.Object(
        { free_bytes: Type.Integer(), total_bytes: Type.Integer() },
        { title: 'DiskStats', description: 'The disk of the data folder, if the store is on this machine' },
      ),
    ),
    backups: Type.Optional(BackupStats),
    pools: Type.Array(PoolStats, { description: 'The pools of threads' }),
  },
  { title: 'Stats', description: 'The figures' },
);
