import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NgramdError, resultOf } from '../../errors.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { CorpusSummary, StoreAddress } from '../../store/store.ts';
import { buffersOf } from '../receiving/draft.ts';
import type { ReceivedTexts } from '../receiving/receiver.ts';
import type { Added, Addition, Creation } from './commit-upload.ts';
import type { AddedOrBusy, Removal } from './commit-worker.ts';

/** How long a change waits for another process that is changing the corpus, and how often it tries, in milliseconds. */
const patience = 10_000;
const pause = 20;

/** Threads that change the corpora of a store, each of them one corpus at a time. */
export class Committer {
  readonly #store: StoreAddress;
  readonly #pool: WorkerPool;

  constructor(store: StoreAddress, onError: (error: unknown) => void) {
    this.#store = store;
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
  create(texts: ReceivedTexts, creation: Omit<Creation, 'draft'>): Promise<CorpusSummary | undefined> {
    return this.#commit('create', texts, creation);
  }

  /** As `appendTexts`; the texts are used up. Throws `corpus-busy` where other processes write all the time. */
  append(texts: ReceivedTexts, addition: Omit<Addition, 'draft'>): Promise<Added> {
    return whenFree(async () => {
      const answer = await this.#commit<AddedOrBusy>('append', texts, addition);
      if (!('busy' in answer)) return answer;
      texts.draft = answer.draft;
      return resultOf(answer.busy);
    });
  }

  /** As `takeBack`. Throws `corpus-busy` where other processes write all the time. */
  removeDocument(removal: Removal): Promise<void> {
    return whenFree(() => this.#pool.run('removeDocument', { ...removal, store: this.#store }));
  }

  /** Does the maintenance of a corpus. */
  maintain(corpus: string): Promise<void> {
    return this.#pool.run('maintain', { corpus, store: this.#store });
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Has a thread commit texts, which are moved there. */
  #commit<T>(name: 'create' | 'append', texts: ReceivedTexts, task: object): Promise<T> {
    const { draft } = texts;
    texts.draft = undefined;
    const transferList = draft === undefined ? [] : buffersOf(draft);
    return this.#pool.run<T>(name, { ...task, draft, store: this.#store }, { transferList });
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
