import type { DocumentSummary } from '../corpus.ts';
import { withoutNulls } from '../labels.ts';
import type { NewDocument, NumberedDocument, StoredDocument } from '../store.ts';
import type { Queries } from './postgres.ts';

const columns = 'id, tokens, bytes, sha256, version, created_at AS "createdAt", title, date';

/** The documents that a snapshot of revision $2 of corpus $1 has. */
const there = 'corpus = $1 AND added <= $2 AND (removed IS NULL OR removed > $2)';

/** How many ids are looked up ahead. */
const idsAhead = 1000;

/** A part of the token stream: `length` tokens from `first` on, which begin at `offset` of a segment. */
export interface Extent {
  readonly first: number;
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
}

/** Where the tokens of added documents are. */
export interface Placement {
  readonly segment: number;
  /** The position in the segment where the tokens of the first begin. */
  readonly offset: number;
}

/** Documents that come with one version; their tokens are in one segment. */
export interface Addition extends Placement {
  readonly version: number;
  readonly createdAt: string;
  /** The last ordinal that was given. */
  readonly lastOrdinal: number;
}

/** The documents of a corpus, in PostgreSQL. */
export class Documents {
  readonly #queries: Queries;
  readonly #corpus: number;
  readonly #revision: number;

  /** Those that there are at a revision. */
  constructor(queries: Queries, corpus: number, revision: number) {
    this.#queries = queries;
    this.#corpus = corpus;
    this.#revision = revision;
  }

  /** At most `limit` documents in the order in which they were added, after the one with this ordinal. */
  async list(after: number, limit: number): Promise<NumberedDocument[]> {
    const rows = await this.#rows<NumberedDocument>(
      `SELECT ordinal, ${columns} FROM documents WHERE ${there} AND ordinal > $3 ORDER BY ordinal LIMIT $4`,
      [after, limit],
    );
    return rows.map(withoutNulls);
  }

  /** The last `limit` documents with a later version than this one, in the order in which they were added. */
  async since(version: number, limit: number): Promise<DocumentSummary[]> {
    const newest = await this.#rows<DocumentSummary>(
      `SELECT ${columns} FROM documents WHERE ${there} AND version > $3 ORDER BY ordinal DESC LIMIT $4`,
      [version, limit],
    );
    return newest.reverse().map(withoutNulls);
  }

  async get(id: string): Promise<DocumentSummary | undefined> {
    const [found] = await this.#rows<DocumentSummary>(
      `SELECT ${columns} FROM documents WHERE ${there} AND id = $3`,
      [id],
    );
    return found && withoutNulls(found);
  }

  /** Those of these ids that documents have. */
  async taken(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#rows<{ id: string }>(
      `SELECT id FROM documents WHERE ${there} AND id = ANY ($3)`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** A document with its place in the token stream. */
  async find(id: string): Promise<StoredDocument | undefined> {
    const [found] = await this.#rows<StoredDocument>(
      `SELECT ordinal, ${columns}, (SELECT coalesce(sum(tokens), 0) FROM documents AS earlier
         WHERE ${there} AND earlier.ordinal < documents.ordinal) AS first FROM documents WHERE ${there} AND id = $3`,
      [id],
    );
    return found && withoutNulls(found);
  }

  /**
   * Adds documents. Those without an id get one that no document has: the number of the document, or one of the next.
   * `checkpoint` is called with each.
   */
  async add(
    documents: readonly NewDocument[],
    { version, createdAt, lastOrdinal, ...placement }: Addition,
    checkpoint: () => void,
  ): Promise<DocumentSummary[]> {
    const ids = new FreeIds(this.#queries, this.#corpus);
    for (const { id } of documents) if (id !== undefined) ids.take(id);
    const added: NumberedDocument[] = [];
    for (const [i, { id, tokens, bytes, sha256, title, date }] of documents.entries()) {
      checkpoint();
      const ordinal = lastOrdinal + 1 + i;
      const given = id ?? (await ids.from(ordinal));
      ids.take(given);
      added.push(
        withoutNulls({ ordinal, id: given, tokens, bytes, sha256, version, createdAt, title, date }),
      );
    }
    await this.copy(added, placement);
    return added.map(({ ordinal: _, ...document }) => document);
  }

  /** Adds documents with all that they have. */
  async copy(documents: readonly NumberedDocument[], { segment, offset }: Placement): Promise<void> {
    let first = offset;
    const firsts = documents.map(({ tokens }) => {
      first += tokens;
      return first - tokens;
    });
    await this.#queries.rows(
      `INSERT INTO documents (corpus, segment, added, ordinal, id, tokens, bytes, sha256, version, created_at, first,
         title, date)
       SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[],
         $10::text[], $11::bigint[], $12::text[], $13::text[])`,
      [
        this.#corpus,
        segment,
        this.#revision,
        documents.map(({ ordinal }) => ordinal),
        documents.map(({ id }) => id),
        documents.map(({ tokens }) => tokens),
        documents.map(({ bytes }) => bytes),
        documents.map(({ sha256 }) => sha256),
        documents.map(({ version }) => version),
        documents.map(({ createdAt }) => createdAt),
        firsts,
        documents.map(({ title = null }) => title),
        documents.map(({ date = null }) => date),
      ],
    );
  }

  /** Removes a document as part of a revision. */
  async remove(ordinal: number, revision: number): Promise<void> {
    await this.#queries.rows('UPDATE documents SET removed = $3 WHERE corpus = $1 AND ordinal = $2', [
      this.#corpus,
      ordinal,
      revision,
    ]);
  }

  /** The hashes of the first `created` documents, in their order; undefined if one of them was removed. */
  async firstHashes(created: number): Promise<string[] | undefined> {
    const hashes = await this.#rows<{ sha256: string }>(
      `SELECT sha256 FROM documents WHERE ${there} AND ordinal <= $3 ORDER BY ordinal`,
      [created],
    );
    return hashes.length === created ? hashes.map(({ sha256 }) => sha256) : undefined;
  }

  /** The parts that the token stream consists of. */
  async extents(): Promise<Extent[]> {
    const rows = await this.#rows<{ segment: number; offset: number; tokens: number }>(
      `SELECT segment, first AS "offset", tokens FROM documents WHERE ${there} ORDER BY ordinal`,
      [],
    );
    const extents: Extent[] = [];
    let first = 0;
    for (const { segment, offset, tokens } of rows) {
      const last = extents.at(-1);
      const continues =
        last !== undefined && last.segment === segment && last.offset + last.length === offset;
      if (continues) extents[extents.length - 1] = { ...last, length: last.length + tokens };
      else extents.push({ first, segment, offset, length: tokens });
      first += tokens;
    }
    return extents;
  }

  #rows<Row extends object>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#queries.rows<Row>(sql, [this.#corpus, this.#revision, ...values]);
  }
}

/** Looks for ids that no document of a corpus has. */
class FreeIds {
  readonly #queries: Queries;
  readonly #corpus: number;
  readonly #taken = new Set<string>();
  /** The number below which it is known which ids are taken, from the first number asked for on. */
  #known: number | undefined;

  constructor(queries: Queries, corpus: number) {
    this.#queries = queries;
    this.#corpus = corpus;
  }

  take(id: string): void {
    this.#taken.add(id);
  }

  /** The first number from `first` on that is no id. Later calls ask for higher numbers. */
  async from(first: number): Promise<string> {
    for (let number = first; ; number++) {
      this.#known ??= number;
      if (number >= this.#known) await this.#lookUp(number);
      if (!this.#taken.has(String(number))) return String(number);
    }
  }

  async #lookUp(from: number): Promise<void> {
    const ids = Array.from({ length: idsAhead }, (_, i) => String(from + i));
    const found = await this.#queries.rows<{ id: string }>(
      'SELECT id FROM documents WHERE corpus = $1 AND removed IS NULL AND id = ANY ($2)',
      [this.#corpus, ids],
    );
    for (const { id } of found) this.take(id);
    this.#known = from + idsAhead;
  }
}
