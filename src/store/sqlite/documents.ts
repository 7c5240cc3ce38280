import type { DocumentSummary } from '../corpus.ts';
import { withoutNulls } from '../labels.ts';
import type { NewDocument, NumberedDocument, StoredDocument } from '../store.ts';
import type { Connection, Statement } from './connection.ts';

const columns = 'id, tokens, bytes, sha256, version, created_at AS createdAt, title, date';

/** The last ordinal that a document was given. */
export function lastOrdinal(connection: Connection): number {
  const last = connection.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'documents'").pluck();
  return (last.get() as number | undefined) ?? 0;
}

/** The documents of a corpus file. The corpus's own row is not kept up here. */
export class Documents {
  readonly #connection: Connection;
  readonly #isTaken: Statement;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#isTaken = connection.prepare('SELECT 1 FROM documents WHERE id = ?');
  }

  /** At most `limit` documents in the order in which they were added, after the one with this ordinal. */
  list(after: number, limit: number): NumberedDocument[] {
    const rows = this.#connection
      .prepare(`SELECT ordinal, ${columns} FROM documents WHERE ordinal > ? ORDER BY ordinal LIMIT ?`)
      .all(after, limit) as NumberedDocument[];
    return rows.map(withoutNulls);
  }

  /** The last `limit` documents with a later version than this one, in the order in which they were added. */
  since(version: number, limit: number): DocumentSummary[] {
    const newest = this.#connection
      .prepare(`SELECT ${columns} FROM documents ORDER BY ordinal DESC LIMIT ?`)
      .iterate(limit) as IterableIterator<DocumentSummary>;
    const found: DocumentSummary[] = [];
    for (const document of newest) {
      // Versions rise with the ordinals.
      if (document.version <= version) break;
      found.push(withoutNulls(document));
    }
    return found.reverse();
  }

  get(id: string): DocumentSummary | undefined {
    const row = this.#connection.prepare(`SELECT ${columns} FROM documents WHERE id = ?`).get(id) as
      | DocumentSummary
      | undefined;
    return row && withoutNulls(row);
  }

  /** Those of these ids that documents have. */
  taken(ids: readonly string[]): string[] {
    return ids.filter((id) => this.#isTaken.get(id) !== undefined);
  }

  /** A document with its place in the token stream. */
  find(id: string): StoredDocument | undefined {
    const row = this.#connection
      .prepare(
        `SELECT ordinal, ${columns},
           (SELECT coalesce(sum(tokens), 0) FROM documents AS earlier WHERE earlier.ordinal < documents.ordinal) AS first
         FROM documents WHERE id = ?`,
      )
      .get(id) as StoredDocument | undefined;
    return row && withoutNulls(row);
  }

  /**
   * Adds documents that come with one version. Those without an id get one that no document has: the number of the
   * document, or one of the next. `checkpoint` is called with each.
   */
  add(
    documents: readonly NewDocument[],
    { version, createdAt }: Pick<DocumentSummary, 'version' | 'createdAt'>,
    checkpoint: () => void,
  ): DocumentSummary[] {
    const insert = this.#connection.prepare(
      `INSERT INTO documents (id, tokens, bytes, sha256, version, created_at, title, date)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const wanted = new Set(documents.map(({ id }) => id));
    let next = lastOrdinal(this.#connection) + 1;
    return documents.map(({ id: own, tokens, bytes, sha256, title, date }) => {
      checkpoint();
      const id = own ?? this.#freeId(next, wanted);
      insert.run(id, tokens, bytes, sha256, version, createdAt, title ?? null, date ?? null);
      next++;
      return withoutNulls({ id, tokens, bytes, sha256, version, createdAt, title, date });
    });
  }

  /** Adds documents as they are in another corpus. `checkpoint` is called with each. */
  copy(documents: readonly NumberedDocument[], checkpoint: () => void): void {
    const insert = this.#connection.prepare(
      `INSERT INTO documents (ordinal, id, tokens, bytes, sha256, version, created_at, title, date)
       VALUES (@ordinal, @id, @tokens, @bytes, @sha256, @version, @createdAt, @title, @date)`,
    );
    for (const { title = null, date = null, ...document } of documents) {
      checkpoint();
      insert.run({ ...document, title, date });
    }
  }

  remove(ordinal: number): void {
    this.#connection.prepare('DELETE FROM documents WHERE ordinal = ?').run(ordinal);
  }

  /**
   * The hashes of the first `created` documents that there were, in their order; undefined where one was taken back.
   */
  firstHashes(created: number): string[] | undefined {
    const hashes = this.#connection
      .prepare('SELECT sha256 FROM documents WHERE ordinal <= ? ORDER BY ordinal')
      .pluck()
      .all(created) as string[];
    return hashes.length === created ? hashes : undefined;
  }

  /** The first number from `first` on that no document has, and none that others want. */
  #freeId(first: number, wanted: ReadonlySet<string | undefined>): string {
    let number = first;
    while (wanted.has(String(number)) || this.#isTaken.get(String(number)) !== undefined) number++;
    return String(number);
  }
}
