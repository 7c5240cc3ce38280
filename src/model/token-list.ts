import { maxNumberBytes, writeNumber } from '../text/number-text.ts';
import { JsonBytes } from './json-bytes.ts';
import { type LogBase, logUnit } from './log-base.ts';
import type { ScoredTokens } from './score.ts';

/**
 * Tokens' scores as a JSON list without its brackets, in UTF-8. What is the same in all of them is copied eight bytes at a
 * time, up to seven of which lie beyond its end and are overwritten by what follows.
 */
export class TokenList {
  readonly #json = new JsonBytes();
  readonly #unit: number;

  /** Logarithms are to `base`, natural if it is undefined; `beginning` is a list to continue. */
  constructor(base: LogBase | undefined, beginning: Uint8Array = new Uint8Array(0)) {
    this.#unit = logUnit(base);
    this.#json.copy(beginning, 0, beginning.length);
  }

  get bytes(): number {
    return this.#json.length;
  }

  /**
   * Adds the words among the tokens from `from` to `to` (not included), at most until the list has `enough` bytes. Returns
   * the next token.
   */
  add(
    { isWord, json, starts, ends, probabilities, inVocabulary, seen }: ScoredTokens,
    from: number,
    to: number,
    enough = Number.POSITIVE_INFINITY,
  ): number {
    const list = this.#json;
    const unit = this.#unit;
    let { bytes, view, length: at } = list;
    let i = from;
    for (; i < to && at < enough; i++) {
      if (isWord[i] === 0) continue;
      const start = starts[i];
      const end = ends[i];
      if (at + end - start + restBytes > bytes.length) {
        list.length = at;
        list.makeRoom(end - start + restBytes);
        ({ bytes, view } = list);
      }
      at = write(at === 0 ? firstToken : nextToken, view, at);
      for (let j = start; j < end; j++) bytes[at++] = json[j];
      at = write(logProbability, view, at);
      const log = Math.log(probabilities[i]) / unit;
      at = Number.isFinite(log) ? writeNumber(log, view, at) : write(none, view, at);
      at = write(inVocabulary[i] === 1 ? inVocabularyAndOrder : outOfVocabularyAndOrder, view, at);
      bytes[at++] = zero + seen[i];
      bytes[at++] = closingBrace;
    }
    list.length = at;
    return i;
  }

  /** Appends the list to `json`, and empties it. */
  moveTo(json: JsonBytes): void {
    json.copy(this.#json.bytes, 0, this.#json.length);
    this.#json.length = 0;
  }

  /** The list, in memory of its own, which is emptied. */
  take(): Uint8Array {
    return this.#json.take();
  }
}

/** ASCII, eight bytes in one number; its last number may have bytes beyond its length. */
interface Piece {
  words: Float64Array;
  length: number;
}

function piece(text: string): Piece {
  const bytes = Buffer.from(text.padEnd(8 * Math.ceil(text.length / 8)));
  const words = Float64Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
  return { words, length: text.length };
}

const firstToken = piece('{"token":');
const nextToken = piece(',{"token":');
const logProbability = piece(',"log_probability":');
const none = piece('null');
const inVocabularyAndOrder = piece(',"in_vocabulary":true,"order":');
const outOfVocabularyAndOrder = piece(',"in_vocabulary":false,"order":');
const zero = 0x30;
const closingBrace = 0x7d;

/** At least what a token takes besides its text, with what is written beyond its end. */
const restBytes = 104 + maxNumberBytes;

/** Writes a piece at byte `at`; returns its end. */
function write({ words, length }: Piece, view: DataView, at: number): number {
  for (let i = 0; i < words.length; i++) view.setFloat64(at + 8 * i, words[i], true);
  return at + length;
}
