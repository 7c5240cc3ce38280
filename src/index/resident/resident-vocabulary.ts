import { spend } from '../../platform/turn.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { TokenId } from '../count-index.ts';
import type { TokenFinder, Vocabulary } from '../vocabulary.ts';

/** The approximate time to create each character of a token, in microseconds. */
const characterTime = 0.02;

/** The initial capacity of a finder, in tokens. */
const fewTokens = 1024;

/** The vocabulary of an index in memory. */
export class ResidentVocabulary implements Vocabulary {
  readonly #table: TokenTable;
  /** The tokens with the next ids. */
  readonly #added: TokenTable | undefined;

  constructor(tokens: SharedTokens, added?: SharedTokens) {
    this.#table = TokenTable.of(tokens);
    this.#added = added && added.size > 0 ? TokenTable.of(added) : undefined;
  }

  tokenIds(tokens: readonly string[]): Int32Array {
    const ids = new Int32Array(tokens.length);
    for (let i = 0; i < ids.length; i++) ids[i] = this.#findText(tokens[i]);
    return ids;
  }

  tokens(ids: ArrayLike<TokenId>): string[] {
    const { size } = this.#table;
    const tokens = new Array<string>(ids.length);
    for (let i = 0; i < tokens.length; i++) {
      const id = ids[i];
      tokens[i] = id < size ? this.#table.token(id) : (this.#added as TokenTable).token(id - size);
      spend(characterTime * tokens[i].length);
    }
    return tokens;
  }

  finder(): TokenFinder {
    return new ResidentFinder(this);
  }

  /** The id of the token whose UTF-8 is `bytes[start, end)`; `UNSEEN` if the corpus has never had it. */
  find(bytes: Uint8Array, start: number, end: number): TokenId {
    const id = this.#table.find(bytes, start, end);
    if (id >= 0 || this.#added === undefined) return id;
    const added = this.#added.find(bytes, start, end);
    return added < 0 ? added : this.#table.size + added;
  }

  #findText(token: string): TokenId {
    const id = this.#table.findText(token);
    if (id >= 0 || this.#added === undefined) return id;
    const added = this.#added.findText(token);
    return added < 0 ? added : this.#table.size + added;
  }
}

class ResidentFinder implements TokenFinder {
  readonly #vocabulary: ResidentVocabulary;
  #ids = new Int32Array(fewTokens);
  #length = 0;

  constructor(vocabulary: ResidentVocabulary) {
    this.#vocabulary = vocabulary;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#length === this.#ids.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[this.#length++] = this.#vocabulary.find(bytes, start, end);
  }

  /** Returns the same memory every time. */
  take(): Int32Array {
    const ids = this.#ids.subarray(0, this.#length);
    this.#length = 0;
    return ids;
  }
}
