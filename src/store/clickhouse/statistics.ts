import { reservedId } from '../../text/reserved.ts';
import type { CorpusSettings, CorpusSummary } from '../corpus.ts';
import type { CountOfCounts } from '../store.ts';
import { adjustedCounts } from './adjusted.ts';
import type { ClickHouse } from './clickhouse.ts';
import type { Queries } from './postgres.ts';
import { longAt, wordsOf } from './rows.ts';
import { inList, wordColumns } from './sql.ts';
import { others, type SummedRuns } from './summed-runs.ts';

/** The counts of counts of each order, order 1 first, by decreasing count. */
export type CountsOfCounts = readonly (readonly CountOfCounts[])[];

/** What is counted: occurrences, or the adjusted counts of the orders below the highest. */
export type Kind = 'occurrences' | 'continuations';

/** A corpus at a revision. */
interface Counted extends SummedRuns {
  readonly id: number;
  readonly settings: CorpusSettings;
}

/**
 * The counts of counts of a corpus, without the unigram `<s>`. Those of the base alone are counted once and kept; to
 * these are added the n-grams that are in other runs, which are few.
 */
export async function countCounts(
  queries: Queries,
  clickhouse: ClickHouse,
  { id, runs, base, settings }: Counted,
  kind: Kind,
): Promise<CountsOfCounts> {
  const count = (query: (order: number) => string) => readCounts(clickhouse, settings, kind, runs, query);
  if (base === undefined) return count((order) => ofRuns(clickhouse, { runs, base }, settings, kind, order));
  const name = `${kind} of run ${base}`;
  let ofBase = await keptStatistics<CountsOfCounts>(queries, id, 0, name);
  if (ofBase === undefined) {
    ofBase = await count((order) => ofRuns(clickhouse, { runs: [base], base }, settings, kind, order));
    await queries.rows('DELETE FROM statistics WHERE corpus = $1 AND kind LIKE $2', [id, `${kind} of run %`]);
    await keepStatistics(queries, id, 0, name, ofBase);
  }
  if (runs.length === 1) return ofBase;
  return sumsOf(ofBase, await count((order) => changes(clickhouse, { runs, base }, settings, kind, order)));
}

/** The query for the n-grams of an order with their counts, the columns `total`, and 1 as `ngrams`. */
function ofRuns(
  clickhouse: ClickHouse,
  summed: SummedRuns,
  settings: CorpusSettings,
  kind: Kind,
  order: number,
): string {
  const sequenceStart = reservedId(settings, '<s>');
  const isWord = ([first]: readonly string[]) =>
    order === 1 && sequenceStart !== undefined ? [`${first} != ${sequenceStart}`] : [];
  const { runs, base } = summed;
  const columns = wordColumns(order);
  const table = clickhouse.table(`ngrams_${order}`);
  const where = [`run IN ${inList(runs)}`, ...isWord(columns)].join(' AND ');
  const one = 'toInt64(1) AS ngrams';
  if (kind === 'continuations')
    return `SELECT total, ${one} FROM (${adjustedCounts((name) => clickhouse.table(name), summed, order, sequenceStart, isWord)})`;
  if (runs.length === 1 && runs[0] === base) return `SELECT n AS total, ${one} FROM ${table} WHERE ${where}`;
  return `SELECT total, ${one} FROM (SELECT ${columns}, sum(n) AS total FROM ${table} WHERE ${where}
    GROUP BY ${columns} HAVING total != 0)`;
}

/**
 * As `ofRuns`, of the n-grams that other runs than the base have: added with their counts, and subtracted with those in
 * the base.
 */
function changes(
  clickhouse: ClickHouse,
  summed: SummedRuns & { base: number },
  settings: CorpusSettings,
  kind: Kind,
  order: number,
): string {
  const sequenceStart = reservedId(settings, '<s>');
  const { runs, base } = summed;
  const columns = wordColumns(order);
  const table = clickhouse.table(`ngrams_${order}`);
  const inOthers = `run IN ${inList(others(summed))}`;
  const isChanged = (words: readonly string[]) =>
    `(${words}) IN (SELECT ${columns} FROM ${table} WHERE ${inOthers})`;
  const isWord = (first: string) =>
    order === 1 && sequenceStart !== undefined ? [`${first} != ${sequenceStart}`] : [];
  if (kind === 'occurrences') {
    const where = [`run IN ${inList(runs)}`, isChanged(columns), ...isWord('w1')].join(' AND ');
    return `SELECT tupleElement(pair, 1) AS total, tupleElement(pair, 2) AS ngrams FROM (
      SELECT arrayJoin([(occurrences, toInt64(1)), (counted, toInt64(-1))]) AS pair FROM (
        SELECT ${columns}, sum(n) AS occurrences, sumIf(n, run = ${base}) AS counted FROM ${table}
        WHERE ${where} GROUP BY ${columns}))`;
  }
  const following = wordColumns(order + 1).slice(1);
  const preceded = clickhouse.table(`preceded_${order + 1}`);
  const conditions = (words: readonly string[]) => [
    `(${isChanged(words)} OR (${words}) IN (SELECT ${following} FROM ${preceded} WHERE ${inOthers}))`,
    ...isWord(words[0]),
  ];
  const adjusted = (some: SummedRuns) =>
    adjustedCounts((name) => clickhouse.table(name), some, order, sequenceStart, conditions);
  return `SELECT total, toInt64(1) AS ngrams FROM (${adjusted(summed)})
    UNION ALL SELECT total, toInt64(-1) AS ngrams FROM (${adjusted({ runs: [base], base })})`;
}

/** Counts the counts of n-grams of each order; `query` makes the query for them, the columns `total` and `ngrams`. */
async function readCounts(
  clickhouse: ClickHouse,
  { order }: CorpusSettings,
  kind: Kind,
  runs: readonly number[],
  query: (order: number) => string,
): Promise<CountsOfCounts> {
  const highest = kind === 'occurrences' ? order : order - 1;
  const found: CountOfCounts[][] = Array.from({ length: highest }, () => []);
  if (runs.length === 0 || highest === 0) return found;
  const queries = found.map(
    (_, i) =>
      `SELECT toUInt32(${i + 1}) AS k, total, sum(ngrams) AS ngrams FROM (${query(i + 1)}) GROUP BY total`,
  );
  const words = wordsOf(await clickhouse.select(queries.join(' UNION ALL '), runs));
  for (let at = 0; at < words.length; at += 5)
    found[words[at] - 1].push({ count: longAt(words, at + 1), ngrams: longAt(words, at + 3) });
  return found.map(byCount);
}

/** The sums of two lists of counts of counts of each order. */
function sumsOf(one: CountsOfCounts, other: CountsOfCounts): CountsOfCounts {
  return one.map((counts, i) => {
    const sums = new Map(counts.map(({ count, ngrams }) => [count, ngrams]));
    for (const { count, ngrams } of other[i]) sums.set(count, (sums.get(count) ?? 0) + ngrams);
    return byCount(Array.from(sums, ([count, ngrams]) => ({ count, ngrams })));
  });
}

/** Those that there are, by decreasing count. */
function byCount(counts: readonly CountOfCounts[]): CountOfCounts[] {
  return counts.filter(({ count, ngrams }) => count !== 0 && ngrams !== 0).sort((a, b) => b.count - a.count);
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

/** Keeps what was counted of a revision, and forgets what is kept of earlier ones under the same name. */
export async function keepStatistics(
  queries: Queries,
  corpus: number,
  revision: number,
  kind: string,
  counts: unknown,
): Promise<void> {
  await queries.rows('DELETE FROM statistics WHERE corpus = $1 AND revision < $2 AND kind = $3', [
    corpus,
    revision,
    kind,
  ]);
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
