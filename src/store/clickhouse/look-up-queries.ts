import { adjustedCounts, precededBy } from './adjusted.ts';
import { inList, isAmong, wordColumns } from './sql.ts';
import type { SummedRuns } from './summed-runs.ts';

/**
 * What is looked up, with the numbers that are found:
 * - of n-grams: n(g); how often they end documents; how many tokens stand before them, and how often these do;
 * - of contexts h: each w with n(hw) or a(hw); Σ n(hw), N1+(h·), N1(h·), N2(h·) alone; the same of a(hw), where `preceded
 *   sums` do not count that hw begins a document, and have as their last number how often tokens stand before all hw.
 */
export type Kind =
  | 'ngrams'
  | 'ends'
  | 'preceded'
  | 'continuations'
  | 'adjusted continuations'
  | 'totals'
  | 'sums'
  | 'preceded sums'
  | 'adjusted sums';

/** N-grams, or contexts, of which the same is looked up. */
export interface Keys {
  readonly kind: Kind;
  /** The length of the n-grams that are counted. */
  readonly order: number;
  /** The ids of each n-gram, or each context, one after the other. */
  readonly ids: readonly number[];
}

/** Whether the keys are contexts. */
export function isOfContexts(kind: Kind): boolean {
  return /continuations|totals|sums/.test(kind);
}

/** How many words and how many numbers the rows have that are found. */
export function widthsOf(kind: Kind, order: number): { words: number; numbers: number } {
  const numbers = kind === 'preceded sums' ? 5 : kind.endsWith('sums') ? 4 : kind === 'preceded' ? 2 : 1;
  return { words: /totals|sums/.test(kind) ? order - 1 : order, numbers };
}

/** The queries for what is looked up on a shard, whose numbers are to be added up. */
export function queriesOf(keys: Keys, summed: SummedRuns, sequenceStart: number | undefined): string[] {
  const { kind, order } = keys;
  const columns = wordColumns(order);
  const contexts = columns.slice(0, -1);
  const grouped = contexts.length === 0 ? '' : `GROUP BY ${contexts}`;
  const head = contexts.length === 0 ? '' : `${contexts}, `;
  const conditions = (all: readonly string[]) => conditionsOn(all, keys, sequenceStart);
  const where = [`run IN ${inList(summed.runs)}`, ...conditions(columns)].join(' AND ');
  const counted = `SELECT ${columns}, sum(n) AS total FROM ngrams_${order} WHERE ${where}
    GROUP BY ${columns} HAVING total != 0`;
  const adjusted = () => adjustedCounts(onShard, summed, order, sequenceStart, conditions);
  switch (kind) {
    case 'ngrams':
    case 'continuations':
      return [counted];
    case 'ends':
      return [`SELECT ${columns}, sum(n) FROM ends WHERE ${where} AND k = ${order} GROUP BY ${columns}`];
    case 'preceded':
      return precededBy(onShard, summed, order, conditions);
    case 'adjusted continuations':
      return [adjusted()];
    case 'totals':
      return [`SELECT ${head}sum(n) FROM ngrams_${order} WHERE ${where} ${grouped}`];
    case 'sums': {
      const isBase = summed.runs.length === 1 && summed.runs[0] === summed.base;
      const rows = isBase ? `ngrams_${order} WHERE ${where}` : `(${counted})`;
      return [`SELECT ${head}${sumsOver(isBase ? 'n' : 'total')} FROM ${rows} ${grouped}`];
    }
    case 'preceded sums': {
      const named = columns.map((_, i) => `g${i + 1}`);
      const parts = precededBy(onShard, summed, order, conditions);
      const rows =
        parts.length === 1
          ? parts[0]
          : `SELECT ${named}, sum(before) AS before, sum(after) AS after FROM (${parts.join(' UNION ALL ')})
             GROUP BY ${named} HAVING before != 0`;
      const of = named.slice(0, -1);
      return [`SELECT ${of}, ${sumsOver('before')}, sum(after) FROM (${rows}) GROUP BY ${of}`];
    }
    case 'adjusted sums':
      return [`SELECT ${head}${sumsOver('total')} FROM (${adjusted()}) ${grouped}`];
  }
}

/** Queries of a shard name its own tables. */
const onShard = (table: string): string => table;

/** The numbers of sums over the counts in a column. */
function sumsOver(column: string): string {
  const countOf = (count: number) => `toInt64(countIf(${column} = ${count}))`;
  return `sum(${column}), toInt64(count()), ${countOf(1)}, ${countOf(2)}`;
}

/** The conditions on n-grams, of the columns that hold their words. */
function conditionsOn(
  columns: readonly string[],
  { kind, ids }: Keys,
  sequenceStart: number | undefined,
): string[] {
  const ofContexts = isOfContexts(kind);
  const keyed = ofContexts ? columns.slice(0, -1) : columns;
  const conditions = keyed.length === 0 ? [] : [isAmong(keyed, ids)];
  if (ofContexts && sequenceStart !== undefined)
    conditions.push(`${columns[columns.length - 1]} != ${sequenceStart}`);
  return conditions;
}
