import type { CountIndex, TokenId } from '../../src/index/count-index.ts';
import { rankContinuations } from '../../src/index/ranking.ts';

/** Counts by brute force over sequences of token ids, for every question anew. */
export class OracleIndex implements CountIndex {
  readonly totals;
  readonly #sequences: readonly (readonly TokenId[])[];
  readonly #contextOnly: TokenId | undefined;

  /** `contextOnly` is a token that is no word (`<s>`). */
  constructor(sequences: readonly (readonly TokenId[])[], contextOnly?: TokenId) {
    this.#sequences = sequences;
    this.#contextOnly = contextOnly;
    const tokens = sequences.flat().filter((token) => token !== contextOnly);
    this.totals = { version: 1, tokens: tokens.length, vocabularySize: new Set(tokens).size };
  }

  /** n(g) */
  count(ngram: readonly TokenId[]): number {
    let count = 0;
    for (const sequence of this.#sequences) {
      for (let at = 0; at + ngram.length <= sequence.length; at++) {
        if (ngram.every((id, i) => sequence[at + i] === id)) count++;
      }
    }
    return count;
  }

  /** n(h·) */
  contextCount(context: readonly TokenId[]): number {
    let count = 0;
    for (const word of this.vocabulary()) count += this.count([...context, word]);
    return count;
  }

  vocabulary(): TokenId[] {
    const words = new Set(this.#sequences.flat().filter((token) => token !== this.#contextOnly));
    return [...words].sort((a, b) => a - b);
  }

  levels(context: readonly TokenId[], word: TokenId, orders: readonly number[]) {
    return orders.map((order) => {
      const history = context.slice(context.length - (order - 1));
      return { order, count: this.count([...history, word]), contextCount: this.contextCount(history) };
    });
  }

  rankings(context: readonly TokenId[], orders: readonly number[]) {
    return orders.map((order) => {
      const history = context.slice(context.length - (order - 1));
      const words = this.vocabulary().filter((word) => this.count([...history, word]) > 0);
      const counts = words.map((word) => this.count([...history, word]));
      return rankContinuations(order, this.contextCount(history), words, counts);
    });
  }

  words() {
    return this.vocabulary();
  }
}
