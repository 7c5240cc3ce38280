import { UNSEEN } from '../store.ts';
import type { Queries } from './postgres.ts';

/** How many tokens are read or written with one statement. */
const pageTokens = 4096;

/** The length of the beginning of a token that is in an index, in bytes. */
const indexedBytes = 64;

/** The tokens of a corpus and their ids, in PostgreSQL. */
export class Vocabulary {
  readonly #queries: Queries;
  readonly #corpus: number;

  constructor(queries: Queries, corpus: number) {
    this.#queries = queries;
    this.#corpus = corpus;
  }

  /** The id of each token; `UNSEEN` for those that have none below `end`. `checkpoint` is called with each page. */
  async ids(tokens: readonly string[], end: number, checkpoint = () => {}): Promise<Int32Array> {
    const ids = new Int32Array(tokens.length).fill(UNSEEN);
    for (let from = 0; from < tokens.length; from += pageTokens) {
      checkpoint();
      const some = tokens.slice(from, from + pageTokens).map((token) => Buffer.from(token));
      const found = await this.#queries.rows<{ at: number; id: number }>(
        `SELECT asked.at, id FROM unnest($2::bytea[]) WITH ORDINALITY AS asked (token, at)
         JOIN vocabulary ON corpus = $1 AND digest = sha256(asked.token) WHERE id < $3`,
        [this.#corpus, some, end],
      );
      for (const { at, id } of found) ids[from + at - 1] = id;
    }
    return ids;
  }

  /** The token of each id; undefined for those that have none below `end`. */
  async tokens(ids: ArrayLike<number>, end: number): Promise<(string | undefined)[]> {
    const tokens: (string | undefined)[] = Array(ids.length);
    for (let from = 0; from < ids.length; from += pageTokens) {
      const some = Array.prototype.slice.call(ids, from, from + pageTokens);
      const found = await this.#queries.rows<{ at: number; token: Buffer }>(
        `SELECT asked.at, token FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (id, at)
         JOIN vocabulary ON corpus = $1 AND vocabulary.id = asked.id WHERE vocabulary.id < $3`,
        [this.#corpus, some, end],
      );
      for (const { at, token } of found) tokens[from + at - 1] = token.toString();
    }
    return tokens;
  }

  /** Some thousands of tokens by id, from an id on; empty at the end. */
  page(from: number, end: number): Promise<{ id: number; token: Buffer }[]> {
    return this.#queries.rows(
      'SELECT id, token FROM vocabulary WHERE corpus = $1 AND id >= $2 AND id < $3 ORDER BY id LIMIT $4',
      [this.#corpus, from, end, pageTokens],
    );
  }

  /** The ids below `end` of all tokens that begin with a prefix. */
  async idsWithPrefix(prefix: string, end: number): Promise<Int32Array> {
    const bytes = Buffer.from(prefix);
    const from = bytes.subarray(0, indexedBytes);
    const rows = await this.#queries.rows<{ id: number }>(
      `SELECT id FROM vocabulary WHERE corpus = $1 AND id < $2 AND substr(token, 1, ${indexedBytes}) >= $3
         AND substr(token, 1, ${indexedBytes}) < $4 AND substr(token, 1, $5) = $6`,
      [this.#corpus, end, from, after(from), bytes.length, bytes],
    );
    return Int32Array.from(rows, ({ id }) => id);
  }

  /** Adds tokens under ids that are free. */
  async add(tokens: Iterable<readonly [id: number, token: string]>): Promise<void> {
    let ids: number[] = [];
    let bytes: Buffer[] = [];
    const write = async () => {
      await this.#queries.rows(
        'INSERT INTO vocabulary (corpus, id, token) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])',
        [this.#corpus, ids, bytes],
      );
      ids = [];
      bytes = [];
    };
    for (const [id, token] of tokens) {
      ids.push(id);
      bytes.push(Buffer.from(token));
      if (ids.length === pageTokens) await write();
    }
    if (ids.length > 0) await write();
  }
}

/** Bytes that come after all that begin with these: UTF-8 has no byte 255. */
function after(beginning: Uint8Array): Buffer {
  return Buffer.concat([beginning, Buffer.of(0xff)]);
}
