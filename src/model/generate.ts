import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { inField } from '../errors.ts';
import type { TokenId } from '../index/count-index.ts';
import { whenThere } from '../platform/when-there.ts';
import { reservedId, tokenizeQuery } from '../text/reserved.ts';
import type { WordGroup } from './distribution.ts';
import type { LanguageModel, RandomDraws } from './language-model.ts';

/** How a word is drawn from a distribution. */
export interface Sampling {
  /**
   * Each P is raised to 1 / temperature; at 0 the most probable word is chosen, the one with the lowest id among
   * equals.
   */
  readonly temperature: number;
  /** Only the k most probable words, and those as probable as the last of them. */
  readonly topK?: number | undefined;
  /** Only the most probable words that together have this share, and those as probable as the last of them. */
  readonly topP?: number | undefined;
}

/** The state of a text that is being generated: everything on which the next words depend. */
export interface Generation {
  readonly context: readonly TokenId[];
  readonly random: readonly number[];
}

export interface GeneratedToken {
  readonly id: TokenId;
  readonly token: string;
  /** The log probability under the model, regardless of the sampling. */
  readonly logProbability: number;
}

/** Why a text ends: its sequence ends, or no word can follow. */
export type Finish = 'stop' | 'no_continuation';

export interface GeneratedPart {
  readonly tokens: readonly GeneratedToken[];
  readonly finish?: Finish;
  /** The state for the words after these. */
  readonly generation: Generation;
}

/** Begins a text: the tokens of the prompt, in a corpus of lines after `<s>`. */
export async function beginGeneration(
  model: LanguageModel,
  prompt: string,
  seed: number,
): Promise<{ prompt: string[]; generation: Generation }> {
  const { settings, vocabulary, order } = model;
  const tokens = inField('/prompt', () => tokenizeQuery(settings, prompt));
  const given = settings.sequences === 'line' && tokens[0] !== '<s>' ? ['<s>', ...tokens] : tokens;
  const ids = Array.from(await vocabulary.tokenIds(lastOf(given, order - 1)));
  const context = await model.countedIds(ids, reservedId(settings, '<s>'));
  return { prompt: tokens, generation: generationAfter(context, seed) };
}

/** The state of a text that continues after a context, given by the ids under which its tokens are counted. */
export function generationAfter(context: readonly TokenId[], seed: number): Generation {
  return { context, random: stateOf(seed) };
}

/**
 * The initial state of the random number generator (xoroshiro128+): the first four 32-bit numbers of the SHA-256 of
 * "ngramd generate 1 <seed>". The texts of neighbouring seeds are independent.
 */
function stateOf(seed: number): number[] {
  const digest = createHash('sha256').update(`ngramd generate 1 ${seed}`).digest();
  return [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
}

/** Continues a text by at most `limit` tokens; the text does not depend on how it is split into parts. */
export async function continueGeneration(
  model: LanguageModel,
  sampling: Sampling,
  { context, random }: Generation,
  limit: number,
): Promise<GeneratedPart> {
  const generator = xoroshiro128plusFromState(random);
  const sequenceEnd = reservedId(model.settings, '</s>');
  const tokens: GeneratedToken[] = [];
  let history = context;
  const part = (finish?: Finish): GeneratedPart => ({
    tokens,
    ...(finish === undefined ? {} : { finish }),
    generation: { context: history, random: generator.getState() },
  });
  while (tokens.length < limit) {
    const found = nextWord(model, sampling, history, generator);
    const next = found instanceof Promise ? await found : found;
    if (next === undefined) return part('no_continuation');
    if (next.word === sequenceEnd) return part('stop');
    const named = model.vocabulary.tokens([next.word]);
    const [token] = named instanceof Promise ? await named : named;
    tokens.push({ id: next.word, token, logProbability: Math.log(next.probability) });
    history = lastOf([...history, next.word], model.order - 1);
  }
  return part();
}

interface Drawn {
  word: TokenId;
  probability: number;
}

/** The next word; undefined if none can follow. A promise if the counts are not in memory. */
function nextWord(
  model: LanguageModel,
  sampling: Sampling,
  context: readonly TokenId[],
  generator: RandomGenerator,
): Drawn | undefined | Promise<Drawn | undefined> {
  if (sampling.temperature === 0) return whenThere(model.continuations(context, { k: 1 }), mostProbable);
  if (model.draw !== undefined && isPlain(sampling)) return model.draw(context, drawsOf(generator));
  return whenThere(model.distribution(context), (words) => draw(words, sampling, generator));
}

/** Whether words are drawn by their probabilities as they are. */
function isPlain({ temperature, topK, topP = 1 }: Sampling): boolean {
  return temperature === 1 && topK === undefined && topP === 1;
}

function drawsOf(generator: RandomGenerator): RandomDraws {
  return {
    uniform: () => uniformFloat64(generator),
    pick: (size) => uniformInt(generator, 0, size - 1),
  };
}

function mostProbable([best]: readonly Drawn[]): Drawn | undefined {
  return best?.probability === 0 ? undefined : best;
}

function draw(
  words: readonly WordGroup[],
  sampling: Sampling,
  generator: RandomGenerator,
): Drawn | undefined {
  const groups = truncate(words, sampling);
  if (groups.length === 0) return undefined;
  let left = uniformFloat64(generator) * groups.reduce((sum, { mass }) => sum + mass, 0);
  const drawn = groups.find(({ mass }) => {
    left -= mass;
    return left < 0;
  });
  // A remainder from rounding goes to the last word that can be drawn.
  const { group } = drawn ?? (groups.findLast(({ mass }) => mass > 0) as (typeof groups)[number]);
  return {
    word: group.pick((size) => uniformInt(generator, 0, size - 1)),
    probability: group.probability,
  };
}

/** The words that may be drawn, each group with its share after the temperature. */
function truncate(
  groups: readonly WordGroup[],
  { temperature, topK = Number.POSITIVE_INFINITY, topP = 1 }: Sampling,
): { group: WordGroup; mass: number }[] {
  const highest = groups[0]?.probability ?? 0;
  const weighted = groups
    .filter(({ probability }) => probability > 0)
    .map((group) => ({
      group,
      // Relative to the highest, so that only shares too small to be drawn become 0, and the order is kept.
      mass: group.size * Math.exp(Math.log(group.probability / highest) / temperature),
    }));
  const mostProbable = cut(weighted, topK, ({ group }) => group.size);
  const total = mostProbable.reduce((sum, { mass }) => sum + mass, 0);
  return topP === 1 ? mostProbable : cut(mostProbable, topP * total, ({ mass }) => mass);
}

/** The first items until their sizes reach `enough`, and those as probable as the last of them. */
function cut<Item extends { group: WordGroup }>(
  items: readonly Item[],
  enough: number,
  size: (item: Item) => number,
): Item[] {
  let sum = 0;
  let end = 0;
  while (end < items.length && sum < enough) sum += size(items[end++]);
  const last = items[end - 1]?.group.probability;
  while (end < items.length && items[end].group.probability === last) end++;
  return items.slice(0, end);
}

function lastOf<Item>(items: readonly Item[], length: number): Item[] {
  return length === 0 ? [] : items.slice(-length);
}
