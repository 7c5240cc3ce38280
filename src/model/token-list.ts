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
    list.piece(list.length === 0 ? firstToken : nextToken);
    list.copy(json, starts[i], ends[i]);
    list.piece(logProbability);
    list.number(Math.log(probabilities[i]));
    list.piece(inVocabulary[i] === 1 ? inVocabularyAndOrder : outOfVocabularyAndOrder);
    list.piece(orders[seen[i]]);
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
/** The orders, each with the end of its token. */
const orders = Array.from({ length: 10 }, (_, order) => ascii(`${order}}`));
