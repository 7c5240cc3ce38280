import type { Finish, GeneratedToken, Sampling } from './generate.ts';
import type { ModelDescription } from './language-model.ts';
import type { WorkerModel } from './worker-model.ts';

/** A text to be generated. */
export interface TextRequest {
  prompt: string;
  seed: number;
  sampling: Sampling;
  maxTokens: number;
  /** Whether tokens are wanted as they are generated. */
  isStreamed: boolean;
}

/** A text that is being generated. */
export interface GeneratedText {
  readonly model: ModelDescription;
  /** The tokens of the prompt. */
  readonly prompt: readonly string[];
  /** The tokens: one by one if they are streamed and the model is in memory, otherwise all at once. */
  readonly parts: AsyncIterable<readonly GeneratedToken[]>;
  /** Why the text ended before its last token, once all parts have been read. */
  finish(): Finish | undefined;
}

/** Generates the first part of a text; the others are generated as they are read. Throws what the worker throws. */
export async function generateText(
  model: WorkerModel,
  { prompt, seed, sampling, maxTokens, isStreamed }: TextRequest,
): Promise<GeneratedText> {
  const limit = isStreamed && model.isInMemory ? 1 : maxTokens;
  const begun = await model.ask('beginText', { prompt, seed, sampling, limit });
  let { part } = begun;
  const parts = async function* () {
    yield part.tokens;
    for (let left = maxTokens - part.tokens.length; left > 0 && part.finish === undefined; ) {
      part = await model.ask('continueText', { sampling, generation: part.generation, limit });
      left -= part.tokens.length;
      yield part.tokens;
    }
  };
  return { model: begun.model, prompt: begun.prompt, parts: parts(), finish: () => part.finish };
}
