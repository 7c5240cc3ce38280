import type { Registry } from 'prom-client';
import type { Access } from '../access/access.ts';
import type { Backups } from '../backups/backups.ts';
import type { Corpora } from '../index/corpora.ts';
import type { ResidentIndexes } from '../index/resident/resident-indexes.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ArpaFiles } from '../model/arpa-file.ts';
import type { ModelWorkers } from '../model/model-workers.ts';
import type { RouteAnswers } from '../platform/route-answers.ts';
import type { PoolFigures } from '../platform/worker-pool.ts';
import type { Store, StoreSizes } from '../store/store.ts';
import type { Slots } from './limits/concurrency.ts';
import type { QuestionThreads } from './questions/question-threads.ts';
import type { ReadinessCheck } from './readiness.ts';

/** The services that routes use. */
export interface Services {
  store: Store;
  backups: Backups;
  /** The sizes of the store's files, measured every few seconds at most; and the last backup of each corpus. */
  sizes(): Promise<StoreSizes>;
  lastBackups: Backups['lastTimes'];
  indexes: ResidentIndexes;
  corpora: Corpora;
  ingest: Ingest;
  workers: ModelWorkers;
  arpaFiles: ArpaFiles;
  questions: QuestionThreads;
  access: Access;
  /** What MAX_BULK limits. */
  bulk: Slots;
  registry: Registry;
  /** What is counted of the answers of each route and method. */
  answers: Iterable<RouteAnswers>;
  /** The pools of threads, by name. */
  pools: Record<string, PoolFigures>;
  readiness: Record<string, ReadinessCheck>;
  /** The largest upload, after decompression, in bytes. */
  maxUploadBytes: number;
}
