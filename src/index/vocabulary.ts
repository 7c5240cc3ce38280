import type { Snapshot } from '../store/store.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { type TokenId, UNSEEN } from './count-index.ts';

/** The tokens of a corpus and their ids, looked up many at a time. */
export interface Vocabulary {
  /** The id of each token; `UNSEEN` if the corpus has never had it. */
  tokenIds(tokens: readonly string[]): Int32Array | Promise<Int32Array>;
  /** The token of each id. */
  tokens(ids: ArrayLike<TokenId>): string[] | Promise<string[]>;
  /** A finder for the tokens of one text after the other. */
  finder(): TokenFinder;
}

/** Finds the ids of tokens as a tokenizer emits them, which cannot wait. */
export interface TokenFinder {
  /** Takes the next token, whose UTF-8 is `bytes[start, end)`. */
  add(bytes: Uint8Array, start: number, end: number): void;
  /** The ids of the tokens since the last call; `UNSEEN` if the corpus has never had one. */
  take(): Int32Array | Promise<Int32Array>;
}

/** The vocabulary of a snapshot. */
export class SnapshotVocabulary implements Vocabulary {
  readonly #snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  tokenIds(tokens: readonly string[]): Promise<Int32Array> {
    return this.#snapshot.tokenIds(tokens);
  }

  tokens(ids: ArrayLike<TokenId>): Promise<string[]> {
    return this.#snapshot.tokens(ids);
  }

  finder(): TokenFinder {
    return new SnapshotFinder(this.#snapshot);
  }
}

/** Requests each distinct token once. */
class SnapshotFinder implements TokenFinder {
  readonly #snapshot: Snapshot;
  readonly #known = new Map<string, TokenId>();
  /** The tokens to request. */
  readonly #asked = new Set<string>();
  #tokens: string[] = [];

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const token = decodeUtf8(bytes, start, end);
    this.#tokens.push(token);
    if (!this.#known.has(token)) this.#asked.add(token);
  }

  async take(): Promise<Int32Array> {
    const tokens = this.#tokens;
    this.#tokens = [];
    const asked = [...this.#asked];
    this.#asked.clear();
    if (asked.length > 0) {
      const ids = await this.#snapshot.tokenIds(asked);
      for (const [i, token] of asked.entries()) this.#known.set(token, ids[i]);
    }
    return Int32Array.from(tokens, (token) => this.#known.get(token) ?? UNSEEN);
  }
}
