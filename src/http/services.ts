import type { Registry } from 'prom-client';
import type { Access } from '../access/access.ts';
import type { Backups } from '../backups/backups.ts';
import type { Corpora } from '../index/corpora.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ArpaFiles } from '../model/arpa-file.ts';
import type { ModelWorkers } from '../model/model-workers.ts';
import type { Store } from '../store/store.ts';
import type { Slots } from './limits/concurrency.ts';
import type { QuestionThreads } from './questions/question-threads.ts';
import type { ReadinessCheck } from './readiness.ts';

/** The services that routes use. */
export interface Services {
  store: Store;
  backups: Backups;
  corpora: Corpora;
  ingest: Ingest;
  workers: ModelWorkers;
  arpaFiles: ArpaFiles;
  questions: QuestionThreads;
  access: Access;
  /** What MAX_BULK limits. */
  bulk: Slots;
  registry: Registry;
  readiness: Record<string, ReadinessCheck>;
  /** The largest upload, after decompression, in bytes. */
  maxUploadBytes: number;
}
