import type { ClickHouse } from './clickhouse.ts';
import type { Postgres } from './postgres.ts';

/** What a store reads from. */
export interface Databases {
  readonly postgres: Postgres;
  readonly clickhouse: ClickHouse;
}
