import type { FastifyBaseLogger } from 'fastify';
import { Backups } from './backups/backups.ts';
import { type Config, storeAddress } from './config.ts';
import { isProblem } from './errors.ts';
import { QuestionThreads } from './http/questions/question-threads.ts';
import { Corpora } from './index/corpora.ts';
import { RankingMemory } from './index/ranking.ts';
import { ResidentIndexes } from './index/resident/resident-indexes.ts';
import { Ingest } from './ingest/ingest.ts';
import { ArpaFiles } from './model/arpa-file.ts';
import { ModelWorkers } from './model/model-workers.ts';
import { ArpaThreads } from './model/streamed-arpa/arpa-threads.ts';
import { DiskSpace } from './platform/disk-space.ts';
import { reused } from './platform/reused.ts';
import { ScratchFolder } from './platform/scratch-folder.ts';
import type { Stage } from './platform/stage.ts';
import { openStore } from './store/store.ts';

/**
 * Starts everything that works on the data folder. Work runs in `stage`; `log` gets the errors that no caller waits
 * for.
 */
export async function startServices(config: Config, log: FastifyBaseLogger, stage: Stage) {
  const scratch = new ScratchFolder(config.DATA_DIR);
  scratch.sweep();
  const onDamage = (message: string) => log.error(message);
  const onError = async (error: unknown) => {
    const settled = await corpora.settle(error);
    // Nothing is left to do for a corpus that another process has deleted.
    if (!isProblem(settled, 'corpus-not-found')) log.error(settled);
  };
  const address = storeAddress(config, scratch.prefix);
  const store = await openStore(address, { onDamage, onError });
  const rankings = new RankingMemory();
  const indexLimits = { memoryBytes: config.INDEX_MEMORY_BYTES, timeout: config.INDEX_TIMEOUT_MS };
  const indexes = new ResidentIndexes(address, indexLimits, stage, onError, rankings);
  const corpora = new Corpora(store, indexes, rankings);
  const disk = new DiskSpace(config.DATA_DIR, config.MIN_FREE_DISK_BYTES);
  const limits = {
    disk,
    scratch,
    maxCorpora: config.MAX_CORPORA,
    memoryBytes: config.INGEST_MEMORY_BYTES,
    tableBytes: config.INDEX_MEMORY_BYTES,
  };
  const ingest = new Ingest(store, corpora, limits, stage, onError);
  const backups = new Backups(
    { store, ingest, disk, stage, onError },
    { schedule: config.BACKUP_SCHEDULE, keep: config.BACKUP_KEEP, maxCorpora: config.MAX_CORPORA },
  );
  const workers = new ModelWorkers(stage, (error) => corpora.settle(error), onError);
  const arpaThreads = new ArpaThreads(scratch.prefix, stage, (error) => corpora.settle(error), onError);
  const arpaFiles = new ArpaFiles(config.INDEX_MEMORY_BYTES, arpaThreads);
  const questions = new QuestionThreads(corpora, stage, onError);
  /** Finishes the work in progress and closes everything. */
  const close = async () => {
    backups.close();
    await ingest.close();
    await workers.close();
    await arpaThreads.close();
    await questions.close();
    await corpora.close();
    await store.close();
    await scratch.close();
  };
  const pools = {
    ...ingest.pools,
    index: indexes.pool,
    model: workers.pool,
    arpa: arpaThreads.pool,
    question: questions.pool,
  };
  const sizes = reused(() => store.sizes());
  const lastBackups = reused(() => backups.lastTimes());
  return {
    scratch,
    store,
    sizes,
    backups,
    lastBackups,
    indexes,
    corpora,
    ingest,
    workers,
    arpaFiles,
    questions,
    pools,
    close,
  };
}
