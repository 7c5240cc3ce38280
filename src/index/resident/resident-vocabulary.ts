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

  constructor(tokens: SharedTokens) {
    this.#table = TokenTable.of(tokens);
  }

  tokenIds(tokens: readonly string[]): Int32Array {
    const ids = new Int32Array(tokens.length);
    for (let i = 0; i < ids.length; i++) ids[i] = this.#table.findText(tokens[i]);
    return ids;
  }

  tokens(ids: ArrayLike<TokenId>): string[] {
    return Array.from(ids, (id) => {
      const token = this.#table.token(id);
      spend(characterTime * token.length);
      return token;
    });
  }

  finder(): TokenFinder {
    return new ResidentFinder(this.#table);
  }
}

class ResidentFinder implements TokenFinder {
  readonly #table: TokenTable;
  #ids = new Int32Array(fewTokens);
  #length = 0;

  constructor(table: TokenTable) {
    this.#table = table;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#length === this.#ids.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[this.#length++] = this.#table.find(bytes, start, end);
  }

  /** Returns the same memory every time. */
  take(): Int32Array {
    const ids = this.#ids.subarray(0, this.#length);
    this.#length = 0;
    return ids;
  }
}
