import type { FoundJob, SharedJobs, WrittenJob } from '../store.ts';
import { deadAfter, type Owner } from './owners.ts';
import type { Postgres } from './postgres.ts';

/** How often jobs that nobody asks for any more are forgotten, in milliseconds. */
const forgetInterval = 60_000;

/** Jobs of a process that does not tell any more that it is alive. */
const orphaned = `NOT has_ended AND NOT EXISTS (
  SELECT FROM owners WHERE owners.id = owner AND seen_at > now() - ${deadAfter} * interval '1 millisecond')`;

const columns = `number, status, ${orphaned} AS "isOrphaned"`;

/** The jobs of all processes, in PostgreSQL. */
export class ClusterJobs implements SharedJobs {
  readonly #postgres: Postgres;
  readonly #owner: Owner;
  #forgotAt = 0;

  constructor(postgres: Postgres, owner: Owner) {
    this.#postgres = postgres;
    this.#owner = owner;
  }

  async write(jobs: readonly WrittenJob[]): Promise<string[]> {
    await this.#owner.registered();
    const rows = await this.#postgres.rows<{ id: string }>(
      `WITH written AS (
         INSERT INTO jobs (id, owner, status, has_ended, written_at)
         SELECT id, $1, status, has_ended, now()
         FROM unnest($2::uuid[], $3::text[], $4::boolean[]) WITH ORDINALITY AS new (id, status, has_ended, place)
         ORDER BY place
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, has_ended = excluded.has_ended, written_at = now()
         RETURNING id, has_ended, cancel_requested)
       SELECT id FROM written WHERE cancel_requested AND NOT has_ended`,
      [
        this.#owner.id,
        jobs.map(({ id }) => id),
        jobs.map(({ status }) => status),
        jobs.map(({ hasEnded }) => hasEnded),
      ],
    );
    return rows.map(({ id }) => id);
  }

  find(id: string): Promise<FoundJob | undefined> {
    return this.#postgres.row(`SELECT ${columns} FROM jobs WHERE id = $1`, [id]);
  }

  list(below: number): Promise<FoundJob[]> {
    return this.#postgres.rows(`SELECT ${columns} FROM jobs WHERE number < $1::float8 ORDER BY number DESC`, [
      below,
    ]);
  }

  async requestCancel(id: string): Promise<void> {
    await this.#postgres.rows('UPDATE jobs SET cancel_requested = true WHERE id = $1', [id]);
  }

  async forget({ max, ttl }: { max: number; ttl: number }): Promise<void> {
    if (Date.now() - this.#forgotAt < forgetInterval) return;
    this.#forgotAt = Date.now();
    await this.#postgres.rows(
      `DELETE FROM jobs WHERE (has_ended OR ${orphaned}) AND (written_at < now() - $1 * interval '1 millisecond'
         OR number <= (SELECT number FROM jobs WHERE has_ended ORDER BY number DESC OFFSET $2 LIMIT 1))`,
      [ttl, max],
    );
  }
}
