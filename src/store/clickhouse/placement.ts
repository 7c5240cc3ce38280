/**
 * How many words of an n-gram place its rows, as `migrations/clickhouse` says: the first, or the first two from order 3
 * on.
 */
const placingWords = (order: number): number => (order < 3 ? 1 : 2);

/**
 * Where rows are: a Distributed table places them by `cityHash64` of words, so that all n-grams that begin with these
 * are on one shard; of `preceded_k`, all that have them after the first word.
 */
export class Placement {
  readonly #shards: number;

  /** `shards` is their number; all of them have the weight 1. */
  constructor(shards: number) {
    this.#shards = shards;
  }

  /** The shards, from 0, that can have n-grams of an order that begin with these words: all if there is no word. */
  shardsOf(order: number, words: ArrayLike<number>): readonly number[] {
    if (words.length === 0) return Array.from({ length: this.#shards }, (_, shard) => shard);
    return [this.shardOf(Array.prototype.slice.call(words, 0, placingWords(order)))];
  }

  /** The shard of the row of `ends` for an n-gram. */
  shardOfEnds([first, second = 0]: ArrayLike<number> & Iterable<number>): number {
    return this.shardOf([first, second]);
  }

  /** The shard of the rows that are placed by these words. */
  shardOf(words: readonly number[]): number {
    const shards = this.#shards;
    if (shards === 1) return 0;
    const [high, low] = cityHash64(words);
    return ((high % shards) * (2 ** 32 % shards) + (low % shards)) % shards;
  }
}

/** An integer of 64 bits, without a sign: its high and its low 32 bits. `BigInt` is twenty times as slow. */
type Long = readonly [high: number, low: number];

/** `cityHash64` of one or more columns UInt32, as ClickHouse computes it. */
export function cityHash64(values: readonly number[]): Long {
  return values.map(intHash64).reduce(hash128to64);
}

/** `intHash64` of ClickHouse: the finalizer of MurmurHash3. */
function intHash64(value: number): Long {
  let hash: Long = [0x4cf2d2ba, (value ^ 0xae6da887) >>> 0];
  hash = product(xorShifted(hash, 33), [0xff51afd7, 0xed558ccd]);
  hash = product(xorShifted(hash, 33), [0xc4ceb9fe, 0x1a85ec53]);
  return xorShifted(hash, 33);
}

const cityMultiplier: Long = [0x9ddfea08, 0xeb382d69];

/** `Hash128to64` of CityHash 1.0.2. */
function hash128to64(low: Long, high: Long): Long {
  const one = xorShifted(product(xor(low, high), cityMultiplier), 47);
  const two = xorShifted(product(xor(high, one), cityMultiplier), 47);
  return product(two, cityMultiplier);
}

function xor([high, low]: Long, [otherHigh, otherLow]: Long): Long {
  return [(high ^ otherHigh) >>> 0, (low ^ otherLow) >>> 0];
}

/** The integer, with itself shifted right by 32 bits or more. */
function xorShifted([high, low]: Long, by: number): Long {
  return [high, (low ^ (high >>> (by - 32))) >>> 0];
}

/** The low 64 bits of a product. */
function product([high, low]: Long, [byHigh, byLow]: Long): Long {
  const [a, b] = [low & 0xffff, low >>> 16];
  const [c, d] = [byLow & 0xffff, byLow >>> 16];
  const middle = Math.floor((a * c) / 0x10000) + ((b * c) & 0xffff) + ((a * d) & 0xffff);
  const carried = b * d + ((b * c) >>> 16) + ((a * d) >>> 16) + (middle >>> 16);
  const highest = carried + Math.imul(high, byLow) + Math.imul(low, byHigh);
  return [highest >>> 0, ((middle << 16) | ((a * c) & 0xffff)) >>> 0];
}
