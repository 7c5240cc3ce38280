import { LRUCache } from 'lru-cache';
import type { CorpusReader } from '../store/sqlite/corpus-reader.ts';
import { reservedId } from '../text/reserved.ts';
import type { CountIndex, Level, RankedContinuations, TokenId, Totals } from './count-index.ts';
import { rankContinuations } from './ranking.ts';

/** The most words that the ranked lists kept in memory for one corpus hold together. */
const cachedWords = 2_000_000;

/**
 * The count index that answers from the corpus file: always fresh, no warm-up, any size.
 * Its methods are called inside a snapshot of its reader.
 */
export class StoreIndex implements CountIndex {
  readonly #reader: CorpusReader;
  readonly #sequenceEnd: TokenId | undefined;
  readonly #rankings = new LRUCache<string, RankedContinuations>({
    maxSize: cachedWords,
    sizeCalculation: (ranking) => ranking.length + 1,
  });
  #rankedVersion = 0;

  constructor(reader: CorpusReader) {
    this.#reader = reader;
    this.#sequenceEnd = reservedId(reader.settings.sequences, '</s>');
  }

  get totals(): Totals {
    const { version, tokens, vocabularySize } = this.#reader.summary();
    return { version, tokens, vocabularySize };
  }

  levels(context: readonly TokenId[], word: TokenId, orders: readonly number[]): Level[] {
    return orders.map((order) => {
      const history = lastTokens(context, order - 1);
      return {
        order,
        count: word === this.#reader.sequenceStart ? 0 : this.#count([...history, word]),
        contextCount: this.#contextCount(history),
      };
    });
  }

  rankings(context: readonly TokenId[], orders: readonly number[]): RankedContinuations[] {
    const { version } = this.#reader;
    if (version !== this.#rankedVersion) this.#rankings.clear();
    this.#rankedVersion = version;
    return orders.map((order) => {
      const history = lastTokens(context, order - 1);
      const key = history.join();
      const known = this.#rankings.get(key);
      if (known !== undefined) return known;
      const ranking = this.#rank(history);
      this.#rankings.set(key, ranking);
      return ranking;
    });
  }

  *words(): Iterable<TokenId> {
    const unigrams = this.#reader.ngrams(1);
    while (unigrams.next()) if (unigrams.ngram[0] !== this.#reader.sequenceStart) yield unigrams.ngram[0];
  }

  #count(ngram: readonly TokenId[]): number {
    return ngram.some((id) => id < 0) ? 0 : this.#reader.count(Uint32Array.from(ngram));
  }

  /** n(h·): n(h) less the times that h ends a sequence. */
  #contextCount(history: readonly TokenId[]): number {
    if (history.length === 0) return this.#reader.summary().tokens;
    if (history.at(-1) === this.#sequenceEnd) return 0;
    const count = this.#count(history);
    return count === 0 ? 0 : count - this.#reader.sequenceEnds(Uint32Array.from(history));
  }

  #rank(history: readonly TokenId[]): RankedContinuations {
    const order = history.length + 1;
    const words: number[] = [];
    const counts: number[] = [];
    if (!history.some((id) => id < 0)) {
      const stream = this.#reader.ngrams(order, Uint32Array.from(history));
      while (stream.next() && history.every((id, i) => id === stream.ngram[i])) {
        const word = stream.ngram[order - 1];
        if (word === this.#reader.sequenceStart) continue;
        words.push(word);
        counts.push(stream.count);
      }
    }
    return rankContinuations(order, this.#contextCount(history), words, counts);
  }
}

function lastTokens(context: readonly TokenId[], length: number): readonly TokenId[] {
  return context.slice(context.length - length);
}
