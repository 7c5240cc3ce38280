import type { Estimator } from '../estimators/estimator.ts';
import type { CountIndex, TokenId } from '../index/count-index.ts';
import type { CountSource } from '../index/count-source.ts';
import { levelsIn } from '../index/ranking.ts';
import { type Continuation, topContinuations } from './continuations.ts';

/** A word in its context, by the ids under which they are counted. */
export interface WordPlace {
  readonly context: readonly TokenId[];
  readonly word: TokenId;
}

/** A word in its context with its probability and the k best words there. */
export interface ScoredPlace {
  /** P(w|h); null if the estimator has none. Of one of the best words it is the same double as theirs. */
  readonly probability: number | null;
  readonly best: readonly Continuation[];
}

/** The number of places whose counts are read at a time. */
const placesAtATime = 256;

/**
 * The probability of words in their contexts, and the k best words in each of these, exactly as `topContinuations` finds
 * them. The counts of many places are read in one call, and each distinct context is searched once. `checkpoint` is called
 * in between; an error that it throws ends the search.
 */
export async function scorePlaces(
  { counts, estimator }: { counts: CountSource; estimator: Estimator },
  places: readonly WordPlace[],
  k: number,
  checkpoint = () => {},
): Promise<ScoredPlace[]> {
  const known = new Map<string, readonly Continuation[]>();
  const scored: ScoredPlace[] = [];
  for (let from = 0; from < places.length; from += placesAtATime) {
    checkpoint();
    const some = places.slice(from, from + placesAtATime);
    const source = await preparedFor(counts, estimator, some);
    for (const { context, word } of some) {
      const key = context.join();
      let best = known.get(key);
      if (best === undefined) {
        best = k === 0 ? [] : await topContinuations(estimator, source, context, { k });
        known.set(key, best);
      }
      scored.push({ probability: probabilityOf(estimator, source.index, { context, word }), best });
    }
  }
  return scored;
}

/** The counts of places, read in one call, and as the source of questions about each of them. */
async function preparedFor(
  counts: CountSource,
  estimator: Estimator,
  places: readonly WordPlace[],
): Promise<Pick<CountSource, 'prepare'> & { index: CountIndex }> {
  const contexts = new Map(places.map(({ context }) => [context.join(), context]));
  const rankings = [...contexts.values()].map((context) => ({
    context,
    reading: estimator.reads(context.length + 1),
  }));
  const index = await counts.prepare({ rankings });
  let all: CountIndex | Promise<CountIndex> | undefined;
  const prepare: CountSource['prepare'] = ({ allWords }) => {
    if (allWords !== true) return index;
    all ??= counts.prepare({ allWords });
    return all;
  };
  return { index, prepare };
}

/** P(w|h), from the lists in which the best words are searched. */
function probabilityOf(estimator: Estimator, index: CountIndex, { context, word }: WordPlace): number | null {
  const lists = index.rankings(context, estimator.reads(context.length + 1));
  return estimator.probability(levelsIn(lists, (list) => list.countOf(word)));
}
