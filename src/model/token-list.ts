import { writeNumber } from '../text/number-text.ts';
import { JsonBytes } from './json-bytes.ts';
import type { ScoredTokens } from './score.ts';

/** Tokens' scores as a JSON list without its brackets, in UTF-8. */
export class TokenList {
  readonly #json = new JsonBytes();

  /** `beginning` is a list to continue. */
  constructor(beginning: Uint8Array = new Uint8Array(0)) {
    this.#json.copy(beginning, 0, beginning.length);
  }

  get bytes(): number {
    return this.#json.length;
  }

  /** Adds token i. */
  add({ json, starts, ends, probabilities, inVocabulary, seen }: ScoredTokens, i: number): void {
    const list = this.#json;
    const start = starts[i];
    const end = ends[i];
    list.makeRoom(end - start + restBytes);
    const { bytes } = list;
    let at = write(list.length === 0 ? firstToken : nextToken, bytes, list.length);
    for (let j = start; j < end; j++) bytes[at++] = json[j];
    at = write(logProbability, bytes, at);
    const log = Math.log(probabilities[i]);
    at = Number.isFinite(log) ? writeNumber(log, bytes, at) : write(none, bytes, at);
    at = write(inVocabulary[i] === 1 ? inVocabularyAndOrder : outOfVocabularyAndOrder, bytes, at);
    bytes[at] = zero + seen[i];
    bytes[at + 1] = closingBrace;
    list.length = at + 2;
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

const ascii = (text: string) => Uint8Array.from(Buffer.from(text));
const firstToken = ascii('{"token":');
const nextToken = ascii(',{"token":');
const logProbability = ascii(',"log_probability":');
const inVocabularyAndOrder = ascii(',"in_vocabulary":true,"order":');
const outOfVocabularyAndOrder = ascii(',"in_vocabulary":false,"order":');
const none = ascii('null');
const zero = 0x30;
const closingBrace = 0x7d;

/** More than a token takes besides its text. */
const restBytes = 128;

/** Writes a piece at `bytes[at]`; returns its end. */
function write(piece: Uint8Array, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < piece.length; i++) bytes[at + i] = piece[i];
  return at + piece.length;
}
