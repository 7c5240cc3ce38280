import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { NgramdError } from '../errors.ts';
import type { SharedJobs } from '../store/store.ts';
import { decodeStatus, encodeStatus } from './encoded-status.ts';
import { Job, type JobResult, type JobStatus, type JobTask } from './job.ts';

/** How many ended jobs are kept, and for how long, in milliseconds. */
const keptJobs = { max: 1000, ttl: 3_600_000 };

/**
 * How often other processes are informed of jobs, and how long a process that runs a job is waited for, in
 * milliseconds.
 */
const writeInterval = 250;
const patience = 5000;

/**
 * The uploads and backups in progress, and those that ended recently. Those of this process are kept in memory. If the
 * store shares jobs, it is informed of them several times a second, and has those of other processes.
 */
export class Jobs {
  readonly #inProgress = new Map<string, Job>();
  readonly #ended: LRUCache<string, Job>;
  readonly #work = new Set<Promise<void>>();
  readonly #shared: SharedJobs | undefined;
  readonly #kept: typeof keptJobs;
  /** Those that have ended, which the store does not know yet. */
  readonly #unpublished = new Map<string, Job>();
  #published: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(shared?: SharedJobs, kept = keptJobs) {
    this.#shared = shared;
    this.#kept = kept;
    this.#ended = new LRUCache(kept);
  }

  start<Result extends JobResult>(task: JobTask, work: (job: Job<Result>) => Promise<Result>): Job<Result> {
    const job = new Job(++this.#last, task, work);
    const over = job.over.finally(() => this.#work.delete(over));
    this.#work.add(over);
    this.#inProgress.set(job.id, job);
    const end = () => {
      this.#inProgress.delete(job.id);
      this.#ended.set(job.id, job);
      if (this.#shared !== undefined) this.#unpublished.set(job.id, job);
    };
    job.whenEnded().then(end, end);
    this.#publishLater();
    return job;
  }

  /** Throws `job-not-found`. */
  async find(id: string): Promise<JobStatus> {
    const own = this.#own(id);
    if (own !== undefined) return own;
    const found = await this.#shared?.find(id);
    if (found !== undefined) return decodeStatus(found);
    const notShared = this.#shared === undefined ? 'Jobs are not kept over a restart. ' : '';
    throw new NgramdError(
      'job-not-found',
      `There is no job ${id}. ${notShared}Only the last ${keptJobs.max} ended jobs are kept, for an hour. Committed changes are in the corpus.`,
    );
  }

  /** The jobs with lower numbers than `below`, the newest first. */
  async list(below: number): Promise<JobStatus[]> {
    if (this.#shared !== undefined) {
      await this.publish();
      return (await this.#shared.list(below)).map(decodeStatus);
    }
    return [...this.#inProgress.values(), ...this.#ended.values()]
      .filter(({ number }) => number < below)
      .sort((a, b) => b.number - a.number);
  }

  /**
   * Ends a job with nothing committed, in whatever process it is. Throws `job-not-found`, `job-not-cancellable` if it
   * is too late, and `unavailable` if its process does not answer.
   */
  async cancel(id: string): Promise<JobStatus> {
    const own = this.#own(id);
    if (own !== undefined) {
      if (!own.cancel()) throw notCancellable(own);
      return own;
    }
    for (const deadline = Date.now() + patience; ; await sleep(writeInterval / 5)) {
      const status = await this.find(id);
      if (status.state === 'cancelled') return status;
      if (status.outcome !== undefined || status.state === 'committing') throw notCancellable(status);
      if (Date.now() >= deadline) {
        throw new NgramdError(
          'unavailable',
          `The process that runs the job ${id} does not answer. Try again.`,
        );
      }
      await this.#shared?.requestCancel(id);
    }
  }

  /** Informs the other processes of all jobs, and cancels those that they asked to cancel. */
  publish(): Promise<void> {
    // One after the other, so that what is written last is the newest.
    const published = this.#published.catch(() => {}).then(() => this.#write());
    this.#published = published;
    published.catch(() => {});
    return published;
  }

  /** Waits until no more work is done for any job that has begun. */
  async over(): Promise<void> {
    await Promise.all(this.#work);
    clearTimeout(this.#timer);
    // Clients that ask for them then learn that their process has ended.
    await this.publish().catch(() => {});
  }

  #own(id: string): Job | undefined {
    return this.#inProgress.get(id) ?? this.#ended.peek(id);
  }

  async #write(): Promise<void> {
    if (this.#shared === undefined) return;
    const ended = [...this.#unpublished.values()];
    const jobs = [...this.#inProgress.values(), ...ended].sort((a, b) => a.number - b.number);
    if (jobs.length === 0) return;
    const written = jobs.map((job) => ({
      id: job.id,
      status: encodeStatus(job),
      hasEnded: job.outcome !== undefined,
    }));
    const toCancel = await this.#shared.write(written);
    for (const { id } of ended) this.#unpublished.delete(id);
    for (const id of toCancel) this.#inProgress.get(id)?.cancel();
    if (toCancel.length > 0) await this.#write();
  }

  /** Informs the other processes of jobs, again and again as long as there is anything to inform them of. */
  #publishLater(): void {
    if (this.#shared === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(async () => {
      // What could not be written is written next time.
      await this.publish().catch(() => {});
      await this.#shared?.forget(this.#kept).catch(() => {});
      this.#timer = undefined;
      for (const id of this.#unpublished.keys()) if (!this.#ended.has(id)) this.#unpublished.delete(id);
      if (this.#inProgress.size > 0 || this.#unpublished.size > 0) this.#publishLater();
    }, writeInterval).unref();
  }
}

function notCancellable({ id, state }: JobStatus): NgramdError {
  const detail = {
    succeeded: 'has succeeded: delete what it added, if you do not want it',
    failed: 'has failed by itself, and nothing of it is in the corpus',
  }[state as string];
  return new NgramdError(
    'job-not-cancellable',
    `The job ${id} ${detail ?? 'is being committed: wait for it to end'}.`,
  );
}
