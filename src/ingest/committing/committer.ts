import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isProblem, resultOf } from '../../errors.ts';
import { type PoolFigures, WorkerPool } from '../../platform/worker-pool.ts';
import type { StoreAddress } from '../../store/store.ts';
import { buffersOf, type PackedDraft } from '../receiving/packed-draft.ts';
import type { ReceivedTexts } from '../receiving/receiver.ts';
import type { AddedTogether, Addition, Created, Creation } from './commit-upload.ts';
import type { AddedOrBusy, Removal } from './commit-worker.ts';
import type { ArpaCreation } from './create-arpa.ts';

/** How long a change waits for another process that is changing the corpus, and how often it tries, in milliseconds. */
const patience = 10_000;
const pause = 20;

/** An addition, and its texts. */
export type AdditionParts = Omit<Addition, 'draft'> & { readonly texts: ReceivedTexts };

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
  create(texts: ReceivedTexts, creation: Omit<Creation, 'draft'>): Promise<Created | undefined> {
    const draft = taken(texts);
    const transferList = draft === undefined ? [] : buffersOf(draft);
    return this.#pool.run('create', { ...creation, draft, store: this.#store }, { transferList });
  }

  /** As `createArpaCorpus`. */
  createArpa(creation: ArpaCreation): Promise<Created | undefined> {
    return this.#pool.run('createArpa', { ...creation, store: this.#store });
  }

  /** As `appendTexts`; the texts are used up. Throws `corpus-busy` if other processes write all the time. */
  append(parts: readonly AdditionParts[]): Promise<AddedTogether> {
    return whenFree(async () => {
      const additions = parts.map(({ texts, ...addition }) => ({ ...addition, draft: taken(texts) }));
      const transferList = additions.flatMap(({ draft }) => (draft === undefined ? [] : buffersOf(draft)));
      const task = { additions, store: this.#store };
      const answer = await this.#pool.run<AddedOrBusy>('append', task, { transferList });
      if (!('busy' in answer)) return answer;
      for (const [i, { texts }] of parts.entries()) texts.draft = answer.drafts[i];
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
}

/** The draft of texts, to be moved to a thread. */
function taken(texts: ReceivedTexts): PackedDraft | undefined {
  const { draft } = texts;
  texts.draft = undefined;
  return draft;
}

/** Makes a change, and retries while another process holds the corpus. Throws `corpus-busy` if it keeps holding it. */
export async function whenFree<T>(change: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!isProblem(error, 'corpus-busy') || Date.now() >= deadline) throw error;
      await setTimeout(pause);
    }
  }
}
