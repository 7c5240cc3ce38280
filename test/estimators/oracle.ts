import {
  type CountedAs,
  type CountIndex,
  type LowCountsOfCounts,
  type RankedContinuations,
  type Reading,
  type TokenId,
  UNSEEN,
} from '../../src/index/count-index.ts';
import type { Batches, CountedNGram, CountSource, RowShape } from '../../src/index/count-source.ts';
import { PreparingReader } from '../../src/index/preparing-reader.ts';
import { rankContinuations } from '../../src/index/ranking.ts';

/** The id of `<unk>` in a corpus whose tokenizer has no ids of its own. */
export const UNKNOWN: TokenId = 0;

/** Counts by brute force over sequences of token ids, for every question anew. */
export class OracleIndex implements CountIndex, CountSource {
  readonly totals;
  readonly #sequences: readonly (readonly TokenId[])[];
  readonly #contextOnly: TokenId | undefined;

  /** `contextOnly` is a token that is no word (`<s>`). */
  constructor(sequences: readonly (readonly TokenId[])[], contextOnly?: TokenId) {
    this.#sequences = sequences;
    this.#contextOnly = contextOnly;
    const tokens = sequences.flat().filter((token) => token !== contextOnly);
    const vocabularySize = new Set(tokens).size;
    const distinct = Array.from({ length: 4 }, (_, i) => this.allNGrams(i + 1, []).length);
    this.totals = {
      version: 1,
      tokens: tokens.length,
      vocabularySize,
      distinct: [vocabularySize, ...distinct.slice(1)],
    };
  }

  /** n(g) */
  count(ngram: readonly TokenId[]): number {
    return this.#places(ngram).length;
  }

  /** n(h·) */
  contextCount(context: readonly TokenId[]): number {
    let count = 0;
    for (const word of this.vocabulary()) count += this.count([...context, word]);
    return count;
  }

  /** a(g): how many distinct things stand before g, a token or the start of a document; n(g) where g begins a line. */
  adjusted(ngram: readonly TokenId[]): number {
    const places = this.#places(ngram);
    if (ngram[0] === this.#contextOnly) return places.length;
    return new Set(places.map(({ sequence, at }) => (at === 0 ? 'the start' : sequence[at - 1]))).size;
  }

  /** n(g), or a(g) below an order. */
  readCount(ngram: readonly TokenId[], adjustedBelow: number): number {
    return this.countAs(ngram.length < adjustedBelow ? 'continuations' : 'occurrences', ngram);
  }

  countAs(counts: CountedAs, ngram: readonly TokenId[]): number {
    return counts === 'continuations' ? this.adjusted(ngram) : this.count(ngram);
  }

  prepare(): CountIndex {
    return this;
  }

  vocabulary(): TokenId[] {
    const words = new Set(this.#sequences.flat().filter((token) => token !== this.#contextOnly));
    return [...words].sort((a, b) => a - b);
  }

  levels(context: readonly TokenId[], word: TokenId, reading: Reading) {
    return this.rankings(context, reading).map(({ countOf, ...counts }) => ({
      ...counts,
      count: countOf(word),
    }));
  }

  reader(shape: RowShape) {
    return new PreparingReader(this, shape);
  }

  get unknown(): TokenId {
    return this.hasWord(UNKNOWN) ? UNKNOWN : UNSEEN;
  }

  hasWord(id: TokenId): boolean {
    return id !== this.#contextOnly && this.count([id]) > 0;
  }

  rankings(context: readonly TokenId[], { levels }: Reading): RankedContinuations[] {
    return levels.map(({ order, counts: counted }) => {
      const history = context.slice(context.length - (order - 1));
      const words = this.vocabulary().filter((word) => this.count([...history, word]) > 0);
      const counts = words.map((word) => this.countAs(counted, [...history, word]));
      const contextCount = counts.reduce((sum, count) => sum + count, 0);
      return rankContinuations(
        { order, contextCount },
        words,
        counts,
        (word) => counts[words.indexOf(word)] ?? 0,
      );
    });
  }

  lowCountsOfCounts(order: number, adjusted: boolean): LowCountsOfCounts {
    const ngrams = this.allNGrams(order, []).filter((ngram) => order > 1 || ngram[0] !== this.#contextOnly);
    const counts = ngrams.map((ngram) => this.readCount(ngram, adjusted ? order + 1 : 1));
    const ngramsOf = (wanted: number) => counts.filter((count) => count === wanted).length;
    return [ngramsOf(1), ngramsOf(2), ngramsOf(3), ngramsOf(4)];
  }

  words() {
    return this.vocabulary();
  }

  ngrams(order: number, from: readonly TokenId[]): Batches<readonly TokenId[]> {
    return [this.allNGrams(order, from)];
  }

  allNGrams(order: number, from: readonly TokenId[]): TokenId[][] {
    const ngrams = new Map<string, TokenId[]>();
    for (const sequence of this.#sequences) {
      for (let at = 0; at + order <= sequence.length; at++) {
        const ngram = sequence.slice(at, at + order);
        ngrams.set(ngram.join(), ngram);
      }
    }
    return [...ngrams.values()].sort(compare).filter((ngram) => compare(ngram, from) >= 0);
  }

  byCount(order: number, after: CountedNGram | undefined, limit: number): CountedNGram[] {
    const isAfter = ({ count, ngram }: CountedNGram) =>
      after === undefined ||
      count < after.count ||
      (count === after.count && compare(ngram, after.ngram) > 0);
    return this.allNGrams(order, [])
      .filter((ngram) => order > 1 || ngram[0] !== this.#contextOnly)
      .map((ngram) => ({ ngram, count: this.count(ngram) }))
      .sort((a, b) => b.count - a.count || compare(a.ngram, b.ngram))
      .filter(isAfter)
      .slice(0, limit);
  }

  #places(ngram: readonly TokenId[]): { sequence: readonly TokenId[]; at: number }[] {
    return this.#sequences.flatMap((sequence) =>
      sequence
        .map((_, at) => ({ sequence, at }))
        .filter(
          ({ at }) => at + ngram.length <= sequence.length && ngram.every((id, i) => sequence[at + i] === id),
        ),
    );
  }
}

/** The order of n-grams by their ids; the empty one comes first. */
function compare(a: readonly TokenId[], b: readonly TokenId[]): number {
  const at = a.findIndex((id, i) => id !== b[i]);
  return at < 0 ? 0 : a[at] - (b[at] ?? -1);
}

/** The reading of these orders, with continuations below one. */
export function readingOf(orders: readonly number[], adjustedBelow: number): Reading {
  const levels = orders.map((order) => ({
    order,
    counts: order < adjustedBelow ? ('continuations' as const) : ('occurrences' as const),
  }));
  return { levels, followers: true };
}
