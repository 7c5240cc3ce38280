import { maxNumberBytes, writeNumber } from '../text/number-text.ts';
import { JsonBytes, piece, slack, writePiece } from './json-bytes.ts';
import { type LogBase, logUnit } from './log-base.ts';
import type { ScoredTokens } from './score.ts';

/** Tokens' scores as a JSON list without its brackets, in UTF-8. */
export class TokenList {
  readonly #json = new JsonBytes();
  readonly #unit: number;

  /** Logarithms are to `base`, natural if it is undefined; `beginning` is a list to continue. */
  constructor(base: LogBase | undefined, beginning: Uint8Array = new Uint8Array(0)) {
    this.#unit = logUnit(base);
    this.#json.copy(beginning);
  }

  get bytes(): number {
    return this.#json.length;
  }

  /**
   * Adds the words among the tokens from `from` to `to` (not included), at most until the list has `enough` bytes.
   * Returns the next token.
   */
  add(
    { isWord, json, starts, ends, probabilities, inVocabulary, seen }: ScoredTokens,
    from: number,
    to: number,
    enough = Number.POSITIVE_INFINITY,
  ): number {
    const list = this.#json;
    const unit = this.#unit;
    const { view: texts } = json;
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
      at = writePiece(at === 0 ? firstToken : nextToken, view, at);
      // Four bytes at a time: the last ones may lie beyond the end.
      for (let j = start; j < end; j += 4, at += 4) view.setInt32(at, texts.getInt32(j, true), true);
      at -= (start - end) & 3;
      at = writePiece(logProbability, view, at);
      const log = Math.log(probabilities[i]) / unit;
      at = Number.isFinite(log) ? writeNumber(log, view, at) : writePiece(none, view, at);
      at = writePiece(inVocabulary[i] === 1 ? inVocabularyAndOrder : outOfVocabularyAndOrder, view, at);
      bytes[at++] = zero + seen[i];
      bytes[at++] = closingBrace;
    }
    list.length = at;
    return i;
  }

  /** Appends the list to `json`, and empties it. */
  moveTo(json: JsonBytes): void {
    json.append(this.#json);
    this.#json.length = 0;
  }

  /** The list, in memory of its own, which is emptied. */
  take(): Uint8Array {
    return this.#json.take();
  }
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
const restBytes = 97 + maxNumberBytes + slack;
