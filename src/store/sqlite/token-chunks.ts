import type { Connection, Statement } from './connection.ts';
import { chunkTokens, packTokens, unpackTokens } from './token-chunk.ts';

type TokenChunkRow = [first: number, width: number, ids: Buffer];

/** The token stream of one corpus file, in chunks; each document begins one. */
export class TokenChunks {
  readonly #connection: Connection;
  readonly #chunks: Statement;
  readonly #insert: Statement;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#chunks = connection
      .prepare('SELECT first, width, ids FROM tokens WHERE first > ? AND first < ? ORDER BY first')
      .raw();
    this.#insert = connection.prepare('INSERT INTO tokens (first, width, ids) VALUES (?, ?, ?)');
  }

  /** Copies the tokens at positions `first` ≤ p < `first + target.length` into `target`. */
  read(first: number, target: Int32Array): void {
    const end = first + target.length;
    for (const [start, width, ids] of this.#chunks.all(first - chunkTokens, end) as TokenChunkRow[]) {
      const from = Math.max(first - start, 0);
      const to = Math.min(end - start, ids.length / width);
      if (from < to)
        unpackTokens(ids, width, from, target.subarray(start + from - first, start + to - first));
    }
  }

  /** Appends tokens at position `first`, the stream's end. */
  append(first: number, ids: Uint32Array): void {
    for (let at = 0; at < ids.length; at += chunkTokens) {
      const { width, bytes } = packTokens(ids.subarray(at, at + chunkTokens));
      this.#insert.run(first + at, width, bytes);
    }
  }

  /** Removes a document's tokens, the `length` from `first` on; those behind them move up. */
  remove(first: number, length: number): void {
    const end = first + length;
    this.#connection.prepare('DELETE FROM tokens WHERE first >= ? AND first < ?').run(first, end);
    this.#connection.prepare('UPDATE tokens SET first = first - ? WHERE first >= ?').run(length, end);
  }
}
