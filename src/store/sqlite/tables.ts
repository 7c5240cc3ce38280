import type { CorpusSettings, CorpusSummary } from '../corpus.ts';
import type { CorpusRef } from '../store.ts';
import { type Connection, damageOf, fileOf } from './connection.ts';
import { corpusId, readCorpusRow, readSummary } from './corpus-row.ts';
import { Documents } from './documents.ts';
import { Files } from './files.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { RunReader } from './run-stream.ts';
import { SequenceEnds } from './sequence-ends.ts';
import { TokenChunks } from './token-chunks.ts';
import { Vocabulary } from './vocabulary.ts';

/** The tables of a corpus file, as one connection reads them. */
export class Tables {
  readonly connection: Connection;
  readonly ref: CorpusRef;
  readonly settings: CorpusSettings;
  readonly vocabulary: Vocabulary;
  readonly runs: RunReader;
  readonly sequenceEnds: SequenceEnds;
  readonly tokenChunks: TokenChunks;
  readonly documents: Documents;
  readonly keys: IdempotencyKeys;
  readonly files: Files;
  #summary: CorpusSummary | undefined;

  /** `name` is the corpus's. Throws `corpus-damaged` where the file has no settings. */
  constructor(connection: Connection, name: string) {
    const file = fileOf(connection);
    const row = readCorpusRow(connection);
    if (row === undefined) throw damageOf(file, 'it has no settings');
    this.connection = connection;
    this.ref = { name, id: corpusId(file.inode, row.identity) };
    this.settings = row.settings;
    this.vocabulary = new Vocabulary(connection);
    this.runs = new RunReader(connection);
    this.sequenceEnds = new SequenceEnds(connection);
    this.tokenChunks = new TokenChunks(connection);
    this.documents = new Documents(connection);
    this.keys = new IdempotencyKeys(connection);
    this.files = new Files(connection);
  }

  /** The corpus at a version, which is that of the connection's transaction. */
  summary(version: number): CorpusSummary {
    if (this.#summary?.version !== version) this.#summary = readSummary(this.connection);
    return this.#summary;
  }
}
