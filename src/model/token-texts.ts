import { JsonBytes } from './json-bytes.ts';

/** The texts of a chunk's tokens as JSON strings, one after the other, after that of `</s>`. */
export class TokenTexts {
  readonly #json = new JsonBytes();
  /** Token i's JSON is `json[ends[i], ends[i + 1])`, that of `</s>` `json[0, ends[0])`. */
  ends = new Uint32Array(1024);
  #length = 0;

  constructor() {
    this.#json.text('"</s>"');
    this.ends[0] = this.#json.length;
  }

  get json(): JsonBytes {
    return this.#json;
  }

  /** Adds the token with the UTF-8 `bytes[start, end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (++this.#length === this.ends.length) {
      const larger = new Uint32Array(2 * this.#length);
      larger.set(this.ends);
      this.ends = larger;
    }
    this.#json.string(bytes, start, end);
    this.ends[this.#length] = this.#json.length;
  }

  /** Drops the tokens. */
  clear(): void {
    this.#length = 0;
    this.#json.length = this.ends[0];
  }
}
