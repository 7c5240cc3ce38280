import type { Estimator } from '../estimators/estimator.ts';
import {
  type CountIndex,
  occurrencesAt,
  type RankedContinuations,
  type TokenId,
} from '../index/count-index.ts';
import type { CountNeed } from '../index/count-source.ts';
import { levelsIn } from '../index/ranking.ts';
import { gallop } from '../index/search.ts';

/** Draws an integer from 0 to `size` - 1, all equally likely. */
export type Draw = (size: number) => number;

/** Words that are equally probable after a context. */
export interface WordGroup {
  /** P(w|h) of each word. */
  readonly probability: number;
  /** The number of words. */
  readonly size: number;
  /** Picks one of them, all equally likely. */
  pick(draw: Draw): TokenId;
}

/** The counts that `distribution` needs after a context. */
export function distributionNeed(estimator: Estimator, context: readonly TokenId[]): CountNeed {
  return { rankings: [{ context, reading: estimator.reads(context.length + 1) }, everyWord] };
}

/** The ranked words of the vocabulary. */
const everyWord = { context: [], reading: occurrencesAt([1]) };

/**
 * P(w|h) of the whole vocabulary, most probable first; empty if the estimator has none. The words that are only in the
 * lowest list are not visited one by one: all words with the same count there have the same probability.
 */
export function distribution(
  estimator: Estimator,
  index: CountIndex,
  context: readonly TokenId[],
): WordGroup[] {
  const lists = index.rankings(context, estimator.reads(context.length + 1));
  const probability = (countIn: (list: RankedContinuations) => number) =>
    estimator.probability(levelsIn(lists, countIn));
  if (probability(() => 0) === null) return [];
  const [lowest, ...higher] = lists;
  const alone = new Set<TokenId>();
  for (const list of higher) for (let rank = 0; rank < list.length; rank++) alone.add(list.word(rank));

  const groups: WordGroup[] = [];
  const add = (size: number, countIn: (list: RankedContinuations) => number, pick: WordGroup['pick']) => {
    if (size > 0) groups.push({ size, probability: probability(countIn) as number, pick });
  };
  /** For each count in the lowest list, the number of words with it that are also in higher lists. */
  const taken = new Map<number, number>();
  for (const word of alone) {
    const count = lowest.countOf(word);
    taken.set(count, (taken.get(count) ?? 0) + 1);
    add(
      1,
      (list) => list.countOf(word),
      () => word,
    );
  }
  for (let start = 0; start < lowest.length; ) {
    const count = lowest.count(start);
    const end = gallop(start, lowest.length, (rank) => lowest.count(rank) === count) + 1;
    const first = start;
    add(
      end - start - (taken.get(count) ?? 0),
      (list) => (list === lowest ? count : 0),
      (draw) =>
        drawUntil(
          () => lowest.word(first + draw(end - first)),
          (word) => !alone.has(word),
        ),
    );
    start = end;
  }
  const { vocabularySize } = index.totals;
  add(
    vocabularySize - lowest.length - (taken.get(0) ?? 0),
    () => 0,
    (draw) => {
      const [words] = index.rankings(everyWord.context, everyWord.reading);
      return drawUntil(
        () => words.word(draw(words.length)),
        (word) => lowest.countOf(word) === 0 && !alone.has(word),
      );
    },
  );
  return groups.sort((a, b) => b.probability - a.probability);
}

/** Draws until a word is one of those that are wanted, of which there must be one. */
export function drawUntil(draw: () => TokenId, isMember: (word: TokenId) => boolean): TokenId {
  for (;;) {
    const word = draw();
    if (isMember(word)) return word;
  }
}
