import type { Estimator } from '../estimators/estimator.ts';
import type { CountIndex } from '../index/count-index.ts';
import type { CountSource } from '../index/count-source.ts';
import { levelsIn } from '../index/ranking.ts';
import { topContinuations } from './continuations.ts';
import type { WordPlace } from './language-model.ts';
import type { PlaceAnswers } from './score-places.ts';

/** What is asked of some places, whose counts are read in one call. */
export async function readCountedPlaces(
  { counts, estimator }: { counts: CountSource; estimator: Estimator },
  places: readonly WordPlace[],
): Promise<PlaceAnswers> {
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
  return {
    probabilities: places.map((place) => probabilityOf(estimator, index, place)),
    continuations: (context, selection) => topContinuations(estimator, { prepare }, context, selection),
  };
}

/** P(w|h), from the lists in which the best words are searched. */
function probabilityOf(estimator: Estimator, index: CountIndex, { context, word }: WordPlace): number | null {
  const lists = index.rankings(context, estimator.reads(context.length + 1));
  return estimator.probability(levelsIn(lists, (list) => list.countOf(word)));
}
