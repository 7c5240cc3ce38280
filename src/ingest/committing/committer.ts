import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NgramdError, resultOf } from '../../errors.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSummary } from '../../store/corpus.ts';
import { buffersOf } from '../receiving/draft.ts';
import type { ReceivedTexts } from '../receiving/receiver.ts';
import type { Added, Addition, Creation } from './commit-upload.ts';
import type { AddedOrBusy, Removal } from './commit-worker.ts';

/** How long a change waits for another process that is changing the corpus, and how often it tries, in milliseconds. */
const patience = 10_000;
const pause = 20;

/** Threads that change corpora, each of them one corpus at a time. */
export class Committer {
  readonly #pool: WorkerPool;

  constructor(onError: (error: unknown) => void) {
    this.#pool = new WorkerPool(
      new URL(`./commit-worker${extname(import.meta.url)}`, import.meta.url),
      { minThreads: 1, maxThreads: Math.max(2, availableParallelism()), idleTimeout: 60_000 },
      onError,
    );
  }

  get figures(): PoolFigures {
    return this.#pool.figures;
  }

  /** As `createCorpus`; the texts are used up. */
  create(texts: ReceivedTexts, task: Omit<Creation, 'draft'>): Promise<CorpusSummary> {
    return this.#run('create', texts, task);
  }

  /** As `appendTexts`; the texts are used up. Throws `corpus-busy` where other processes write all the time. */
  append(texts: ReceivedTexts, task: Omit<Addition, 'draft'>): Promise<Added> {
    return whenFree(async () => {
      const answer = await this.#run<AddedOrBusy>('append', texts, task);
      if (!('busy' in answer)) return answer;
      texts.draft = answer.draft;
      return resultOf(answer.busy);
    });
  }

  /** As `takeBack`. Throws `corpus-busy` where other processes write all the time. */
  removeDocument(task: Removal): Promise<void> {
    return whenFree(() => this.#pool.run('removeDocument', task));
  }

  /** Merges the runs of a corpus file until there are few. */
  compact(path: string): Promise<void> {
    return this.#pool.run('compact', { path });
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Has a thread commit texts, which are moved there. */
  #run<T>(name: 'create' | 'append', texts: ReceivedTexts, task: object): Promise<T> {
    const { draft } = texts;
    texts.draft = undefined;
    const transferList = draft === undefined ? [] : buffersOf(draft);
    return this.#pool.run<T>(name, { ...task, draft }, { transferList });
  }
}

/** Makes a change, again and again while another process holds the corpus. Throws `corpus-busy` when that goes on. */
export async function whenFree<T>(change: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await change();
    } catch (error) {
      const isBusy = error instanceof NgramdError && error.code === 'corpus-busy';
      if (!isBusy || Date.now() >= deadline) throw error;
      await setTimeout(pause);
    }
  }
}
