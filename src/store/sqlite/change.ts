import { NgramdError } from '../../errors.ts';
import type { EncodedBlocks } from '../../ngrams/block-batch.ts';
import type { CorpusSettings, CorpusSummary, DocumentSummary } from '../corpus.ts';
import type {
  ChangeOptions,
  CorpusChange,
  CorpusRef,
  CountedNGrams,
  IdentifiedWords,
  NewDocument,
  NumberedDocument,
  StoredDocument,
  WordList,
} from '../store.ts';
import { identifyWords, newWords } from '../words.ts';
import { type Connection, fileProblem, isInPlace } from './connection.ts';
import { type CorpusRow, changeCorpusRow, readSummary } from './corpus-row.ts';
import { Documents } from './documents.ts';
import { Files } from './files.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { Runs } from './runs.ts';
import { SequenceEnds } from './sequence-ends.ts';
import { TokenChunks } from './token-chunks.ts';
import { Vocabulary } from './vocabulary.ts';

/** A change of a corpus file, in a write transaction. */
export class SqliteChange implements CorpusChange {
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly version: number;
  readonly tokens: number;
  readonly knownTokens: number;
  readonly #connection: Connection;
  readonly #checkpoint: () => void;
  readonly #vocabulary: Vocabulary;
  readonly #documents: Documents;
  readonly #tokenChunks: TokenChunks;
  readonly #keys: IdempotencyKeys;
  /** Where the token stream ends. */
  #end: number;
  /** The version that the change has made. */
  #newest: number;

  /** `row` is the corpus before the change, where it is at `version`. */
  constructor(
    connection: Connection,
    ref: CorpusRef,
    { settings, tokens, version }: Omit<CorpusRow, 'identity'>,
    { checkpoint = () => {} }: ChangeOptions,
  ) {
    this.ref = ref;
    this.settings = settings;
    this.version = version;
    this.tokens = tokens;
    this.#connection = connection;
    this.#checkpoint = checkpoint;
    this.#vocabulary = new Vocabulary(connection);
    this.knownTokens = this.#vocabulary.nextId();
    this.#documents = new Documents(connection);
    this.#tokenChunks = new TokenChunks(connection);
    this.#keys = new IdempotencyKeys(connection);
    this.#end = tokens;
    this.#newest = version;
  }

  async identify(words: WordList): Promise<IdentifiedWords> {
    const known = {
      id: (word: number) => this.#vocabulary.id(words.token(word)),
      nextId: this.#vocabulary.nextId(),
    };
    return identifyWords(known, words, this.#checkpoint);
  }

  async addWords(words: IdentifiedWords): Promise<void> {
    this.#vocabulary.add(newWords(words, this.#checkpoint));
  }

  async addRun(
    blocks: AsyncIterable<EncodedBlocks> | Iterable<EncodedBlocks>,
    sign: 1 | -1 = 1,
  ): Promise<void> {
    await new Runs(this.#connection, this.settings, this.#checkpoint).add(blocks, sign);
  }

  async appendTokens(pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array>): Promise<void> {
    for await (const piece of pieces) {
      this.#checkpoint();
      this.#tokenChunks.append(this.#end, piece);
      this.#end += piece.length;
    }
  }

  async readTokens(first: number, target: Int32Array): Promise<void> {
    this.#tokenChunks.read(first, target);
  }

  async removeTokens(first: number, length: number): Promise<void> {
    this.#tokenChunks.remove(first, length);
    this.#end -= length;
  }

  async noteSequenceEnds(ends: Iterable<Uint32Array>, by: 1 | -1): Promise<void> {
    new SequenceEnds(this.#connection).note(ends, by);
  }

  async noteCountedEnds(ends: CountedNGrams, by: 1 | -1): Promise<void> {
    this.#checkpoint();
    new SequenceEnds(this.#connection).noteCounted(ends, by);
  }

  async addFile(name: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const files = new Files(this.#connection);
    let number = 0;
    for await (const piece of pieces) {
      this.#checkpoint();
      files.add(name, number++, piece);
    }
  }

  async filePiece(name: string, number: number): Promise<Uint8Array | undefined> {
    return new Files(this.#connection).piece(name, number);
  }

  async removeFile(name: string): Promise<void> {
    new Files(this.#connection).remove(name);
  }

  async addDocuments(documents: readonly NewDocument[], now: string): Promise<DocumentSummary[]> {
    const version = ++this.#newest;
    const added = this.#documents.add(documents, { version, createdAt: now }, this.#checkpoint);
    changeCorpusRow(this.#connection, { version, now, ...sizeOf(added) });
    return added;
  }

  async copyDocuments(documents: readonly NumberedDocument[]): Promise<void> {
    this.#documents.copy(documents, this.#checkpoint);
    for (const { version, createdAt: now } of documents.slice(-1))
      changeCorpusRow(this.#connection, { version, now, ...sizeOf(documents) });
  }

  async document(id: string): Promise<StoredDocument | undefined> {
    return this.#documents.find(id);
  }

  async takenIds(ids: readonly string[]): Promise<string[]> {
    return this.#documents.taken(ids);
  }

  async removeDocument({ ordinal, tokens, bytes }: StoredDocument, now: string): Promise<void> {
    this.#documents.remove(ordinal);
    changeCorpusRow(this.#connection, { version: ++this.#newest, now, tokens: -tokens, bytes: -bytes });
  }

  async summary(): Promise<CorpusSummary> {
    return readSummary(this.#connection);
  }

  async answerTo<Answer>(key: string, request: string): Promise<Answer | undefined> {
    return this.#keys.answer(key, request);
  }

  async keepAnswer(key: string, request: string, answer: unknown, now: string): Promise<void> {
    this.#keys.keep(key, request, answer, now);
  }
}

/** The tokens and bytes of documents together. */
function sizeOf(documents: readonly DocumentSummary[]): Pick<DocumentSummary, 'tokens' | 'bytes'> {
  return {
    tokens: documents.reduce((sum, { tokens }) => sum + tokens, 0),
    bytes: documents.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * Runs `work` in a write transaction, all or nothing. Errors are thrown on; the disk space that the failed change took
 * is released. Throws `corpus-busy` where another connection is writing, `corpus-not-found` where the corpus was
 * deleted after the file was opened, and `corpus-damaged`.
 */
export async function inWriteTransaction<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  try {
    connection.exec('BEGIN IMMEDIATE');
    // A corpus is deleted under its file's lock, so that it stays in its place until the end of this.
    if (!isInPlace(connection))
      throw new NgramdError('corpus-not-found', 'The corpus was deleted or replaced.');
    const result = await work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      // SQLite itself has rolled back after some errors.
      if (connection.inTransaction) connection.exec('ROLLBACK');
      emptyLog(connection);
    } catch {
      // A full disk may have no room for this either; the change's own error says more.
    }
    throw fileProblem(connection, error);
  }
}

/** Moves the log's content into the file, as far as no reader needs it: readers are not waited for. */
export function emptyLog(connection: Connection): void {
  const timeout = connection.pragma('busy_timeout', { simple: true });
  connection.pragma('busy_timeout = 0');
  try {
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    connection.pragma(`busy_timeout = ${timeout}`);
  }
}
