import type { CountsRequest, NGrams } from '../store/store.ts';
import { type CountedAs, historyOf, type Reading, type TokenId } from './count-index.ts';
import type { CountNeed } from './count-source.ts';
import { isUnseen, keyOf, orderKey, rankingKey } from './prepared-index.ts';
import type { WordCounts } from './word-counts.ts';

/** A context whose continuations are requested, and what is counted of them. */
export interface ContextRequest {
  readonly context: readonly TokenId[];
  readonly counts: CountedAs;
}

/** The request to a store for a need, with each n-gram and each context once. */
export class StoreRequest {
  readonly unigrams = new Set<TokenId>();
  /** Of order 2 and higher. */
  readonly ngrams = new Map<string, readonly TokenId[]>();
  readonly contexts = new Map<string, readonly TokenId[]>();
  readonly adjustedUnigrams = new Set<TokenId>();
  /** Of order 2 and higher. */
  readonly adjustedNGrams = new Map<string, readonly TokenId[]>();
  /** By the keys of `rankingKey`. */
  readonly rankings = new Map<string, ContextRequest>();
  /** The contexts whose sums are read, by the same keys. */
  readonly sums = new Map<string, ContextRequest>();
  /** By the keys of `orderKey`. */
  readonly countsOfCounts = new Map<string, { order: number; counts: CountedAs }>();
  readonly #sequenceStart: TokenId | undefined;
  readonly #known: Readonly<Record<CountedAs, Pick<WordCounts, 'has'>>>;
  readonly #isRanked: (key: string) => boolean;

  /** Unigrams that are `known` are not requested, nor sums of contexts whose continuations are ranked by `isRanked`. */
  constructor(
    { levels = [], rankings = [], words = [], allWords, lowCounts = [] }: CountNeed,
    sequenceStart: TokenId | undefined,
    known: Readonly<Record<CountedAs, Pick<WordCounts, 'has'>>>,
    isRanked: (key: string) => boolean,
  ) {
    this.#sequenceStart = sequenceStart;
    this.#known = known;
    this.#isRanked = isRanked;
    for (const { context, reading } of rankings) {
      for (const { order, counts } of reading.levels) this.#addRanking(historyOf(context, order), counts);
    }
    for (const { context, word, reading } of levels) this.#addLevels(context, word, reading);
    if (allWords === true) this.#addRanking([], 'occurrences');
    else for (let i = 0; i < words.length; i++) this.#addNGram([words[i]]);
    for (const { order, adjusted } of lowCounts)
      this.#addCountsOfCounts(order, adjusted ? 'continuations' : 'occurrences');
  }

  #addLevels(context: readonly TokenId[], word: TokenId, reading: Reading): void {
    for (const { order, counts } of reading.levels) {
      const history = historyOf(context, order);
      if (counts === 'continuations') {
        this.#addAdjustedLevel(history, word);
        continue;
      }
      this.#addNGram([...history, word]);
      if (reading.followers) {
        if (order === 1) this.#addCountsOfCounts(1, 'occurrences');
        else this.#addSums(history, 'occurrences');
      } else if (order > 1) this.contexts.set(keyOf(history), history);
    }
  }

  #addAdjustedLevel(history: readonly TokenId[], word: TokenId): void {
    if (history.length > 0) {
      const ngram = [...history, word];
      const isRanked = this.#addSums(history, 'continuations');
      const isAsked = !isRanked && !isUnseen(ngram) && word !== this.#sequenceStart;
      if (isAsked) this.adjustedNGrams.set(keyOf(ngram), ngram);
    } else {
      this.#addCountsOfCounts(1, 'continuations');
      const isAsked = word >= 0 && word !== this.#sequenceStart && !this.#known.continuations.has(word);
      if (isAsked) this.adjustedUnigrams.add(word);
    }
  }

  #addNGram(ngram: readonly TokenId[]): void {
    const word = ngram[ngram.length - 1];
    // `<s>` is never a next word.
    if (isUnseen(ngram) || word === this.#sequenceStart) return;
    if (ngram.length > 1) this.ngrams.set(keyOf(ngram), ngram);
    else if (!this.#known.occurrences.has(word)) this.unigrams.add(word);
  }

  #addRanking(context: readonly TokenId[], counts: CountedAs): void {
    this.rankings.set(rankingKey(context, counts), { context, counts });
  }

  /** Returns whether they, and the counts after the context, are in its ranked list. */
  #addSums(context: readonly TokenId[], counts: CountedAs): boolean {
    const key = rankingKey(context, counts);
    if (this.rankings.has(key)) return true;
    if (this.#isRanked(key)) {
      this.#addRanking(context, counts);
      return true;
    }
    this.sums.set(key, { context, counts });
    return false;
  }

  #addCountsOfCounts(order: number, counts: CountedAs): void {
    this.countsOfCounts.set(orderKey(order, counts), { order, counts });
  }
}

/** What is requested of a store. */
export function requestOf(
  { unigrams, ngrams, contexts, adjustedUnigrams, adjustedNGrams }: StoreRequest,
  rankings: readonly ContextRequest[],
  sums: readonly ContextRequest[],
) {
  const ofCounts = (counts: CountedAs) => ({
    continuations: listed(rankings, counts).map(({ context }) => context),
    sums: listed(sums, counts).map(({ context }) => context),
  });
  const adjusted = {
    ngrams: columnsOf(adjustedUnigrams, adjustedNGrams.values()),
    ...ofCounts('continuations'),
  };
  return {
    ngrams: columnsOf(unigrams, ngrams.values()),
    contexts: [...contexts.values()].filter((context) => !isUnseen(context)),
    ...ofCounts('occurrences'),
    ...(isEmpty(adjusted) ? {} : { adjusted }),
  };
}

/** Whether nothing is requested. */
export function isEmpty({
  ngrams = [],
  contexts = [],
  continuations = [],
  sums = [],
  adjusted,
}: CountsRequest): boolean {
  return ngrams.length + contexts.length + continuations.length + sums.length === 0 && adjusted === undefined;
}

/** The requests of contexts that have been seen, for what is counted in this way. */
export function listed(requests: readonly ContextRequest[], counts: CountedAs): ContextRequest[] {
  return requests.filter((asked) => asked.counts === counts && !isUnseen(asked.context));
}

/** N-grams as columns, those of each order together. */
function columnsOf(unigrams: ReadonlySet<TokenId>, longer: Iterable<readonly TokenId[]>): NGrams[] {
  const byOrder = new Map<number, TokenId[]>();
  if (unigrams.size > 0) byOrder.set(1, [...unigrams]);
  for (const ngram of longer) {
    const ids = byOrder.get(ngram.length);
    if (ids === undefined) byOrder.set(ngram.length, [...ngram]);
    else ids.push(...ngram);
  }
  return Array.from(byOrder, ([order, ids]) => ({
    order,
    length: ids.length / order,
    ids: Uint32Array.from(ids),
  }));
}
