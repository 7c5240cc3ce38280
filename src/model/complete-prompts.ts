import {
  type BegunCompletion,
  beginCompletion,
  type CompletedToken,
  type CompletingModel,
  type Completion,
  type CompletionOptions,
  checkListed,
  complete,
  type ListedToken,
  listTokens,
} from './completion.ts';
import { choiceFields, choiceJson } from './completion-json.ts';
import { checkCharacters, type PromptSource } from './prompt.ts';

/** How many completions a prompt gets. */
export interface ChoiceOptions extends CompletionOptions {
  readonly seed: number;
  /** The number of completions. */
  readonly n: number;
  /** The number of completions from which the n most probable ones are chosen. */
  readonly bestOf: number;
}

/** Prompts to be completed. */
export interface PromptSlice {
  readonly prompts: readonly PromptSource[];
  /** The number of the first one. */
  readonly first: number;
}

/** What answers are limited by. */
interface Sizes {
  promptTokens: number;
  completionTokens: number;
  /** The number of log probabilities in the choices: tokens times logprobs + 1. */
  listed: number;
  /** About the number of characters of the choices. */
  characters: number;
}

/** The completions of prompts: their choices as JSON, separated by commas. */
export interface CompletedPrompts extends Sizes {
  readonly choices: Uint8Array;
}

/** Completes prompts, each n times. Throws as `beginCompletion`, and as `checkListed` and `checkCharacters`. */
export async function completePrompts(
  completing: CompletingModel,
  { prompts, first }: PromptSlice,
  options: ChoiceOptions,
): Promise<CompletedPrompts> {
  const choices: string[] = [];
  const sizes: Sizes = { promptTokens: 0, completionTokens: 0, listed: 0, characters: 0 };
  for (const [i, source] of prompts.entries()) {
    completing.checkpoint();
    const begun = await beginCompletion(completing, source, options);
    sizes.promptTokens += begun.promptTokens;
    for (const [j, completion] of (await completionsOf(completing, begun, options)).entries()) {
      const listed =
        options.logprobs === undefined
          ? undefined
          : await listAll(completing, begun, completion.tokens, options.logprobs);
      sizes.listed += (listed?.length ?? 0) * ((options.logprobs ?? 0) + 1);
      checkSizes(sizes, begun, completion, listed);
      const text = completion.tokens.map(({ text }) => text).join('');
      const whole = begun.prompt.text + text;
      const fields = choiceFields(options.echo ? whole : text, listed, whole);
      choices.push(choiceJson((first + i) * options.n + j, fields, completion.isCut ? 'length' : 'stop'));
    }
  }
  return { choices: Buffer.from(choices.join()), ...sizes };
}

/** Adds a choice to the sizes of an answer. Throws `content-too-large` if it becomes too large. */
function checkSizes(
  sizes: Sizes,
  { prompt }: BegunCompletion,
  { tokens }: Completion,
  listed: readonly ListedToken[] = [],
): void {
  sizes.completionTokens += tokens.length;
  sizes.characters += tokens.reduce((sum, { text }) => sum + text.length, prompt.text.length);
  for (const { token, best } of listed) {
    sizes.characters += best.reduce((sum, { word }) => sum + word.length, 2 * token.length);
  }
  checkListed(sizes.listed);
  checkCharacters(sizes.characters, '/max_tokens');
}

/** The n completions of a prompt: of several, those with the highest mean log probability of their tokens. */
async function completionsOf(
  completing: CompletingModel,
  begun: BegunCompletion,
  options: ChoiceOptions,
): Promise<Completion[]> {
  const { seed, n, bestOf } = options;
  const completions: Completion[] = [];
  for (let i = 0; i < bestOf; i++) completions.push(await complete(completing, begun, options, seed + i));
  if (bestOf === n) return completions;
  const meanOf = ({ tokens }: Completion) =>
    tokens.reduce((sum, { logProbability }) => sum + logProbability, 0) / Math.max(tokens.length, 1);
  return completions.sort((a, b) => meanOf(b) - meanOf(a)).slice(0, n);
}

/** The listed tokens of the prompt, if there are any, and of a completion. */
async function listAll(
  completing: CompletingModel,
  { prompt, listed, context }: BegunCompletion,
  tokens: readonly CompletedToken[],
  logprobs: number,
): Promise<ListedToken[]> {
  return [...listed, ...(await listTokens(completing, tokens, prompt.text.length, context, logprobs))];
}
