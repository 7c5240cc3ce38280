import type { JobStatus } from '../ingest/job.ts';
import type { RouteAnswers } from '../platform/route-answers.ts';
import { version } from '../product.ts';
import type { Services } from './services.ts';

/** The maximum number of corpora that are listed by their size, and by the time of their last backup. */
const maxListed = 100;

/** What statistics are made of. */
type Sources = Pick<
  Services,
  'store' | 'sizes' | 'backups' | 'lastBackups' | 'indexes' | 'ingest' | 'answers' | 'pools'
>;

/** Returns a function that reads the statistics of this process, with the corpora of which `mayRead` is true. */
export function statsOf(sources: Sources) {
  const { store, sizes, backups, lastBackups, indexes, ingest, answers, pools } = sources;
  return async (mayRead: (corpus: string) => boolean) => {
    const { disk, ...files } = await sizes();
    const { receivedBytes, documents, tokens, uploads } = ingest.figures;
    return {
      version,
      store: store.address.engine,
      process: processStats(),
      requests: Array.from(answers, requestStats).sort((a, b) => b.count - a.count),
      jobs: jobStats((await ingest.jobs.list(Number.POSITIVE_INFINITY)).filter(isOf(mayRead))),
      uploads: {
        in_progress: uploads,
        waiting: ingest.waiting,
        received_bytes: receivedBytes,
        documents,
        tokens,
      },
      indexes: {
        bytes: indexes.bytes,
        limit_bytes: indexes.memoryBytes,
        evictions: indexes.evictions,
        building: indexes.building.filter(mayRead),
        items: indexes.figures.filter(({ corpus }) => mayRead(corpus)),
      },
      corpora: corporaStats(files, (await store.damaged()).filter(mayRead), mayRead),
      ...(disk === undefined ? {} : { disk: { free_bytes: disk.free, total_bytes: disk.total } }),
      ...(store.backups === undefined
        ? {}
        : { backups: backupStats(backups.nextAt, await lastBackups(), mayRead) }),
      pools: Object.entries(pools).map(([name, { maxThreads, threads, idleThreads, queueSize }]) => ({
        name,
        max_threads: maxThreads,
        threads: threads.length,
        busy_threads: threads.length - idleThreads,
        queued_tasks: queueSize,
      })),
    };
  };
}

function processStats() {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const uptime = process.uptime();
  return {
    pid: process.pid,
    node: process.version,
    started_at: new Date(Date.now() - 1000 * uptime).toISOString(),
    uptime_seconds: uptime,
    cpu_seconds: (user + system) / 1e6,
    rss_bytes: rss,
    heap_bytes: heapUsed,
    buffer_bytes: arrayBuffers,
  };
}

function requestStats({ method, route, byStatus, durations }: RouteAnswers) {
  const { count, sum } = durations;
  return {
    method,
    route,
    count,
    statuses: Object.fromEntries(byStatus) as Record<string, number>,
    mean: sum / count,
    p50: durations.quantile(0.5),
    p90: durations.quantile(0.9),
    p99: durations.quantile(0.99),
  };
}

function isOf(mayRead: (corpus: string) => boolean) {
  return ({ task }: JobStatus) => task.corpora.every(mayRead);
}

function jobStats(jobs: readonly JobStatus[]) {
  const counts = { in_progress: 0, succeeded: 0, failed: 0, cancelled: 0 };
  for (const { state } of jobs) counts[state in counts ? (state as keyof typeof counts) : 'in_progress']++;
  return counts;
}

function corporaStats(
  { corpora, temporary }: { corpora: ReadonlyMap<string, number>; temporary: number },
  damaged: string[],
  mayRead: (corpus: string) => boolean,
) {
  const bySize = [...corpora].filter(([name]) => mayRead(name)).sort(([, a], [, b]) => b - a);
  return {
    count: bySize.length,
    bytes: bySize.reduce((sum, [, bytes]) => sum + bytes, 0),
    temporary_bytes: temporary,
    largest: bySize.slice(0, maxListed).map(([name, bytes]) => ({ name, bytes })),
    damaged,
  };
}

function backupStats(
  nextAt: Date | undefined,
  lastTimes: readonly [corpus: string, time: number][],
  mayRead: (corpus: string) => boolean,
) {
  return {
    ...(nextAt === undefined ? {} : { next_at: nextAt.toISOString() }),
    last: lastTimes
      .filter(([corpus]) => mayRead(corpus))
      .slice(0, maxListed)
      .map(([corpus, time]) => ({
        corpus,
        ...(time === 0 ? {} : { created_at: new Date(time).toISOString() }),
      })),
  };
}
