import type { Registry } from 'prom-client';
import type { Access } from '../access/access.ts';
import type { Backups } from '../backup/backups.ts';
import type { Config } from '../config.ts';
import type { Corpora } from '../index/corpora.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ModelWorkers } from '../model/model-workers.ts';
import type { QuestionThreads } from './questions/question-threads.ts';
import type { ReadinessCheck } from './readiness.ts';

/** What the routes are given to work with. */
export interface Services {
  config: Config;
  corpora: Corpora;
  ingest: Ingest;
  backups: Backups;
  workers: ModelWorkers;
  questions: QuestionThreads;
  access: Access;
  registry: Registry;
  readiness: Record<string, ReadinessCheck>;
}
