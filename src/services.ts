import type { FastifyBaseLogger } from 'fastify';
import { Backups } from './backup/backups.ts';
import type { Config } from './config.ts';
import { NgramdError } from './errors.ts';
import { QuestionThreads } from './http/questions/question-threads.ts';
import { Corpora } from './index/corpora.ts';
import { RankingMemory } from './index/ranking.ts';
import { ResidentIndexes } from './index/resident/resident-indexes.ts';
import { Ingest } from './ingest/ingest.ts';
import { ModelWorkers } from './model/model-workers.ts';
import { DiskSpace } from './platform/disk-space.ts';
import type { Stage } from './platform/stage.ts';
import { CorpusDirectory } from './store/sqlite/corpus-directory.ts';

/** Starts everything that works on the data folder. Work runs in `stage`; `log` gets the errors that no caller waits for. */
export function startServices(config: Config, log: FastifyBaseLogger, stage: Stage) {
  const directory = new CorpusDirectory(config.DATA_DIR, (message) => log.error(message));
  directory.sweep();
  const onError = (error: unknown) => {
    const settled = corpora.settle(error);
    // Nothing is left to do for a corpus that another process has deleted.
    const isGone = settled instanceof NgramdError && settled.code === 'corpus-not-found';
    if (!isGone) log.error(settled);
  };
  const rankings = new RankingMemory();
  const { INDEX_MEMORY_BYTES: indexBytes, INDEX_TIMEOUT_MS: indexTimeout } = config;
  const indexes = new ResidentIndexes(indexBytes, indexTimeout, stage, onError, rankings);
  const corpora = new Corpora(directory, indexes, rankings);
  const disk = new DiskSpace(config.DATA_DIR, config.MIN_FREE_DISK_BYTES);
  const limits = { disk, maxCorpora: config.MAX_CORPORA, memoryBytes: config.INGEST_MEMORY_BYTES };
  const ingest = new Ingest(directory, corpora, limits, stage, onError);
  const backups = new Backups(directory, corpora, disk, onError);
  const workers = new ModelWorkers(stage, (error) => corpora.settle(error), onError);
  const questions = new QuestionThreads(corpora, stage, onError);
  /** Finishes the work in progress and closes everything. */
  const close = async () => {
    await ingest.close();
    await backups.close();
    await workers.close();
    await questions.close();
    await corpora.closeAll();
    await directory.close();
  };
  const pools = { ...ingest.pools, index: indexes.pool, model: workers.pool, question: questions.pool };
  return { directory, indexes, corpora, ingest, backups, workers, questions, pools, close };
}
