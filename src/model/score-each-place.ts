import type { Continuation } from './continuations.ts';
import type { LanguageModel } from './language-model.ts';
import type { ScoredPlace, WordPlace } from './next-words.ts';

/** As `LanguageModel.scorePlaces`, by asking a model at each place. */
export async function scoreEachPlace(
  model: Pick<LanguageModel, 'probabilities' | 'continuations'>,
  places: readonly WordPlace[],
  k: number,
  checkpoint = () => {},
): Promise<ScoredPlace[]> {
  const known = new Map<string, readonly Continuation[]>();
  const scored: ScoredPlace[] = [];
  for (const { context, word } of places) {
    checkpoint();
    const key = context.join();
    const best = known.get(key) ?? (k === 0 ? [] : await model.continuations(context, { k }));
    known.set(key, best);
    const [{ probability }] = await model.probabilities([{ context, word, own: word }], false);
    scored.push({ probability, best });
  }
  return scored;
}
