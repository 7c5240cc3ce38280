import type { Config } from '../config.ts';
import type { Corpora } from '../index/corpora.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ModelWorkers } from '../model/model-workers.ts';
import type { Access } from './access/access.ts';

/** What the routes are given to work with. */
export interface Services {
  config: Config;
  corpora: Corpora;
  ingest: Ingest;
  workers: ModelWorkers;
  access: Access;
}
