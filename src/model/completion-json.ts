import type { ListedToken } from './completion.ts';

/** What stands for the logarithm of 0, which JSON does not have: the number that OpenAI's API uses. */
const logarithmOfZero = -9999;

/** Why a text ends; null for a part of a text that continues. */
export type FinishReason = 'stop' | 'length' | null;

/** The fields of a choice, as JSON. */
export interface ChoiceFields {
  readonly text: string;
  readonly logprobs: string;
}

/** Counts the code points of a text, from its beginning to its end. */
export class CodePoints {
  readonly #text: string;
  #units = 0;
  #points: number;

  /** `before` code points stand before the text. */
  constructor(text: string, before = 0) {
    this.#text = text;
    this.#points = before;
  }

  /** The number of code points up to an index, which is not below the one asked for last. */
  until(index: number): number {
    while (this.#units < index) {
      this.#units += (this.#text.codePointAt(this.#units) ?? 0) > 0xffff ? 2 : 1;
      this.#points++;
    }
    return this.#points;
  }
}

/**
 * The fields of a choice: a text, and its tokens if they are listed. The tokens have their places in `whole`, of which
 * `before` code points stand before it. JSON is written by hand, since an object would move words that are numbers
 * before all others.
 */
export function choiceFields(
  text: string,
  listed: readonly ListedToken[] | undefined,
  whole: string,
  before = 0,
): ChoiceFields {
  const logprobs = listed === undefined ? 'null' : logprobsJson(listed, new CodePoints(whole, before));
  return { text: JSON.stringify(text), logprobs };
}

/** A choice in the JSON of OpenAI's API. */
export function choiceJson(index: number, { text, logprobs }: ChoiceFields, finish: FinishReason): string {
  return `{"text":${text},"index":${index},"logprobs":${logprobs},"finish_reason":${JSON.stringify(finish)}}`;
}

function logprobsJson(listed: readonly ListedToken[], places: CodePoints): string {
  const tokens = listed.map(({ token }) => JSON.stringify(token));
  const logprobs = listed.map(({ logProbability }) => finite(logProbability));
  const offsets = listed.map(({ start }) => places.until(start));
  return `{"tokens":[${tokens}],"token_logprobs":[${logprobs}],"top_logprobs":[${listed.map(topJson)}],"text_offset":[${offsets}]}`;
}

/** The best words with their log probabilities, and the token itself: before others that are as probable. */
function topJson({ token, logProbability, best }: ListedToken): string {
  const own = { word: token, logProbability: finite(logProbability) };
  const others = best
    .filter(({ word }) => word !== token)
    .map(({ word, logProbability }) => ({ word, logProbability: finite(logProbability) }));
  const at = others.findIndex(({ logProbability }) => logProbability <= own.logProbability);
  const top = others.toSpliced(at < 0 ? others.length : at, 0, own);
  return `{${top.map(({ word, logProbability }) => `${JSON.stringify(word)}:${logProbability}`)}}`;
}

function finite(logProbability: number): number {
  return Number.isFinite(logProbability) ? logProbability : logarithmOfZero;
}
