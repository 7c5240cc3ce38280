import type { Outcome } from '../../errors.ts';
import {
  beginGeneration,
  continueGeneration,
  type GeneratedPart,
  type Generation,
  type Sampling,
} from '../generate.ts';
import { describeModel, type ModelDescription } from '../language-model.ts';
import { answer, type Question } from './asking.ts';

/** Begins a text after a prompt, with at most `limit` tokens, at one version of the corpus. */
export function beginText({
  prompt,
  seed,
  sampling,
  limit,
  ...question
}: Question & { prompt: string; seed: number; sampling: Sampling; limit: number }): Promise<
  Outcome<{
    model: ModelDescription;
    prompt: string[];
    part: GeneratedPart;
  }>
> {
  return answer(question, async (model) => {
    const { prompt: tokens, generation } = await beginGeneration(model, prompt, seed);
    const part = await continueGeneration(model, sampling, generation, limit);
    return { model: describeModel(model), prompt: tokens, part };
  });
}

/** Continues a text by at most `limit` tokens. */
export function continueText({
  sampling,
  generation,
  limit,
  ...question
}: Question & { sampling: Sampling; generation: Generation; limit: number }): Promise<
  Outcome<GeneratedPart>
> {
  return answer(question, (model) => continueGeneration(model, sampling, generation, limit));
}
