import type { Outcome } from '../../errors.ts';
import type { MixtureContent } from '../../store/store.ts';
import { throwIfCancelled } from '../cancelling.ts';
import { describeModel, type ModelDescription } from '../language-model.ts';
import { MixtureModel } from '../mixture/mixture-model.ts';
import { type MixtureTuning, tuneMixture } from '../mixture/tune-mixture.ts';
import { type Tuning, tune } from '../tune.ts';
import { answer, answerCounted, type Question } from './asking.ts';

/** Tunes the estimator's parameters on a held-out text. */
export function tuneParameters({
  text,
  ...question
}: Question & { text: Uint8Array }): Promise<Outcome<{ model: ModelDescription; tuning: Tuning }>> {
  return answerCounted(question, async (model) => ({
    model: describeModel(model),
    tuning: await tune(model, text, () => throwIfCancelled(question.cancelled)),
  }));
}

/** Tunes the weights of a mixture on a held-out text. */
export function tuneWeights({
  text,
  ...question
}: Question & { text: Uint8Array }): Promise<
  Outcome<{ model: ModelDescription; content: MixtureContent; tuning: MixtureTuning }>
> {
  return answer(question, async (model, corpus) => {
    if (!(model instanceof MixtureModel)) throw new Error('Only a mixture has weights.');
    return {
      model: describeModel(model),
      content: corpus.settings.content as MixtureContent,
      tuning: await tuneMixture(model, text, () => throwIfCancelled(question.cancelled)),
    };
  });
}
