import { spend } from '../../platform/turn.ts';
import type { Connection, Statement } from './connection.ts';

/** About how long it takes to read a row, and each character of a token, in microseconds. */
const rowTime = 4;
const characterTime = 0.02;

/** How many tokens `page` reads at a time. */
const pageTokens = 4096;

/** The tokens of a corpus file and their ids. */
export class Vocabulary {
  readonly #connection: Connection;
  readonly #id: Statement;
  readonly #token: Statement;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#id = connection.prepare('SELECT id FROM vocabulary WHERE token = ?').pluck();
    this.#token = connection.prepare('SELECT token FROM vocabulary WHERE id = ?').pluck();
  }

  /** The id of a token; undefined where the corpus has never had it. */
  id(token: string): number | undefined {
    return this.#id.get(token) as number | undefined;
  }

  /** The token of an id; undefined where there is none. */
  token(id: number): string | undefined {
    const token = this.#token.get(id) as string | undefined;
    spend(rowTime + characterTime * (token?.length ?? 0));
    return token;
  }

  /** Some thousands of tokens by id, from an id on; empty at the end. */
  page(from: number): readonly (readonly [id: number, token: string])[] {
    return this.#connection
      .prepare('SELECT id, token FROM vocabulary WHERE id >= ? ORDER BY id LIMIT ?')
      .raw()
      .all(from, pageTokens) as [number, string][];
  }

  /** The ids of all tokens that begin with a prefix. */
  idsWithPrefix(prefix: string): Int32Array {
    const rows = this.#connection
      .prepare('SELECT id, token FROM vocabulary WHERE token >= ? AND token < ?')
      .raw()
      .iterate(prefix, `${prefix}\u{10ffff}\u{10ffff}`) as Iterable<[id: number, token: string]>;
    const ids: number[] = [];
    for (const [id, token] of rows) {
      spend(rowTime);
      if (token.startsWith(prefix)) ids.push(id);
    }
    return Int32Array.from(ids);
  }

  /** The first id that no token has. */
  nextId(): number {
    const last = this.#connection.prepare('SELECT max(id) FROM vocabulary').pluck().get() as number | null;
    return (last ?? -1) + 1;
  }

  /** Adds tokens under ids that are free. */
  add(tokens: Iterable<readonly [id: number, token: string]>): void {
    const insert = this.#connection.prepare('INSERT INTO vocabulary (id, token) VALUES (?, ?)');
    for (const [id, token] of tokens) insert.run(id, token);
  }
}
