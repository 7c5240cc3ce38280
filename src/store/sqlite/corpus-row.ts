import { randomBytes } from 'node:crypto';
import { initialTokens } from '../../text/reserved.ts';
import { type CorpusSettings, type CorpusSummary, listedNGrams } from '../corpus.ts';
import type { CorpusHistory } from '../store.ts';
import type { Connection } from './connection.ts';
import { lastOrdinal } from './documents.ts';
import { Vocabulary } from './vocabulary.ts';

const settingsColumns =
  'content, tokenizer, max_order AS "order", sequences, blank_lines AS blankLines, locale, dictionary, vocabulary';

/** The row of the corpus: its settings and what grows with it. */
export interface CorpusRow {
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly tokens: number;
  /** Random: a corpus that is restored from a backup has another one. */
  readonly identity: string;
}

/** The id of a corpus: an inode is unique as long as its file exists, and can be given to another file later. */
export function corpusId(inode: number, identity: string): string {
  return `${inode} of ${identity}`;
}

/** An identity that no other corpus has. */
export function newIdentity(): string {
  return randomBytes(16).toString('hex');
}

/** The inode in the id of a corpus. */
export function inodeIn(id: string): number {
  return Number.parseInt(id, 10);
}

/** The row; undefined where the file has none. */
export function readCorpusRow(connection: Connection): CorpusRow | undefined {
  const row = connection.prepare(`SELECT ${settingsColumns}, version, tokens, identity FROM corpus`).get() as
    | (CorpusSettings & { version: number; tokens: number; identity: string })
    | undefined;
  if (row === undefined) return undefined;
  const { version, tokens, identity, ...settings } = row;
  return { settings: settingsOf(settings), version, tokens, identity };
}

/** Adds the row of a corpus without documents, and its reserved tokens, to a new file. */
export function addCorpusRow(
  connection: Connection,
  settings: CorpusSettings,
  identity: string,
  now: string,
): void {
  const { content, tokenizer, order, sequences, blankLines, locale, dictionary, vocabulary } = settings;
  connection
    .prepare(
      `INSERT INTO corpus (id, content, tokenizer, max_order, sequences, blank_lines, locale, dictionary, vocabulary, version, tokens,
         bytes, created_documents, created_at, updated_at, identity) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, 0, ?, ?, ?)`,
    )
    .run(
      content === undefined ? null : JSON.stringify(content),
      tokenizer,
      order,
      sequences,
      blankLines ?? null,
      locale ?? null,
      dictionary ?? null,
      vocabulary === undefined ? null : JSON.stringify(vocabulary),
      now,
      now,
      identity,
    );
  new Vocabulary(connection).add(initialTokens(settings).entries());
}

/** Notes that the documents that are there now are those that the corpus was created with. */
export function markCreated(connection: Connection): void {
  connection.prepare('UPDATE corpus SET created_documents = (SELECT count(*) FROM documents)').run();
}

/** How many documents the corpus was created with. */
export function createdDocuments(connection: Connection): number {
  return connection.prepare('SELECT created_documents FROM corpus').pluck().get() as number;
}

/** The history of the corpus. */
export function readHistory(connection: Connection): CorpusHistory {
  const row = connection
    .prepare(
      `SELECT version, created_at AS createdAt, updated_at AS updatedAt, created_documents AS createdDocuments FROM corpus`,
    )
    .get() as Omit<CorpusHistory, 'lastOrdinal'>;
  return { ...row, lastOrdinal: lastOrdinal(connection) };
}

/** Gives a copy the history of the corpus that it is a copy of, whose documents have been added. */
export function writeHistory(connection: Connection, history: CorpusHistory): void {
  connection
    .prepare(
      `UPDATE corpus SET version = @version, created_at = @createdAt, updated_at = @updatedAt,
         created_documents = @createdDocuments`,
    )
    .run(history);
  if (history.lastOrdinal === lastOrdinal(connection)) return;
  // What AUTOINCREMENT continues from; the last documents may have been removed.
  connection.prepare("DELETE FROM sqlite_sequence WHERE name = 'documents'").run();
  connection
    .prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('documents', ?)")
    .run(history.lastOrdinal);
}

/** Makes a version of documents that came or went, with these tokens and bytes; they are negative where they went. */
export function changeCorpusRow(
  connection: Connection,
  change: { version: number; now: string; tokens: number; bytes: number },
): void {
  connection
    .prepare(
      'UPDATE corpus SET version = @version, updated_at = @now, tokens = tokens + @tokens, bytes = bytes + @bytes',
    )
    .run(change);
}

/** The corpus as it is now. */
export function readSummary(connection: Connection): CorpusSummary {
  const row = connection
    .prepare(
      `SELECT ${settingsColumns}, version, (SELECT count(*) FROM documents) AS documents,
         (SELECT max(id) + 1 FROM vocabulary) AS tokenIds, tokens, bytes, created_at AS createdAt,
         updated_at AS updatedAt FROM corpus`,
    )
    .get() as CorpusSettings & Omit<CorpusSummary, 'vocabularySize' | 'ngrams'>;
  const counted = connection
    .prepare(
      'SELECT n AS "order", sum(ngrams) AS "distinct", sum(count * ngrams) AS total FROM counts_of_counts GROUP BY n',
    )
    .all() as CorpusSummary['ngrams'];
  const settings = settingsOf(row);
  const ngrams =
    listedNGrams(settings) ??
    Array.from(
      { length: row.order },
      (_, i) => counted.find(({ order }) => order === i + 1) ?? { order: i + 1, distinct: 0, total: 0 },
    );
  return { ...settings, vocabularySize: ngrams[0].distinct, ngrams };
}

/** The row, in which a NULL is no field, and the content and the vocabulary are JSON. */
function settingsOf<Row extends CorpusSettings>(row: Row): Row {
  const { content, locale, blankLines, dictionary, vocabulary, ...others } = row;
  return {
    ...(content && { content: JSON.parse(String(content)) }),
    ...others,
    ...(locale && { locale }),
    ...(dictionary && { dictionary }),
    ...(blankLines && { blankLines }),
    ...(vocabulary && { vocabulary: JSON.parse(String(vocabulary)) }),
  } as Row;
}
