import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { closeAndDelete, readAll, writeAll } from '../../platform/file-io.ts';

/** How many bytes of the file are compressed together. */
const pieceBytes = 2 ** 20;

/**
 * The level that compresses fastest: the usual one takes much longer, for a file that is hardly smaller. The result
 * comes in one chunk: each further one would wait until the thread has read another part of the file.
 */
const compression = {
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  chunkSize: pieceBytes + 2 ** 16,
};

const compress = promisify(zstdCompress);

/** How many pieces may wait to be compressed, by threads of Node.js, while the next ones are read. */
const mostWaiting = 16;

/** A file that was compressed in pieces of these sizes, one after the other at `path`. */
export interface StoredPieces {
  readonly path: string;
  readonly pieces: readonly number[];
}

/** A temporary file that is written in pieces, each of them compressed with Zstandard. */
export class CompressedFile {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  /** Before compression. */
  #bytes = 0;
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #filled = 0;
  /** Pieces that have been written, to be filled again. */
  readonly #free: Buffer<ArrayBuffer>[] = [];
  /** The pieces that are being compressed, the oldest first. */
  readonly #waiting: Promise<void>[] = [];
  #file: number | undefined;
  #fileBytes = 0;
  readonly #pieces: number[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** Takes the next bytes. */
  write(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + pieceBytes - this.#filled);
      this.#piece.set(chunk.subarray(at, end), this.#filled);
      this.#filled += end - at;
      at = end;
      if (this.#filled === pieceBytes) this.#compressPiece();
    }
  }

  /** Resolves when more can be taken. Throws what went wrong with writing. */
  async ready(): Promise<void> {
    if (this.#waiting.length > mostWaiting) await this.#waiting[0];
  }

  /** Writes the rest. Returns the number of bytes and the SHA-256 hash of what was taken, before compression. */
  async finish(): Promise<{ bytes: number; sha256: string }> {
    if (this.#filled > 0) this.#compressPiece();
    await Promise.all(this.#waiting);
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Hands over the file when it is finished. */
  take(): StoredPieces {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    return { path: this.#path, pieces: this.#pieces };
  }

  /** Deletes the file, if it was not handed over. */
  dispose(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeAndDelete(file, this.#path);
  }

  /** Has the piece compressed, and written after those before it. */
  #compressPiece(): void {
    this.#file ??= openSync(this.#path, 'w');
    const compressed = compress(this.#piece.subarray(0, this.#filled), compression);
    const written = this.#write(this.#waiting.at(-1), compressed, this.#piece);
    // It is thrown by `ready` or `finish`.
    written.catch(() => {});
    this.#waiting.push(written);
    this.#piece = this.#free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    this.#filled = 0;
  }

  async #write(
    before: Promise<void> | undefined,
    compressed: Promise<Uint8Array>,
    source: Buffer<ArrayBuffer>,
  ): Promise<void> {
    const piece = await compressed;
    await before;
    if (this.#file !== undefined) writeAll(this.#file, piece, this.#fileBytes);
    this.#fileBytes += piece.length;
    this.#pieces.push(piece.length);
    this.#free.push(source);
    this.#waiting.shift();
  }
}

/** The compressed pieces of a file that was handed over. */
export function* storedPieces({ path, pieces }: StoredPieces): Generator<Uint8Array, void> {
  const file = openSync(path, 'r');
  try {
    let at = 0;
    for (const length of pieces) {
      const piece = Buffer.alloc(length);
      readAll(file, piece, at);
      at += length;
      yield piece;
    }
  } finally {
    closeSync(file);
  }
}
