import { BlockDecoder } from '../../src/ngrams/block.ts';
import type { EncodedBlocks } from '../../src/ngrams/block-batch.ts';
import { compareNGrams, readNGramKey } from '../../src/ngrams/ngram-stream.ts';
import type { CountedNGrams } from '../../src/store/store.ts';

/** The distinct n-grams of one order with their counts, sorted. */
export interface Table extends CountedNGrams {}

export function emptyTable(order: number): Table {
  return { order, length: 0, ids: new Uint32Array(0), counts: new Float64Array(0) };
}

/** The n-gram at a place, a view. */
export function ngramAt({ order, ids }: Table, place: number): Uint32Array {
  return ids.subarray(place * order, (place + 1) * order);
}

/** The place of the first n-gram that is not before `from`, whose missing last ids count as 0. */
export function placeOf(table: Table, from: ArrayLike<number>): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNGrams(ngramAt(table, middle), from, from.length) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The count of an n-gram, 0 where it is not there. */
export function countOf(table: Table, ngram: ArrayLike<number>): number {
  const place = placeOf(table, ngram);
  const isThere = place < table.length && compareNGrams(ngramAt(table, place), ngram, table.order) === 0;
  return isThere ? table.counts[place] : 0;
}

/** The n-grams at `from` ≤ place < `to`. */
export function sliceOf({ order, ids, counts }: Table, from: number, to: number): Table {
  return {
    order,
    length: to - from,
    ids: ids.slice(from * order, to * order),
    counts: counts.slice(from, to),
  };
}

/** How many n-grams or tokens are handed out at a time: few, so that tests see more than one batch. */
export const batchLength = 64;

/** The n-grams of a table, some at a time. */
export function* batchesOf(table: Table): Iterable<Table> {
  for (let at = 0; at < table.length; at += batchLength)
    yield sliceOf(table, at, Math.min(at + batchLength, table.length));
}

/** The n-grams of a table sorted by the ids after the first, and then by the first. */
export function sortedByEnd(table: Table): Table {
  const { order, length } = table;
  const turned = (place: number) => {
    const [first, ...others] = ngramAt(table, place);
    return [...others, first];
  };
  const places = Array.from({ length }, (_, place) => place).sort((a, b) =>
    compareNGrams(turned(a), turned(b), order),
  );
  return {
    order,
    length,
    ids: Uint32Array.from(places.flatMap((place) => [...ngramAt(table, place)])),
    counts: Float64Array.from(places, (place) => table.counts[place]),
  };
}

/** The sum of two tables, or their difference where `sign` is -1. Throws where a count would be negative. */
export function sumOf(left: Table, right: Table, sign: 1 | -1): Table {
  const { order } = left;
  const ids = new Uint32Array((left.length + right.length) * order);
  const counts = new Float64Array(left.length + right.length);
  let length = 0;
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const difference = compareEntries(left, l, right, r);
    const ngram = difference <= 0 ? ngramAt(left, l) : ngramAt(right, r);
    const before = difference <= 0 ? left.counts[l++] : 0;
    const after = before + (difference >= 0 ? sign * right.counts[r++] : 0);
    if (after < 0) throw new Error(`The n-gram ${ngram} would occur ${after} times.`);
    if (after === 0) continue;
    ids.set(ngram, length * order);
    counts[length++] = after;
  }
  return sliceOf({ order, length, ids, counts }, 0, length);
}

function compareEntries(left: Table, l: number, right: Table, r: number): number {
  if (l === left.length) return 1;
  if (r === right.length) return -1;
  return compareNGrams(ngramAt(left, l), ngramAt(right, r), left.order);
}

/** Collects the blocks of a run. */
export class TableBuilder {
  readonly #tables: { ids: number[]; counts: number[] }[];

  constructor(order: number) {
    this.#tables = Array.from({ length: order }, () => ({ ids: [], counts: [] }));
  }

  /** Adds blocks. Throws where the n-grams of an order do not rise. */
  add({ order, firsts, ends, data }: EncodedBlocks): void {
    const { ids, counts } = this.#tables[order - 1];
    const decoder = new BlockDecoder(order);
    const first = new Uint32Array(order);
    for (const [i, end] of ends.entries()) {
      readNGramKey(firsts.subarray(4 * order * i, 4 * order * (i + 1)), first);
      decoder.open(first, data.subarray(ends[i - 1] ?? 0, end));
      while (decoder.next()) {
        const last = ids.slice(-order);
        if (last.length > 0 && compareNGrams(last, decoder.ngram, order) >= 0) {
          throw new Error(`The n-gram ${decoder.ngram} does not come after ${last}.`);
        }
        ids.push(...decoder.ngram);
        counts.push(decoder.count);
      }
    }
  }

  /** The tables of all orders, order 1 first. */
  take(): Table[] {
    return this.#tables.map(({ ids, counts }, i) => ({
      order: i + 1,
      length: counts.length,
      ids: Uint32Array.from(ids),
      counts: Float64Array.from(counts),
    }));
  }
}
