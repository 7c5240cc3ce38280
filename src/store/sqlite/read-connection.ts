import type { CorpusSettings } from '../corpus.ts';
import type { CorpusRef } from '../store.ts';
import { type Connection, fileProblem, onCorpusFile, type Statement } from './connection.ts';
import { openCorpusFile } from './corpus-file.ts';
import type { Run } from './run-stream.ts';
import { readRuns, type SizedRun } from './runs.ts';
import { SqliteSnapshot } from './snapshot.ts';
import { Tables } from './tables.ts';

/**
 * How much of a file SQLite keeps in memory at most: the inner pages of its trees. The system has the others in its own
 * cache.
 */
const cacheBytes = 2 ** 20;

/** A connection to a corpus file that answers one question after the other, each in a read transaction. */
export class ReadConnection {
  readonly #connection: Connection;
  readonly #tables: Tables;
  readonly #begin: Statement;
  readonly #end: Statement;
  readonly #state: Statement;
  readonly #version: Statement;

  /** Opens the file at `path`, of the corpus `name`. Throws what `openCorpusFile` throws. */
  constructor(path: string, name: string) {
    const connection = openCorpusFile(path);
    this.#connection = connection;
    try {
      connection.pragma(`cache_size = -${cacheBytes / 1024}`);
      this.#tables = new Tables(connection, name);
      this.#begin = connection.prepare('BEGIN');
      // Nothing was written; and a commit reads of the file, which can be damaged.
      this.#end = connection.prepare('ROLLBACK');
      this.#state = connection
        .prepare('SELECT version, (SELECT group_concat(sign * id) FROM runs) FROM corpus')
        .raw();
      this.#version = connection.prepare('SELECT version FROM corpus').pluck();
    } catch (error) {
      connection.close();
      throw fileProblem(connection, error);
    }
  }

  get ref(): CorpusRef {
    return this.#tables.ref;
  }

  get settings(): CorpusSettings {
    return this.#tables.settings;
  }

  /** Answers a question at one version. Throws what the question throws, `corpus-damaged` and `corpus-busy`. */
  async read<T>(question: (snapshot: SqliteSnapshot) => Promise<T>): Promise<T> {
    let snapshot: SqliteSnapshot | undefined;
    try {
      snapshot = this.#beginSnapshot();
      return await question(snapshot);
    } catch (error) {
      throw fileProblem(this.#connection, error);
    } finally {
      snapshot?.end();
      if (this.#connection.inTransaction) this.#end.run();
    }
  }

  /** The corpus's version now. It must not be called while a question is being answered. */
  version(): number {
    return onCorpusFile(this.#connection, () => this.#version.get() as number);
  }

  /** All runs now, oldest first. It must not be called while a question is being answered. */
  runs(): SizedRun[] {
    return onCorpusFile(this.#connection, () => readRuns(this.#connection));
  }

  close(): void {
    this.#connection.close();
  }

  #beginSnapshot(): SqliteSnapshot {
    this.#begin.run();
    const [version, runs] = this.#state.get() as [version: number, runs: string | null];
    return new SqliteSnapshot(this.#tables, version, runs === null ? [] : runs.split(',').map(toRun));
  }
}

/** A run, from its id times its sign. */
function toRun(signed: string): Run {
  const number = Number(signed);
  return { id: Math.abs(number), sign: number < 0 ? -1 : 1 };
}
