import { reservedId } from '../../text/reserved.ts';
import type {
  Context,
  ContinuationSums,
  Continuations,
  CorpusSettings,
  CountedNGrams,
  CountsRequest,
  CountsResponse,
  NGrams,
} from '../store.ts';
import { adjustedCounts } from './adjusted.ts';
import type { ClickHouse } from './clickhouse.ts';
import { countedNGramsOf, longAt, wordsOf } from './rows.ts';
import { inList, isAmong, wordColumns } from './sql.ts';
import type { SummedRuns } from './summed-runs.ts';

/** What a part of a query asks for. */
type Kind =
  | 'ngrams'
  | 'ends'
  | 'continuations'
  | 'sums'
  | 'adjusted'
  | 'adjusted continuations'
  | 'adjusted sums';

/** The counts of some runs: the sums over them. */
export class Counts {
  readonly #clickhouse: ClickHouse;
  readonly #summed: SummedRuns;
  readonly #runs: readonly number[];
  readonly #sequenceStart: number | undefined;
  readonly #sequenceEnd: number | undefined;
  readonly #hasEnds: boolean;

  constructor(clickhouse: ClickHouse, summed: SummedRuns, { sequences }: CorpusSettings) {
    this.#clickhouse = clickhouse;
    this.#summed = summed;
    this.#runs = summed.runs;
    this.#sequenceStart = reservedId(sequences, '<s>');
    this.#sequenceEnd = reservedId(sequences, '</s>');
    this.#hasEnds = sequences === 'document';
  }

  /** As `Snapshot.counts`, with one query; `tokens` is n. */
  async read(
    { ngrams = [], contexts = [], continuations = [], sums = [], adjusted }: CountsRequest,
    tokens: number,
  ): Promise<CountsResponse> {
    const counted = contexts.filter((context) => this.#isFollowed(context));
    const parts = new Parts();
    parts.addNGrams('ngrams', ngrams);
    parts.addNGrams('adjusted', adjusted?.ngrams);
    for (const context of counted) {
      parts.add('ngrams', context.length, context);
      if (this.#hasEnds) parts.add('ends', context.length, context);
    }
    parts.addContexts('continuations', continuations);
    parts.addContexts('adjusted continuations', adjusted?.continuations);
    parts.addContexts('sums', sums);
    parts.addContexts('adjusted sums', adjusted?.sums);
    await this.#answer(parts);
    return {
      ngrams: ngrams.map((asked) => parts.counts('ngrams', asked)),
      contexts: Float64Array.from(contexts, (context) => {
        if (context.length === 0) return tokens;
        if (!this.#isFollowed(context)) return 0;
        return parts.count('ngrams', context) - parts.count('ends', context);
      }),
      continuations: continuations.map((context) => parts.continuations('continuations', context)),
      sums: sums.map((context) => parts.sums('sums', context)),
      ...(adjusted && {
        adjusted: {
          ngrams: (adjusted.ngrams ?? []).map((asked) => parts.counts('adjusted', asked)),
          continuations: (adjusted.continuations ?? []).map((context) =>
            parts.continuations('adjusted continuations', context),
          ),
          sums: (adjusted.sums ?? []).map((context) => parts.sums('adjusted sums', context)),
        },
      }),
    };
  }

  /** The n-grams of an order that occur at least `least` times, in no order. */
  async frequent(order: number, least: number): Promise<CountedNGrams> {
    if (this.#runs.length === 0) return countedNGramsOf(new Uint8Array(0), order);
    const columns = wordColumns(order);
    const answer = await this.#clickhouse.select(
      `SELECT ${columns}, sum(n) AS total FROM ${this.#table(order)} WHERE ${this.#inRuns}
       GROUP BY ${columns} HAVING total >= ${least}`,
      this.#runs,
    );
    return countedNGramsOf(answer, order);
  }

  /** The n-grams of an order at the ends of documents. */
  async ends(order: number): Promise<CountedNGrams> {
    if (this.#runs.length === 0 || !this.#hasEnds || order > 5)
      return countedNGramsOf(new Uint8Array(0), order);
    const columns = wordColumns(order);
    const answer = await this.#clickhouse.select(
      `SELECT ${columns}, sum(n) AS total FROM ${this.#clickhouse.table('ends')} WHERE ${this.#inRuns} AND k = ${order}
       GROUP BY ${columns} HAVING total != 0`,
      this.#runs,
    );
    return countedNGramsOf(answer, order);
  }

  /** Fills the answers into the parts. */
  async #answer(parts: Parts): Promise<void> {
    if (parts.size === 0 || this.#runs.length === 0) return;
    const { highest } = parts;
    const queries = [...parts.all()].map((part) => this.#queryOf(part, parts));
    const words = wordsOf(await this.#clickhouse.select(queries.join(' UNION ALL '), this.#runs));
    const width = 1 + highest + 2 * numbersOf(parts);
    for (let at = 0; at < words.length; at += width) {
      const numbersAt = at + 1 + highest;
      const numbers = Array.from({ length: numbersOf(parts) }, (_, i) => longAt(words, numbersAt + 2 * i));
      parts.answer(words[at], words.subarray(at + 1, numbersAt), numbers);
    }
  }

  /** The query for a part: its number, the words of n-grams up to the highest order, and what is counted of them. */
  #queryOf(part: Part, parts: Parts): string {
    const { number, kind, order } = part;
    const words = isSums(kind) ? order - 1 : order;
    const columns = wordColumns(words);
    const padded = wordColumns(parts.highest).map((column, i) =>
      i < words ? column : `toUInt32(0) AS ${column}`,
    );
    const counted = this.#countedQuery(part);
    const head = `SELECT toUInt32(${number}) AS part, ${padded}`;
    if (isSums(kind)) {
      return `${head}, sum(total) AS all, toInt64(count()) AS followers, toInt64(countIf(total = 1)) AS once,
        toInt64(countIf(total = 2)) AS twice FROM (${counted}) GROUP BY ${columns}`;
    }
    const unused = ', toInt64(0)'.repeat(numbersOf(parts) - 1);
    return `${head}, total AS all${unused} FROM (${counted})`;
  }

  /** The query for the n-grams that a part asks for: their words, and their counts as `total`. */
  #countedQuery({ kind, isOfContexts, order, keys }: Part): string {
    const conditions = (all: readonly string[]) => {
      const keyed = isOfContexts ? all.slice(0, -1) : all;
      const conditions = keyed.length === 0 ? [] : [isAmong(keyed, keys)];
      if (isOfContexts && this.#sequenceStart !== undefined)
        conditions.push(`${all[order - 1]} != ${this.#sequenceStart}`);
      return conditions;
    };
    if (kind.startsWith('adjusted'))
      return adjustedCounts(this.#clickhouse, this.#summed, order, this.#sequenceStart, conditions);
    const columns = wordColumns(order);
    const isEnds = kind === 'ends';
    const table = isEnds ? this.#clickhouse.table('ends') : this.#table(order);
    const where = [this.#inRuns, ...conditions(columns), ...(isEnds ? [`k = ${order}`] : [])];
    return `SELECT ${columns}, sum(n) AS total FROM ${table} WHERE ${where.join(' AND ')}
      GROUP BY ${columns} HAVING total != 0`;
  }

  /** Whether words can follow a context, other than the empty one, which all words follow. */
  #isFollowed(context: Context): boolean {
    return context.length > 0 && !context.some((id) => id < 0) && context.at(-1) !== this.#sequenceEnd;
  }

  #table(order: number): string {
    return this.#clickhouse.table(`ngrams_${order}`);
  }

  get #inRuns(): string {
    return `run IN ${inList(this.#runs)}`;
  }
}

/** The n-grams or contexts of one order that are asked for. */
interface Part {
  readonly number: number;
  readonly kind: Kind;
  /** Whether the keys are contexts. */
  readonly isOfContexts: boolean;
  /** The length of the n-grams that are counted. */
  readonly order: number;
  /** The distinct ones, one after the other. */
  readonly keys: number[];
  readonly asked: Set<string>;
  readonly counts: Map<string, number>;
  readonly continuations: Map<string, { words: number[]; counts: number[] }>;
  readonly sums: Map<string, ContinuationSums>;
}

const noSums: ContinuationSums = { total: 0, followers: 0, once: 0, twice: 0 };

function isSums(kind: Kind): boolean {
  return kind.endsWith('sums');
}

/** How many numbers a row of the answer has. */
function numbersOf(parts: Parts): number {
  return [...parts.all()].some(({ kind }) => isSums(kind)) ? 4 : 1;
}

/** What is asked for in one query, by kind and order. */
class Parts {
  readonly #parts: Part[] = [];
  readonly #byKind = new Map<string, Part>();

  get size(): number {
    return this.#parts.length;
  }

  /** The highest order. */
  get highest(): number {
    return Math.max(...this.#parts.map(({ order }) => order));
  }

  all(): Iterable<Part> {
    return this.#parts;
  }

  addNGrams(kind: Kind, ngrams: readonly NGrams[] = []): void {
    for (const { order, ids, length } of ngrams)
      for (let i = 0; i < length; i++) this.add(kind, order, ids.subarray(i * order, (i + 1) * order));
  }

  /** Asks for what follows contexts; nothing follows an id that no token has. */
  addContexts(kind: Kind, contexts: readonly Context[] = []): void {
    for (const context of contexts)
      if (!context.some((id) => id < 0)) this.add(kind, context.length + 1, context);
  }

  /** Asks for an n-gram, or what follows a context, where n-grams of an order are counted. */
  add(kind: Kind, order: number, ids: ArrayLike<number>): void {
    const part = this.#part(kind, order);
    const key = keyOf(ids, ids.length);
    if (part.asked.has(key)) return;
    part.asked.add(key);
    for (let i = 0; i < ids.length; i++) part.keys.push(ids[i]);
  }

  /** Takes a row of the answer. */
  answer(number: number, ids: Uint32Array, [total, followers, once, twice]: readonly number[]): void {
    const { kind, isOfContexts, order, counts, continuations, sums } = this.#parts[number];
    if (!isOfContexts) {
      counts.set(keyOf(ids, order), total);
      return;
    }
    const context = keyOf(ids, order - 1);
    if (isSums(kind)) {
      sums.set(context, { total, followers, once, twice });
      return;
    }
    const list = continuations.get(context) ?? { words: [], counts: [] };
    continuations.set(context, list);
    list.words.push(ids[order - 1]);
    list.counts.push(total);
  }

  counts(kind: Kind, { order, length, ids }: NGrams): Float64Array {
    return Float64Array.from({ length }, (_, i) =>
      this.count(kind, ids.subarray(i * order, (i + 1) * order)),
    );
  }

  count(kind: Kind, ids: ArrayLike<number>): number {
    return this.#byKind.get(`${kind} ${ids.length}`)?.counts.get(keyOf(ids, ids.length)) ?? 0;
  }

  continuations(kind: Kind, context: Context): Continuations {
    const found = this.#byKind.get(`${kind} ${context.length + 1}`)?.continuations;
    const { words, counts } = found?.get(keyOf(context, context.length)) ?? { words: [], counts: [] };
    const places = Uint32Array.from(words.keys()).sort((a, b) => words[a] - words[b]);
    return {
      words: places.map((place) => words[place]),
      counts: Float64Array.from(places, (place) => counts[place]),
    };
  }

  sums(kind: Kind, context: Context): ContinuationSums {
    const found = this.#byKind.get(`${kind} ${context.length + 1}`)?.sums;
    return found?.get(keyOf(context, context.length)) ?? noSums;
  }

  #part(kind: Kind, order: number): Part {
    const name = `${kind} ${order}`;
    const known = this.#byKind.get(name);
    if (known !== undefined) return known;
    const part: Part = {
      number: this.#parts.length,
      kind,
      isOfContexts: kind.endsWith('continuations') || isSums(kind),
      order,
      keys: [],
      asked: new Set(),
      counts: new Map(),
      continuations: new Map(),
      sums: new Map(),
    };
    this.#byKind.set(name, part);
    this.#parts.push(part);
    return part;
  }
}

function keyOf(ids: ArrayLike<number>, length: number): string {
  let key = '';
  for (let i = 0; i < length; i++) key += `${ids[i]},`;
  return key;
}
