import { NgramdError } from '../errors.ts';
import type { AnyCorpus } from '../index/corpus.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import { textStart } from '../text/prompt-tokens.ts';
import { reservedId, unknownId } from '../text/reserved.ts';
import { shownToken, textsOfTokens } from '../text/token-text.ts';
import { continueGeneration, type Generation, generationAfter, type Sampling } from './generate.ts';
import type { LanguageModel, WordPlace } from './language-model.ts';
import { History, jointAfter, type Prompt, type PromptSource, readPrompt, textStartId } from './prompt.ts';
import { StoppedText } from './stop-sequences.ts';

/** A model with its corpus, and what is called between pieces of work; an error that it throws ends the work. */
export interface CompletingModel {
  readonly corpus: AnyCorpus;
  readonly model: LanguageModel;
  readonly checkpoint: () => void;
}

/** How prompts are completed. */
export interface CompletionOptions {
  /** Whether the prompt is part of the text. */
  readonly echo: boolean;
  /** The number of most probable words listed for each token; nothing is listed if omitted. */
  readonly logprobs?: number | undefined;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  /** The text ends before the first of these. */
  readonly stops: readonly string[];
}

/** A token with its log probabilities. */
export interface ListedToken {
  readonly token: string;
  /** The index of its first character in the prompt and its completion, in UTF-16 code units. */
  readonly start: number;
  /** ln P; -Infinity if P is 0, NaN if the estimator has none. */
  readonly logProbability: number;
  /** The most probable words there, best first. */
  readonly best: readonly BestWord[];
}

export interface BestWord {
  readonly word: string;
  readonly logProbability: number;
}

/** A token of a completion. */
export interface CompletedToken {
  readonly id: TokenId;
  readonly token: string;
  /** The token as it continues the text; empty for the mark at the end. */
  readonly text: string;
  readonly logProbability: number;
}

/** A prompt that is about to be completed. */
export interface BegunCompletion {
  readonly prompt: Pick<Prompt, 'text'>;
  /** The number of tokens of the prompt. */
  readonly promptTokens: number;
  /** The tokens of the prompt, if they are listed. */
  readonly listed: readonly ListedToken[];
  /** What stands before the first token of the completion, as `textsOfTokens` takes it. */
  readonly joint: string;
  /** The context of the first token. */
  readonly context: readonly TokenId[];
}

/** The most log probabilities that an answer lists. */
const maxListed = 100_000;

/** Throws `content-too-large` for more log probabilities than an answer lists. */
export function checkListed(listed: number): void {
  if (listed <= maxListed) return;
  const detail = `An answer lists at most ${maxListed} log probabilities: tokens times logprobs + 1. Send fewer prompts in a request, or ask for fewer logprobs.`;
  throw new NgramdError('content-too-large', detail, [{ pointer: '/logprobs', detail }]);
}

/**
 * Reads a prompt, and lists its tokens if they are to be echoed with their log probabilities. Throws as `readPrompt`
 * and as `checkListed`.
 */
export async function beginCompletion(
  completing: CompletingModel,
  source: PromptSource,
  { echo, logprobs }: Pick<CompletionOptions, 'echo' | 'logprobs'>,
): Promise<BegunCompletion> {
  const { corpus, model } = completing;
  const prompt = await readPrompt(corpus, source);
  const history = new History(corpus, model.order);
  const places = placesOf(history, await countedOf(model, prompt));
  if (echo && logprobs !== undefined) checkListed(places.length * (logprobs + 1));
  const listed = echo && logprobs !== undefined ? await list(completing, prompt, places, logprobs) : [];
  return {
    prompt: { text: prompt.text },
    promptTokens: prompt.tokens.length,
    listed,
    joint: jointAfter(corpus, prompt),
    context: history.context,
  };
}

/** A part of a completion. */
export interface CompletedPart {
  readonly tokens: readonly CompletedToken[];
  /** Whether the text has ended: the last token is the mark of its end, which is not part of the text. */
  readonly hasEnded: boolean;
  /** What stands before the token after these. */
  readonly joint: string;
  readonly generation: Generation;
}

/**
 * How a completion is continued: by at most `limit` tokens, the last ones if `isLast`; `joint` stands before the first.
 */
export interface Continuing {
  readonly sampling: Sampling;
  readonly generation: Generation;
  readonly limit: number;
  readonly joint: string;
  readonly isLast: boolean;
}

/** Continues a completion. */
export async function continueCompletion(
  { corpus, model }: CompletingModel,
  { sampling, generation, limit, joint, isLast }: Continuing,
): Promise<CompletedPart> {
  const part = await continueGeneration(model, sampling, generation, limit);
  const hasEnded = part.finish !== undefined;
  const names = part.tokens.map(({ token }) => token);
  const { texts, joint: after } = textsOfTokens(corpus.settings, names, joint, isLast || hasEnded);
  const tokens = part.tokens.map((token, i) => ({ ...token, text: texts[i] }));
  return {
    tokens: hasEnded ? [...tokens, endMark(corpus)] : tokens,
    hasEnded,
    joint: after,
    generation: part.generation,
  };
}

/** The token that ends a text. Its log probability is known to `listTokens`. */
function endMark({ settings }: AnyCorpus): CompletedToken {
  const id = reservedId(settings, '</s>');
  const mark = id === undefined ? { id: textStartId(settings), token: textStart } : { id, token: '</s>' };
  return { ...mark, text: '', logProbability: 0 };
}

/** Lists the tokens of a completion, of which the first is at `start` and has `context`. */
export async function listTokens(
  completing: CompletingModel,
  tokens: readonly CompletedToken[],
  start: number,
  context: readonly TokenId[],
  logprobs: number,
): Promise<ListedToken[]> {
  const history = new History(completing.corpus, completing.model.order, context);
  const starts: number[] = [];
  let at = start;
  for (const { token, text } of tokens) {
    // A token that is cut by a stop sequence begins where it would have begun.
    starts.push(at + Math.max(text.indexOf(token), 0));
    at += text.length;
  }
  const ids = tokens.map(({ id }) => id);
  const listed = { tokens: tokens.map(({ token }) => token), starts };
  return list(completing, listed, placesOf(history, ids), logprobs);
}

/** The completion of a prompt, all at once. */
export interface Completion {
  readonly tokens: readonly CompletedToken[];
  readonly isCut: boolean;
}

/** How many tokens are generated between looking for stop sequences. */
const tokensAtATime = 16;

/** Completes a prompt. */
export async function complete(
  completing: CompletingModel,
  begun: BegunCompletion,
  { sampling, maxTokens, stops }: CompletionOptions,
  seed: number,
): Promise<Completion> {
  const text = new StoppedText<CompletedToken>(stops);
  const tokens: CompletedToken[] = [];
  let generation = generationAfter(begun.context, seed);
  let { joint } = begun;
  let left = maxTokens;
  while (left > 0) {
    completing.checkpoint();
    const limit = Math.min(left, tokensAtATime);
    const isLast = left <= tokensAtATime;
    const part = await continueCompletion(completing, { sampling, generation, limit, joint, isLast });
    for (const token of part.tokens) {
      tokens.push(...text.add(token));
      if (text.isStopped) return { tokens, isCut: false };
    }
    if (part.hasEnded) return { tokens: [...tokens, ...text.end()], isCut: false };
    left -= part.tokens.length;
    generation = part.generation;
    ({ joint } = part);
  }
  return { tokens: [...tokens, ...text.end()], isCut: true };
}

/** The ids under which the tokens of a prompt are counted. */
async function countedOf(model: LanguageModel, { ids, tokens }: Prompt): Promise<readonly TokenId[]> {
  const { settings } = model;
  const unknown = unknownId(settings);
  // A part of a mixture that has no `<unk>` gives to unknown words what it does not give to `<unk>`.
  const own = ids.map((id, i) => (id === unknown && tokens[i] !== '<unk>' ? UNSEEN : id));
  return model.countedIds(own, reservedId(settings, '<s>') ?? textStartId(settings));
}

/** Each token in its context; undefined for those that are not predicted. */
function placesOf(history: History, ids: readonly TokenId[]): (WordPlace | undefined)[] {
  return ids.map((word) => {
    const place = history.isStart(word) ? undefined : { context: history.context, word };
    history.add(word);
    return place;
  });
}

/** Lists tokens at their places. A mark that is not predicted has the probability 1. */
async function list(
  completing: CompletingModel,
  { tokens, starts }: Pick<Prompt, 'tokens' | 'starts'>,
  places: readonly (WordPlace | undefined)[],
  logprobs: number,
): Promise<ListedToken[]> {
  const { corpus, model, checkpoint } = completing;
  const predicted = places.filter((place) => place !== undefined);
  const scored = await model.scorePlaces(predicted, logprobs, checkpoint);
  const ids = [...new Set(scored.flatMap(({ best }) => best.map(({ word }) => word)))];
  const words = await corpus.vocabulary.tokens(ids);
  const nameOf = new Map(ids.map((id, i) => [id, words[i]]));
  let next = 0;
  return places.map((place, i) => {
    const about = { token: shownToken(corpus.settings, tokens[i]), start: starts[i] };
    if (place === undefined) return { ...about, logProbability: 0, best: [] };
    const { probability, best } = scored[next++];
    return {
      ...about,
      logProbability: Math.log(probability ?? Number.NaN),
      best: best.map(({ word, probability }) => ({
        word: shownToken(corpus.settings, nameOf.get(word) as string),
        logProbability: Math.log(probability),
      })),
    };
  });
}
