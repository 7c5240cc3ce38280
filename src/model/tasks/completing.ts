import type { Outcome } from '../../errors.ts';
import type { AnyCorpus } from '../../index/corpus.ts';
import { throwIfCancelled } from '../cancelling.ts';
import {
  type ChoiceOptions,
  type CompletedPrompts,
  completePrompts,
  type PromptSlice,
} from '../complete-prompts.ts';
import {
  type BegunCompletion,
  beginCompletion,
  type CompletedPart,
  type CompletingModel,
  type CompletionOptions,
  type Continuing,
  continueCompletion,
  type ListedToken,
  listTokens,
} from '../completion.ts';
import { type ChoiceFields, CodePoints, choiceFields } from '../completion-json.ts';
import {
  describeModel,
  type LanguageModel,
  type ModelDescription,
  type Versions,
} from '../language-model.ts';
import type { PromptSource } from '../prompt.ts';
import { answer, type Question } from './asking.ts';

/** Completes prompts, each with all of its completions. */
export function completeAll({
  slice,
  options,
  ...question
}: Question & { slice: PromptSlice; options: ChoiceOptions }): Promise<
  Outcome<CompletedPrompts & { model: ModelDescription }>
> {
  return answer(question, async (model, corpus) => {
    const completing = completingWith(question, model, corpus);
    return { model: describeModel(model), ...(await completePrompts(completing, slice, options)) };
  });
}

/** A prompt that is about to be completed. */
export interface BegunPrompt extends Pick<BegunCompletion, 'promptTokens' | 'joint' | 'context'> {
  model: ModelDescription;
  /** The prompt, if it is echoed. */
  echo: ChoiceFields | undefined;
  /** The number of code points of the prompt. */
  codePoints: number;
}

/** Begins the completion of a prompt, without a token. */
export function beginPrompt({
  prompt,
  options,
  ...question
}: Question & { prompt: PromptSource; options: Pick<CompletionOptions, 'echo' | 'logprobs'> }): Promise<
  Outcome<BegunPrompt>
> {
  return answer(question, async (model, corpus) => {
    const completing = completingWith(question, model, corpus);
    const { prompt: read, listed, ...begun } = await beginCompletion(completing, prompt, options);
    const { text } = read;
    const { echo, logprobs } = options;
    return {
      ...begun,
      model: describeModel(model),
      echo: echo ? choiceFields(text, logprobs === undefined ? undefined : listed, text) : undefined,
      codePoints: new CodePoints(text).until(text.length),
    };
  });
}

/** The next tokens of a completion. */
export interface PromptQuestion extends Question, Continuing {
  logprobs?: number | undefined;
}

/** Continues a completion. Listed tokens have their places in the text of the part. */
export function continuePrompt({
  logprobs,
  ...question
}: PromptQuestion): Promise<
  Outcome<CompletedPart & Versions & { listed: readonly ListedToken[] | undefined }>
> {
  return answer(question, async (model, corpus) => {
    const completing = completingWith(question, model, corpus);
    const part = await continueCompletion(completing, question);
    const listed =
      logprobs === undefined
        ? undefined
        : await listTokens(completing, part.tokens, 0, question.generation.context, logprobs);
    return { ...part, listed, version: model.version, partVersions: model.partVersions };
  });
}

function completingWith({ cancelled }: Question, model: LanguageModel, corpus: AnyCorpus): CompletingModel {
  return { model, corpus, checkpoint: () => throwIfCancelled(cancelled) };
}
