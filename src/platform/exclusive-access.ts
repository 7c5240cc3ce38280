import { setTimeout } from 'node:timers/promises';
import { NgramdError } from '../errors.ts';
import { ProcessLock } from './process-lock.ts';

/** How long one waits for another process, and how long between two attempts, in milliseconds. */
const patience = 10_000;
const pause = 10;

/** Access to something that processes and threads share, granted to one of them at a time by a lock on a file. */
export class ExclusiveAccess {
  readonly #path: string;
  readonly #what: string;
  #lock: ProcessLock | undefined;
  /** The last access that this thread has asked for. */
  #last: Promise<unknown> = Promise.resolve();

  /** `path` is the lock's file; `what` names what is shared, for messages. */
  constructor(path: string, what: string) {
    this.#path = path;
    this.#what = what;
  }

  /** Runs `work` while nobody else has access. Throws `corpus-busy` where another process keeps it too long. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      this.#lock ??= new ProcessLock(this.#path, 0);
      const deadline = performance.now() + patience;
      while (!this.#lock.acquire()) {
        if (performance.now() >= deadline) throw this.#busy();
        await setTimeout(pause);
      }
      try {
        return await work();
      } finally {
        this.#lock.release();
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** As `run`, but blocks the thread: for the start, when nobody is served yet. */
  runBlocking<T>(work: () => T): T {
    const lock = new ProcessLock(this.#path, patience);
    try {
      if (!lock.acquire()) throw this.#busy();
      return work();
    } finally {
      lock.close();
    }
  }

  close(): void {
    this.#lock?.close();
    this.#lock = undefined;
  }

  #busy(): NgramdError {
    return new NgramdError('corpus-busy', `Another process is changing ${this.#what}. Try again.`);
  }
}
