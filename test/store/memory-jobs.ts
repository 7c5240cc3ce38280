import type { FoundJob, SharedJobs, WrittenJob } from '../../src/store/store.ts';

interface Kept extends WrittenJob {
  readonly number: number;
  readonly writtenAt: number;
  readonly isOrphaned: boolean;
}

/** Jobs of several processes, in memory. */
export class MemoryJobs implements SharedJobs {
  readonly #jobs = new Map<string, Kept>();
  readonly #toCancel = new Set<string>();

  async write(jobs: readonly WrittenJob[]): Promise<string[]> {
    for (const job of jobs) {
      const number = this.#jobs.get(job.id)?.number ?? this.#jobs.size + 1;
      this.#jobs.set(job.id, { ...job, number, writtenAt: Date.now(), isOrphaned: false });
    }
    return jobs.filter(({ id, hasEnded }) => this.#toCancel.has(id) && !hasEnded).map(({ id }) => id);
  }

  async find(id: string): Promise<FoundJob | undefined> {
    return this.#jobs.get(id);
  }

  async list(below: number): Promise<FoundJob[]> {
    return [...this.#jobs.values()].filter(({ number }) => number < below).reverse();
  }

  async requestCancel(id: string): Promise<void> {
    this.#toCancel.add(id);
  }

  async forget({ max, ttl }: { max: number; ttl: number }): Promise<void> {
    const ended = [...this.#jobs.values()].filter(({ hasEnded }) => hasEnded);
    for (const [i, { id, writtenAt }] of ended.entries())
      if (i < ended.length - max || writtenAt < Date.now() - ttl) this.#jobs.delete(id);
  }

  /** The process of all jobs that are in progress dies. */
  orphan(): void {
    for (const [id, job] of this.#jobs) this.#jobs.set(id, { ...job, isOrphaned: !job.hasEnded });
  }
}
