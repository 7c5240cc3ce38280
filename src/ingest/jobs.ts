import { LRUCache } from 'lru-cache';
import { NgramdError } from '../errors.ts';
import { Job, type JobResult, type JobTask } from './job.ts';

/** How many ended jobs are kept, and for how long, in milliseconds. */
export const keptJobs = { max: 1000, ttl: 3_600_000 };

/** The uploads and backups in progress, and those that ended recently. They are kept in memory only. */
export class Jobs {
  readonly #underWay = new Map<string, Job>();
  readonly #ended: LRUCache<string, Job>;
  readonly #work = new Set<Promise<void>>();
  #last = 0;

  constructor(kept = keptJobs) {
    this.#ended = new LRUCache(kept);
  }

  start<Result extends JobResult>(task: JobTask, work: (job: Job<Result>) => Promise<Result>): Job<Result> {
    const job = new Job(++this.#last, task, work);
    const over = job.over.finally(() => this.#work.delete(over));
    this.#work.add(over);
    this.#underWay.set(job.id, job);
    const end = () => {
      this.#underWay.delete(job.id);
      this.#ended.set(job.id, job);
    };
    job.whenEnded().then(end, end);
    return job;
  }

  /** Throws `job-not-found`. */
  get(id: string): Job {
    const job = this.#underWay.get(id) ?? this.#ended.peek(id);
    if (job !== undefined) return job;
    throw new NgramdError(
      'job-not-found',
      `There is no job ${id}. Jobs are not kept over a restart, and only the last ${keptJobs.max} ended jobs are kept, for an hour. Committed changes are in the corpus.`,
    );
  }

  /** Waits until no more work is done for any job that has begun. */
  async over(): Promise<void> {
    await Promise.all(this.#work);
  }

  /** The jobs with lower numbers than `below`, the newest first. */
  list(below: number): Job[] {
    return [...this.#underWay.values(), ...this.#ended.values()]
      .filter(({ number }) => number < below)
      .sort((a, b) => b.number - a.number);
  }
}
