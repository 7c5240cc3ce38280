import type { Connection } from './connection.ts';

/** The files that belong to a corpus, in the pieces in which they were added. */
export class Files {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  add(name: string, number: number, bytes: Uint8Array): void {
    this.#connection
      .prepare('INSERT INTO files (name, number, bytes) VALUES (?, ?, ?)')
      .run(name, number, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  /** A piece of a file, from 0; undefined after the last. */
  piece(name: string, number: number): Uint8Array | undefined {
    return this.#connection
      .prepare('SELECT bytes FROM files WHERE name = ? AND number = ?')
      .pluck()
      .get(name, number) as Buffer | undefined;
  }

  remove(name: string): void {
    this.#connection.prepare('DELETE FROM files WHERE name = ?').run(name);
  }
}
