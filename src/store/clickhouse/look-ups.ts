import type { Context, ContinuationSums, Continuations, NGrams } from '../store.ts';
import type { ClickHouse, OnShard } from './clickhouse.ts';
import { isOfContexts, type Kind, queriesOf, widthsOf } from './look-up-queries.ts';
import type { Placement } from './placement.ts';
import { longAt, wordsOf } from './rows.ts';
import type { SummedRuns } from './summed-runs.ts';

/** The n-grams, or contexts, of one order of which one thing is looked up. */
interface LookUp {
  readonly kind: Kind;
  readonly order: number;
  readonly asked: Set<string>;
  /** The ids of those to be asked, by shard. */
  readonly waiting: Map<number, number[]>;
  /** What was found, by key. */
  readonly numbers: Map<string, number[]>;
  readonly continuations: Map<string, { words: number[]; counts: number[] }>;
}

/**
 * What a question reads of ClickHouse. Each kind and order is a query of its own to each shard that can have rows of
 * it, and they run side by side: old servers take longer for a UNION ALL, and much longer for a Distributed table.
 */
export class LookUps {
  readonly #placement: Placement;
  readonly #lookUps = new Map<string, LookUp>();

  constructor(placement: Placement) {
    this.#placement = placement;
  }

  addNGrams(kind: Kind, ngrams: readonly NGrams[] = []): void {
    for (const { order, ids, length } of ngrams)
      for (let i = 0; i < length; i++) this.add(kind, order, ids.subarray(i * order, (i + 1) * order));
  }

  /** Adds an n-gram, or a context whose continuations are n-grams of an order. */
  add(kind: Kind, order: number, ids: ArrayLike<number> & Iterable<number>): void {
    const { asked, waiting } = this.#lookUp(kind, order);
    const key = keyOf(ids, 0, ids.length);
    if (asked.has(key)) return;
    asked.add(key);
    const placement = this.#placement;
    const shards = kind === 'ends' ? [placement.shardOfEnds(ids)] : placement.shardsOf(order, ids);
    for (const shard of shards) {
      let list = waiting.get(shard);
      if (list === undefined) {
        list = [];
        waiting.set(shard, list);
      }
      for (let i = 0; i < ids.length; i++) list.push(ids[i]);
    }
  }

  /** Finds what was added since the last time. */
  async find(clickhouse: ClickHouse, summed: SummedRuns, sequenceStart: number | undefined): Promise<void> {
    const asked: LookUp[] = [];
    const queries: OnShard[] = [];
    for (const lookUp of this.#lookUps.values()) {
      const { kind, order, waiting } = lookUp;
      for (const [shard, ids] of waiting) {
        for (const query of queriesOf({ kind, order, ids }, summed, sequenceStart)) {
          asked.push(lookUp);
          queries.push({ shard, query });
        }
      }
      waiting.clear();
    }
    if (summed.runs.length === 0 || queries.length === 0) return;
    const answers = await clickhouse.lookUp(queries, summed.runs);
    for (const [i, answer] of answers.entries()) take(asked[i], wordsOf(answer));
  }

  counts(kind: Kind, { order, length, ids }: NGrams): Float64Array {
    const { numbers } = this.#lookUp(kind, order);
    return Float64Array.from(
      { length },
      (_, i) => numbers.get(keyOf(ids, i * order, (i + 1) * order))?.[0] ?? 0,
    );
  }

  /** The numbers that were found; none if there were no rows. */
  numbers(kind: Kind, order: number, ids: ArrayLike<number>): readonly number[] {
    return this.#lookUp(kind, order).numbers.get(keyOf(ids, 0, ids.length)) ?? [];
  }

  continuations(kind: Kind, context: Context): Continuations {
    const found = this.#lookUp(kind, context.length + 1).continuations;
    const { words, counts } = found.get(keyOf(context, 0, context.length)) ?? { words: [], counts: [] };
    const places = Uint32Array.from(words.keys()).sort((a, b) => words[a] - words[b]);
    return {
      words: places.map((place) => words[place]),
      counts: Float64Array.from(places, (place) => counts[place]),
    };
  }

  sums(kind: Kind, context: Context): ContinuationSums {
    const [total = 0, followers = 0, once = 0, twice = 0] = this.numbers(kind, context.length + 1, context);
    return { total, followers, once, twice };
  }

  #lookUp(kind: Kind, order: number): LookUp {
    const name = `${kind} ${order}`;
    let lookUp = this.#lookUps.get(name);
    if (lookUp === undefined) {
      const found = { numbers: new Map(), continuations: new Map() };
      lookUp = { kind, order, asked: new Set(), waiting: new Map(), ...found };
      this.#lookUps.set(name, lookUp);
    }
    return lookUp;
  }
}

/** Takes the rows of an answer. Numbers of the same key are added up. */
function take({ kind, order, numbers, continuations }: LookUp, rows: Uint32Array): void {
  const widths = widthsOf(kind, order);
  const width = widths.words + 2 * widths.numbers;
  const isList = isOfContexts(kind) && widths.words === order;
  for (let at = 0; at < rows.length; at += width) {
    const end = at + widths.words;
    if (isList) {
      const key = keyOf(rows, at, end - 1);
      const list = continuations.get(key) ?? { words: [], counts: [] };
      continuations.set(key, list);
      list.words.push(rows[end - 1]);
      list.counts.push(longAt(rows, end));
      continue;
    }
    const key = keyOf(rows, at, end);
    const before = numbers.get(key);
    const found = Array.from({ length: widths.numbers }, (_, i) => longAt(rows, end + 2 * i));
    numbers.set(key, before === undefined ? found : found.map((number, i) => number + before[i]));
  }
}

function keyOf(ids: ArrayLike<number>, from: number, to: number): string {
  let key = '';
  for (let i = from; i < to; i++) key += `${ids[i]},`;
  return key;
}
