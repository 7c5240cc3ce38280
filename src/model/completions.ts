import { mapInOrder } from '../platform/map-in-order.ts';
import type { ChoiceOptions, PromptSlice } from './complete-prompts.ts';
import { type CompletedToken, checkListed, type ListedToken } from './completion.ts';
import { type ChoiceFields, CodePoints, choiceFields, type FinishReason } from './completion-json.ts';
import { generationAfter } from './generate.ts';
import { areOfSameVersions, type ModelDescription } from './language-model.ts';
import { checkCharacters, type PromptSource } from './prompt.ts';
import { changedMeanwhile } from './score.ts';
import { StoppedText } from './stop-sequences.ts';
import type { BegunPrompt } from './tasks/completing.ts';
import type { WorkerModel } from './worker-model.ts';

/** How much one task completes: about `tokens` tokens, prompts included, and at most `prompts` prompts. */
const sliceSize = { tokens: 2048, prompts: 256 };
/** About how many characters a token has. */
const charactersOfToken = 4;

/** The most tokens that a task lists for a stream: the event loop reads their lists. */
const listedAtATime = 256;

/** The completions of all prompts of a request. */
export interface Completions {
  readonly model: ModelDescription;
  /** The choices in order, as JSON in parts. */
  readonly choices: readonly Uint8Array[];
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/**
 * Completes prompts in the worker threads, each n times. Throws `index-not-ready` if the corpus changes meanwhile, and
 * `content-too-large` for more log probabilities than an answer lists.
 */
export async function completePrompts(
  model: WorkerModel,
  prompts: readonly PromptSource[],
  options: ChoiceOptions,
): Promise<Completions> {
  const slices = promptSlices(prompts, options);
  const answers = mapInOrder(slices, model.threads, (slice) => model.ask('completeAll', { slice, options }));
  let description: ModelDescription | undefined;
  const choices: Uint8Array[] = [];
  const sum = { promptTokens: 0, completionTokens: 0 };
  let listed = 0;
  let characters = 0;
  for await (const answer of answers) {
    if (description !== undefined && !areOfSameVersions(description, answer.model)) throw changedMeanwhile();
    description = answer.model;
    choices.push(answer.choices);
    sum.promptTokens += answer.promptTokens;
    sum.completionTokens += answer.completionTokens;
    listed += answer.listed;
    characters += answer.characters;
    try {
      checkListed(listed);
      checkCharacters(characters, '/max_tokens');
    } catch (error) {
      throw model.located(error);
    }
  }
  return { model: description as ModelDescription, choices, ...sum };
}

function* promptSlices(
  prompts: readonly PromptSource[],
  { bestOf, maxTokens }: ChoiceOptions,
): Generator<PromptSlice, void> {
  const workOf = (prompt: PromptSource) =>
    (typeof prompt === 'string' ? prompt.length / charactersOfToken : prompt.length) + bestOf * maxTokens;
  let first = 0;
  let work = 0;
  for (const [i, prompt] of prompts.entries()) {
    if (i > first && (work + workOf(prompt) > sliceSize.tokens || i - first === sliceSize.prompts)) {
      yield { prompts: prompts.slice(first, i), first };
      first = i;
      work = 0;
    }
    work += workOf(prompt);
  }
  yield { prompts: prompts.slice(first), first };
}

/** A part of a completion that is streamed. */
export interface StreamedPart {
  /** The number of its choice. */
  readonly index: number;
  readonly fields: ChoiceFields;
  readonly finish: FinishReason;
}

/** Completions that are streamed. */
export interface StreamedCompletions {
  readonly model: ModelDescription;
  readonly parts: AsyncIterable<StreamedPart>;
  /** The number of tokens so far. */
  readonly usage: { promptTokens: number; completionTokens: number };
}

/** Completes prompts, one choice after the other, as the parts are read: token by token if the model is in memory. */
export async function streamCompletions(
  model: WorkerModel,
  prompts: readonly PromptSource[],
  options: ChoiceOptions,
): Promise<StreamedCompletions> {
  const usage = { promptTokens: 0, completionTokens: 0 };
  const { echo, logprobs, n } = options;
  const begin = (prompt: PromptSource) => model.ask('beginPrompt', { prompt, options: { echo, logprobs } });
  const first = await begin(prompts[0]);
  const parts = async function* (): AsyncGenerator<StreamedPart, void> {
    for (const [i, prompt] of prompts.entries()) {
      const begun = i === 0 ? first : await begin(prompt);
      usage.promptTokens += begun.promptTokens;
      for (let j = 0; j < n; j++) {
        const index = i * n + j;
        if (begun.echo !== undefined) yield { index, fields: begun.echo, finish: null };
        const seed = options.seed + j;
        for await (const part of streamOne(model, begun, { ...options, seed }, usage))
          yield { index, ...part };
      }
    }
  };
  return { model: first.model, parts: parts(), usage };
}

/** A token of a streamed completion. */
interface StreamedToken extends CompletedToken {
  readonly listed: ListedToken | undefined;
}

async function* streamOne(
  model: WorkerModel,
  begun: BegunPrompt,
  { seed, sampling, maxTokens, stops, logprobs }: ChoiceOptions,
  usage: { completionTokens: number },
): AsyncGenerator<Omit<StreamedPart, 'index'>, void> {
  const text = new StoppedText<StreamedToken>(stops);
  let { codePoints, joint } = begun;
  let generation = generationAfter(begun.context, seed);
  const fieldsOf = (tokens: readonly StreamedToken[]): ChoiceFields => {
    const part = textOf(tokens);
    const fields = choiceFields(part, logprobs === undefined ? undefined : listOf(tokens), part, codePoints);
    codePoints = new CodePoints(part, codePoints).until(part.length);
    usage.completionTokens += tokens.length;
    return fields;
  };
  let hasEnded = false;
  for (let left = maxTokens; left > 0 && !hasEnded && !text.isStopped; ) {
    const limit = model.isInMemory ? 1 : Math.min(left, logprobs === undefined ? left : listedAtATime);
    const part = await model.ask('continuePrompt', {
      sampling,
      generation,
      limit,
      joint,
      isLast: limit === left,
      logprobs,
    });
    if (!areOfSameVersions(part, begun.model)) throw changedMeanwhile();
    for (const [i, token] of part.tokens.entries()) {
      if (text.isStopped) break;
      const certain = text.add({ ...token, listed: part.listed?.[i] });
      if (certain.length > 0) yield { fields: fieldsOf(certain), finish: null };
    }
    hasEnded = part.hasEnded;
    left -= part.tokens.length;
    ({ generation } = part);
    ({ joint } = part);
  }
  const isCut = !hasEnded && !text.isStopped;
  yield { fields: fieldsOf(text.end()), finish: isCut ? 'length' : 'stop' };
}

function textOf(tokens: readonly StreamedToken[]): string {
  return tokens.map(({ text }) => text).join('');
}

/** The tokens as they are listed, with their places in their text. */
function listOf(tokens: readonly StreamedToken[]): ListedToken[] {
  let start = 0;
  return tokens.map(({ listed, token, text }) => {
    const at = start + Math.max(text.indexOf(token), 0);
    start += text.length;
    return { ...(listed as ListedToken), start: at };
  });
}
