import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { isProblem, NgramdError } from '../../errors.ts';
import { canonicalLocale } from '../../text/locale.ts';
import { sequencesNames } from '../../text/reserved.ts';
import { tokenizerNames } from '../../text/tokenizer.ts';
import { type ClosedVocabulary, type CorpusSettings, maxOrder } from '../corpus.ts';
import { type Connection, isDamage, noteFile } from './connection.ts';
import { sealCorpusFile } from './corpus-file.ts';
import { newIdentity, readCorpusRow } from './corpus-row.ts';
import { latestSchema, migrate, migrationsFolder, schemaOf } from './migrations.ts';

/** A file that is to become a corpus. */
export interface Restoration {
  /** The file. It belongs to nobody else, and is changed. */
  path: string;
  /** The file that it is a copy of, if it is not there yet. */
  copyOf?: string | undefined;
  /** The hash that it must have, in hexadecimal, if that is known. */
  sha256: string | undefined;
}

/** What every SQLite file begins with. */
const magic = 'SQLite format 3\0';

/**
 * Makes a corpus file of the current schema, with an identity of its own, of a file that may be anything: its hash, its
 * pages, its tables and its totals are checked, and nothing in it is trusted before. Throws `invalid-backup`.
 */
export async function makeRestorable({ path, copyOf, sha256 }: Restoration): Promise<void> {
  if (copyOf !== undefined) await copyFile(copyOf, path, constants.COPYFILE_FICLONE);
  if (sha256 !== undefined) await checkHash(path, sha256);
  await checkMagic(path);
  const connection = new Database(path);
  try {
    for (const setting of ['trusted_schema = OFF', 'cell_size_check = ON', 'synchronous = OFF']) {
      connection.pragma(setting);
    }
    // Without a log, in which the whole migration would be written once more: the file is discarded if it fails.
    connection.pragma('journal_mode = OFF');
    checkTables(connection);
    checkPages(connection);
    noteFile(connection, { path: 'it', inode: 0 });
    migrate(connection, migrationsFolder);
    checkRows(connection);
    connection.prepare('UPDATE corpus SET identity = ?').run(newIdentity());
    sealCorpusFile(connection);
  } catch (error) {
    if (isDamage(error)) throw invalid(`it is damaged: ${(error as Error).message}`);
    throw isProblem(error, 'corpus-damaged') ? invalid(error.message.slice(0, -1)) : error;
  } finally {
    connection.close();
  }
}

async function checkHash(path: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  const found = hash.digest('hex');
  if (found === expected.toLowerCase()) return;
  throw invalid(`its SHA-256 is ${found}, and ${expected} was expected; it was changed or is incomplete`);
}

async function checkMagic(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    if (bytesRead === 0) throw invalid('it is empty');
    if (buffer.toString('latin1') !== magic)
      throw invalid('it is not a SQLite file, as the files of corpora are');
  } finally {
    await file.close();
  }
}

/** Whether a file has the tables of its schema and nothing else: triggers and views of an unknown file would be run. */
function checkTables(connection: Connection): void {
  const schema = schemaOf(connection);
  const latest = latestSchema();
  if (schema > latest) {
    throw invalid(`it has schema ${schema}, and this ngramd knows schemas up to ${latest}: upgrade ngramd`);
  }
  const known = new Database(':memory:');
  try {
    if (schema > 0) migrate(known, migrationsFolder, schema);
    const isOurs = schema > 0 && tablesOf(connection) === tablesOf(known);
    if (!isOurs || connection.pragma('encoding', { simple: true }) !== 'UTF-8') {
      throw invalid('it is a SQLite file, but its tables are not those of a corpus');
    }
  } finally {
    known.close();
  }
}

/** Everything that the schema of a database defines; SQLite's own tables aside. */
function tablesOf(connection: Connection): string {
  const tables = connection
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
    )
    .raw();
  return JSON.stringify(tables.all());
}

function checkPages(connection: Connection): void {
  const found = connection.pragma('integrity_check(1)', { simple: true });
  if (found !== 'ok') throw invalid(`it is damaged: ${found}`);
}

/** Checks the settings, and that the totals of all tables are the same. */
function checkRows(connection: Connection): void {
  const row = readCorpusRow(connection);
  if (row === undefined) throw invalid('it has no settings');
  checkSettings(row.settings);
  const { tokens } = row;
  const totals = connection
    .prepare(
      `SELECT (SELECT total(tokens) FROM documents) AS documents,
         (SELECT first + length(ids) / width FROM tokens ORDER BY first DESC LIMIT 1) AS stream,
         (SELECT total(count * ngrams) FROM counts_of_counts WHERE n = 1) AS counts`,
    )
    .get() as { documents: number; stream: number | null; counts: number };
  const { documents, counts } = totals;
  // Counts that came without a text have no tokens in the stream.
  const stream = row.settings.content?.kind === 'counts' ? tokens : (totals.stream ?? 0);
  if ([documents, stream, counts].every((total) => total === tokens)) return;
  throw invalid(
    `it is damaged: the corpus has ${tokens} tokens, its documents have ${documents}, its stream has ${stream}, and its words occur ${counts} times`,
  );
}

function checkSettings(settings: CorpusSettings): void {
  const { tokenizer, order, sequences, locale, blankLines, vocabulary } = settings;
  const isKnown =
    tokenizerNames.includes(tokenizer) &&
    sequencesNames.includes(sequences) &&
    order >= 1 &&
    order <= maxOrder &&
    (tokenizer === 'jieba') === (typeof settings.dictionary === 'string') &&
    (locale === undefined || canonicalLocale(locale) === locale) &&
    (blankLines === undefined || blankLines === 'sentence') &&
    (vocabulary === undefined || isClosedVocabulary(vocabulary)) &&
    (tokenizer === 'ids' || tokenizer === 'huggingface') ===
      (vocabulary !== undefined && 'ids' in vocabulary) &&
    (tokenizer === 'huggingface') === (vocabulary !== undefined && 'spelling' in vocabulary);
  if (!isKnown) throw invalid(`its settings are unknown: ${JSON.stringify(settings)}`);
}

function isClosedVocabulary(vocabulary: ClosedVocabulary): boolean {
  if ('ids' in vocabulary) return Number.isSafeInteger(vocabulary.ids) && vocabulary.ids > 0;
  return 'minCount' in vocabulary
    ? Number.isSafeInteger(vocabulary.minCount)
    : /^[0-9a-f]{64}$/.test(vocabulary.sha256);
}

/** The error for a file that cannot be restored. */
function invalid(reason: string): NgramdError {
  return new NgramdError('invalid-backup', `The file cannot be restored: ${reason}.`);
}
