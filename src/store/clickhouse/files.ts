import type { Queries } from './postgres.ts';

/** Adds a piece of a file that belongs to a corpus. */
export async function addPiece(
  queries: Queries,
  corpus: number,
  name: string,
  number: number,
  bytes: Uint8Array,
): Promise<void> {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await queries.rows('INSERT INTO files VALUES ($1, $2, $3, $4)', [corpus, name, number, piece]);
}

/** A piece of a file, from 0; undefined after the last. */
export async function readPiece(
  queries: Queries,
  corpus: number,
  name: string,
  number: number,
): Promise<Uint8Array | undefined> {
  const piece = await queries.row<{ bytes: Buffer }>(
    'SELECT bytes FROM files WHERE corpus = $1 AND name = $2 AND number = $3',
    [corpus, name, number],
  );
  return piece?.bytes;
}

/** Removes a file. */
export async function removePieces(queries: Queries, corpus: number, name: string): Promise<void> {
  await queries.rows('DELETE FROM files WHERE corpus = $1 AND name = $2', [corpus, name]);
}
