import { reservedId } from '../../text/reserved.ts';
import type { CorpusSettings, CountedNGrams, NGrams } from '../store.ts';
import { adjustedCounts } from './adjusted.ts';
import type { ClickHouse } from './clickhouse.ts';
import { countedNGramsOf } from './rows.ts';
import { inList, notBefore, wordColumns } from './sql.ts';
import type { SummedRuns } from './summed-runs.ts';

/** How many n-grams are asked for at a time, at most, and how many a batch has. */
const pageNGrams = 200_000;
const batchNGrams = 8192;

/** By how much the range of first words of a page may grow. */
const maxGrowth = 8;

/**
 * The page from which on the next one is requested while the reader has this one: a reader of this many pages will read
 * more.
 */
const firstAhead = 3;

/** Makes the conditions on n-grams of the names of the columns that hold their words. */
type Conditions = (columns: readonly string[]) => readonly string[];

/** All n-grams of an order in an order of their words: what is asked for, page by page. */
interface Sorted {
  readonly order: number;
  /** The places of the words, from 0, as they are compared. */
  readonly places: readonly number[];
  /** The query for the n-grams that meet the conditions, unsorted: the columns w1 … wk and `total`. */
  readonly query: (conditions: Conditions) => string;
}

/** Reads the n-grams of a corpus in order, page by page: ranges of their first words, as large as experience allows. */
export class SortedNGrams {
  readonly #clickhouse: ClickHouse;
  readonly #summed: SummedRuns;
  readonly #sequenceStart: number | undefined;
  /** Ids of tokens are below. */
  readonly #tokenIds: number;

  constructor(clickhouse: ClickHouse, summed: SummedRuns, settings: CorpusSettings, tokenIds: number) {
    this.#clickhouse = clickhouse;
    this.#summed = summed;
    this.#sequenceStart = reservedId(settings, '<s>');
    this.#tokenIds = tokenIds;
  }

  /** As `Snapshot.ngrams`. */
  counted(order: number, from: readonly number[], least: number): AsyncGenerator<CountedNGrams, void> {
    const query = this.#summedIn(`ngrams_${order}`, order, least);
    return this.#batches({ order, places: [...Array(order).keys()], query }, from);
  }

  /** As `Snapshot.adjustedNGrams`. */
  adjusted(order: number): AsyncGenerator<CountedNGrams, void> {
    const query = (conditions: Conditions) =>
      adjustedCounts(
        (name) => this.#clickhouse.table(name),
        this.#summed,
        order,
        this.#sequenceStart,
        conditions,
      );
    return this.#batches({ order, places: [...Array(order).keys()], query }, []);
  }

  /** As `Snapshot.precededNGrams`. */
  preceded(order: number): AsyncGenerator<NGrams, void> {
    const [first, ...following] = Array(order).keys();
    const query = this.#summedIn(`preceded_${order}`, order, 1);
    return this.#batches({ order, places: [...following, first], query }, []);
  }

  /** The sums of the rows of a table; a base has none to sum. */
  #summedIn(table: string, order: number, least: number): Sorted['query'] {
    const columns = wordColumns(order);
    const { runs, base } = this.#summed;
    const isSummed = runs.length === 1 && runs[0] === base;
    const name = this.#clickhouse.table(table);
    return (conditions) => {
      const where = [`run IN ${inList(runs)}`, ...conditions(columns)];
      return isSummed
        ? `SELECT ${columns}, n AS total FROM ${name} WHERE ${[...where, `n >= ${least}`].join(' AND ')}`
        : `SELECT ${columns}, sum(n) AS total FROM ${name} WHERE ${where.join(' AND ')}
           GROUP BY ${columns} HAVING total >= ${least}`;
    };
  }

  async *#batches(sorted: Sorted, from: readonly number[]): AsyncGenerator<CountedNGrams, void> {
    if (this.#summed.runs.length === 0) return;
    let range: Range | undefined = { from: from.length === 0 ? [0] : from, isStrict: false, width: 1 };
    let ahead: Promise<CountedNGrams> | undefined;
    for (let pages = 1; range !== undefined && range.from[0] < this.#tokenIds; pages++) {
      const page: CountedNGrams = await (ahead ?? this.#page(sorted, range));
      range = after(range, page, sorted.places);
      ahead = undefined;
      if (pages >= firstAhead && range.from[0] < this.#tokenIds) {
        ahead = this.#page(sorted, range);
        // The reader may have stopped.
        ahead.catch(() => {});
      }
      yield* batchesOf(page);
    }
  }

  async #page({ order, places, query }: Sorted, { from, isStrict, width }: Range): Promise<CountedNGrams> {
    const [first] = from;
    const inRange: Conditions = (columns) => {
      const compared = places.map((place) => columns[place]);
      return [
        `${compared[0]} >= ${first}`,
        `${compared[0]} < ${first + width}`,
        notBefore(compared, from, isStrict),
      ];
    };
    const answer = await this.#clickhouse.select(
      `${query(inRange)} ORDER BY ${places.map((place) => `w${place + 1}`)} LIMIT ${pageNGrams}`,
      this.#summed.runs,
    );
    return countedNGramsOf(answer, order);
  }
}

/**
 * What a page is of: n-grams that are not before `from`, or after it, whose first words as they are compared are in a
 * range.
 */
interface Range {
  readonly from: readonly number[];
  readonly isStrict: boolean;
  /** How many first words. */
  readonly width: number;
}

/** The range after that of a page. */
function after(
  { from, width }: Range,
  { order, length, ids }: CountedNGrams,
  places: readonly number[],
): Range {
  const isCutOff = length === pageNGrams;
  const fitting = (width * pageNGrams) / Math.max(2 * length, 1);
  return {
    from: isCutOff ? places.map((place) => ids[(length - 1) * order + place]) : [from[0] + width],
    isStrict: isCutOff,
    width: Math.max(1, Math.min(Math.floor(fitting), maxGrowth * width)),
  };
}

function* batchesOf({ order, length, ids, counts }: CountedNGrams): Generator<CountedNGrams, void> {
  for (let from = 0; from < length; from += batchNGrams) {
    const to = Math.min(from + batchNGrams, length);
    yield {
      order,
      length: to - from,
      ids: ids.subarray(from * order, to * order),
      counts: counts.subarray(from, to),
    };
  }
}
