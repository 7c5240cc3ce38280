import { reservedId } from '../../text/reserved.ts';
import type { CorpusSettings, CorpusSummary } from '../corpus.ts';
import type { CountOfCounts } from '../store.ts';
import { adjustedCounts } from './adjusted.ts';
import type { ClickHouse } from './clickhouse.ts';
import type { Queries } from './postgres.ts';
import { longAt, wordsOf } from './rows.ts';
import { inList, wordColumns } from './sql.ts';

/** The counts of counts of each order, order 1 first, by decreasing count. */
export type CountsOfCounts = readonly (readonly CountOfCounts[])[];

/** Counts the counts of the n-grams of some runs, with one query. The unigram `<s>` is not included. */
export async function countCounts(
  clickhouse: ClickHouse,
  runs: readonly number[],
  { order: highest, sequences }: CorpusSettings,
): Promise<CountsOfCounts> {
  const sequenceStart = reservedId(sequences, '<s>');
  return readCounts(clickhouse, runs, highest, (order) => {
    const columns = wordColumns(order);
    const isWord = order === 1 && sequenceStart !== undefined ? ` AND w1 != ${sequenceStart}` : '';
    return `SELECT ${columns}, sum(n) AS total FROM ${clickhouse.table(`ngrams_${order}`)}
      WHERE run IN ${inList(runs)}${isWord} GROUP BY ${columns} HAVING total != 0`;
  });
}

/** As `countCounts`, of the adjusted counts of the orders below the highest. */
export async function countAdjustedCounts(
  clickhouse: ClickHouse,
  runs: readonly number[],
  { order: highest, sequences }: CorpusSettings,
): Promise<CountsOfCounts> {
  const sequenceStart = reservedId(sequences, '<s>');
  return readCounts(clickhouse, runs, highest - 1, (order) => {
    const isWord = order === 1 && sequenceStart !== undefined;
    return adjustedCounts(clickhouse, runs, order, sequenceStart, ([first]) =>
      isWord ? [`${first} != ${sequenceStart}`] : [],
    );
  });
}

/** Counts the counts of n-grams of each order up to one; `query` makes the query for their counts, the column `total`. */
async function readCounts(
  clickhouse: ClickHouse,
  runs: readonly number[],
  highest: number,
  query: (order: number) => string,
): Promise<CountsOfCounts> {
  const found: CountOfCounts[][] = Array.from({ length: highest }, () => []);
  if (runs.length === 0 || highest === 0) return found;
  const queries = found.map((_, i) => {
    return `SELECT toUInt32(${i + 1}) AS k, total, count() AS ngrams FROM (${query(i + 1)}) GROUP BY total`;
  });
  const words = wordsOf(await clickhouse.select(queries.join(' UNION ALL '), runs));
  for (let at = 0; at < words.length; at += 5) {
    found[words[at] - 1].push({ count: longAt(words, at + 1), ngrams: longAt(words, at + 3) });
  }
  for (const ofOrder of found) ofOrder.sort((a, b) => b.count - a.count);
  return found;
}

/** What is kept of a revision, by kind; undefined if it has not been counted. */
export async function keptStatistics<Counts>(
  queries: Queries,
  corpus: number,
  revision: number,
  kind: string,
): Promise<Counts | undefined> {
  const row = await queries.row<{ counts: string }>(
    'SELECT counts FROM statistics WHERE corpus = $1 AND revision = $2 AND kind = $3',
    [corpus, revision, kind],
  );
  return row && JSON.parse(row.counts);
}

/** Keeps what was counted of a revision, and forgets that of earlier ones. */
export async function keepStatistics(
  queries: Queries,
  corpus: number,
  revision: number,
  kind: string,
  counts: unknown,
): Promise<void> {
  await queries.rows('DELETE FROM statistics WHERE corpus = $1 AND revision < $2', [corpus, revision]);
  await queries.rows('INSERT INTO statistics VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    corpus,
    revision,
    kind,
    JSON.stringify(counts),
  ]);
}

/** The number of distinct n-grams of each order and the sum of their counts. */
export function ngramsOf(countsOfCounts: CountsOfCounts): CorpusSummary['ngrams'] {
  return countsOfCounts.map((counts, i) => ({
    order: i + 1,
    distinct: counts.reduce((sum, { ngrams }) => sum + ngrams, 0),
    total: counts.reduce((sum, { count, ngrams }) => sum + count * ngrams, 0),
  }));
}
