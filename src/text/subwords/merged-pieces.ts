import { TokenTable } from '../token-table.ts';
import type { BytePairs } from './byte-pairs.ts';

/** The longest piece that is kept, in bytes, and the most pieces: about 8 MB. */
const maxPieceBytes = 48;
const maxPieces = 2 ** 17;

/** A cache of the tokens of pieces, since texts repeat their words. It is cleared when it is full. */
export class MergedPieces {
  readonly #pairs: BytePairs;
  #pieces = new TokenTable();
  /** Piece i has the ids from `#firsts[i]` to before `#firsts[i + 1]`. */
  #firsts = new Uint32Array(maxPieces + 1);
  #ids: number[] = [];

  constructor(pairs: BytePairs) {
    this.#pairs = pairs;
  }

  /** As `BytePairs.merge`. */
  merge(bytes: Uint8Array, start: number, end: number, take: (id: number) => void): void {
    if (end - start > maxPieceBytes) {
      this.#pairs.merge(bytes, start, end, take);
      return;
    }
    if (this.#pieces.size === maxPieces) {
      this.#pieces = new TokenTable();
      this.#ids = [];
    }
    const known = this.#pieces.size;
    const piece = this.#pieces.intern(bytes, start, end);
    if (piece === known) {
      this.#pairs.merge(bytes, start, end, (id) => this.#ids.push(id));
      this.#firsts[piece + 1] = this.#ids.length;
    }
    const last = this.#firsts[piece + 1];
    for (let i = this.#firsts[piece]; i < last; i++) take(this.#ids[i]);
  }
}
