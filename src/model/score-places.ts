import type { Continuation } from './continuations.ts';
import type { LanguageModel, ScoredPlace, WordPlace } from './language-model.ts';

/** What is asked of some places. */
export interface PlaceAnswers extends Pick<LanguageModel, 'continuations'> {
  /** P(w|h) of each place; null if it is undefined. */
  readonly probabilities: readonly (number | null)[];
}

/** The number of places that are read at a time. */
const placesAtATime = 256;

/**
 * As `LanguageModel.scorePlaces`: `read` reads what is asked of some places, and each distinct context is searched once.
 * `checkpoint` is called in between; an error that it throws ends the search.
 */
export async function scorePlaces(
  places: readonly WordPlace[],
  k: number,
  read: (places: readonly WordPlace[]) => Promise<PlaceAnswers>,
  checkpoint = () => {},
): Promise<ScoredPlace[]> {
  const known = new Map<string, readonly Continuation[]>();
  const scored: ScoredPlace[] = [];
  for (let from = 0; from < places.length; from += placesAtATime) {
    checkpoint();
    const some = places.slice(from, from + placesAtATime);
    const answers = await read(some);
    for (const [i, { context }] of some.entries()) {
      const key = context.join();
      let best = known.get(key);
      if (best === undefined) {
        checkpoint();
        best = k === 0 ? [] : await answers.continuations(context, { k });
        known.set(key, best);
      }
      scored.push({ probability: answers.probabilities[i], best });
    }
  }
  return scored;
}

/** What is asked of some places, from a model as it is. */
export async function readPlaces(
  model: Pick<LanguageModel, 'probabilities' | 'continuations'>,
  places: readonly WordPlace[],
): Promise<PlaceAnswers> {
  const queries = places.map(({ context, word }) => ({ context, word, own: word }));
  const answers = await model.probabilities(queries, false);
  return {
    probabilities: answers.map(({ probability }) => probability),
    continuations: (context, selection) => model.continuations(context, selection),
  };
}
