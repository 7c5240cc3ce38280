import { randomUUID } from 'node:crypto';
import type { Postgres } from './postgres.ts';
import { storeUnavailable } from './unavailable.ts';

/**
 * How often a thread reports that it is alive, and after how long without a report it counts as dead, in milliseconds.
 */
const heartbeat = 5000;
export const deadAfter = 60_000;

/** An open snapshot; it becomes lost if its thread was thought dead, so that its runs may have been dropped. */
export interface Reading {
  /** When it began, in seconds since 1970 by PostgreSQL's clock. */
  readonly since: number;
  isLost: boolean;
}

/**
 * This thread, as the others know it: a row that says that it is alive, so that what it writes is not dropped as a dead
 * one's, and when the oldest of its open snapshots began, so that the runs of that are kept.
 */
export class Owner {
  readonly id = randomUUID();
  readonly #postgres: Postgres;
  readonly #readings = new Set<Reading>();
  /** Runs of this thread that are to be given up when PostgreSQL answers. */
  readonly #toGiveUp = new Set<number>();
  #registered: Promise<void> | undefined;
  #isRegistered = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  /** Resolves when the others know of this thread. */
  registered(): Promise<void> {
    this.#registered ??= this.#beat().then(
      () => {
        // An error is reported by the next question.
        const beat = async () => {
          await this.#beat();
          await this.#giveUpRuns();
        };
        this.#timer = setInterval(() => beat().catch(() => {}), heartbeat).unref();
      },
      (error) => {
        this.#registered = undefined;
        throw error;
      },
    );
    return this.#registered;
  }

  /** Begins to read a snapshot. */
  begin(since: number): Reading {
    const reading = { since, isLost: false };
    this.#readings.add(reading);
    return reading;
  }

  end(reading: Reading): void {
    this.#readings.delete(reading);
  }

  /**
   * Gives up a run of this thread, unless it is live; its rows are dropped later. If PostgreSQL does not answer now,
   * this is done when it does, or by others when this thread is dead.
   */
  async giveUp(run: number): Promise<void> {
    this.#toGiveUp.add(run);
    await this.#giveUpRuns().catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#postgres.rows('DELETE FROM owners WHERE id = $1', [this.id]).catch(() => {});
  }

  async #giveUpRuns(): Promise<void> {
    const runs = [...this.#toGiveUp];
    if (runs.length === 0) return;
    await abandon(this.#postgres, runs);
    for (const run of runs) this.#toGiveUp.delete(run);
  }

  async #beat(): Promise<void> {
    let oldest: number | null = null;
    for (const { since } of this.#readings) if (oldest === null || since < oldest) oldest = since;
    const row = await this.#postgres.row<{ added: boolean }>(
      `INSERT INTO owners (id, seen_at, oldest_read) VALUES ($1, now(), coalesce(to_timestamp($2), now()))
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, oldest_read = excluded.oldest_read
       RETURNING xmax = 0 AS added`,
      [this.id, oldest],
    );
    if (row?.added === true && this.#isRegistered)
      for (const reading of this.#readings) reading.isLost = true;
    this.#isRegistered = true;
  }
}

/** Throws `unavailable` for a snapshot whose runs may have been dropped. */
export function checkNotLost({ isLost }: Reading): void {
  if (!isLost) return;
  throw storeUnavailable('PostgreSQL did not answer for too long during the question.');
}

/** Gives up those of some runs that are still written; their rows are dropped later. Returns how many there were. */
export async function abandon(postgres: Postgres, runs: readonly number[]): Promise<number> {
  const given = await postgres.rows(
    `UPDATE runs SET state = 'abandoned' WHERE id = ANY ($1) AND state = 'writing' RETURNING id`,
    [runs],
  );
  return given.length;
}

/** Forgets the threads that count as dead. */
export async function forgetDead(postgres: Postgres): Promise<void> {
  await postgres.rows(`DELETE FROM owners WHERE seen_at < now() - $1 * interval '1 millisecond'`, [
    deadAfter,
  ]);
}
