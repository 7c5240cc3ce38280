import type { CountsOfCounts } from '../../ngrams/counts-of-counts.ts';
import type { CountOfCounts } from '../store.ts';
import type { Connection } from './connection.ts';

/** How many distinct n-grams of an order occur how often, by falling count. */
export function readCountsOfCounts(connection: Connection, order: number): CountOfCounts[] {
  return connection
    .prepare('SELECT count, ngrams FROM counts_of_counts WHERE n = ? ORDER BY count DESC')
    .all(order) as CountOfCounts[];
}

/** Adds changes, those of order 1 first, to the counts of counts. */
export function changeCountsOfCounts(connection: Connection, changes: readonly CountsOfCounts[]): void {
  const add = connection.prepare(
    `INSERT INTO counts_of_counts (n, count, ngrams) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET ngrams = ngrams + excluded.ngrams`,
  );
  for (const [index, change] of changes.entries()) {
    for (const [count, ngrams] of change.entries()) add.run(index + 1, count, ngrams);
  }
  connection.prepare('DELETE FROM counts_of_counts WHERE ngrams = 0').run();
}
