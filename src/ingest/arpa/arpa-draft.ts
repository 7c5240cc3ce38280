import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync } from 'node:zlib';
import { NgramdError } from '../../errors.ts';
import type { ArpaLevels } from '../../index/arpa/arpa-table.ts';
import { closeAndDelete, readAll, writeAll } from '../../platform/file-io.ts';
import type { TokenList } from '../../text/token-table.ts';
import type { DraftSummary } from '../receiving/draft.ts';
import { ArpaParser } from './arpa-parser.ts';
import { rankUnigrams } from './rank-unigrams.ts';
import { TableBuilder } from './table-builder.ts';

/** How many bytes of the file are compressed together. */
const pieceBytes = 2 ** 20;

/**
 * The level that compresses fastest: the usual one takes a third longer, for a file that is 6 % smaller. The result comes in one
 * chunk: each further one would wait until the thread has read another part of the file.
 */
const compression = {
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  chunkSize: pieceBytes + 2 ** 16,
};

const compress = promisify(zstdCompress);

/** How many pieces may wait to be compressed, by a thread of Node.js, while the next ones are read. */
const mostWaiting = 16;

/** An ARPA file that was received, in a form that can be sent to another thread. */
export interface ReceivedArpa {
  readonly summary: DraftSummary;
  readonly words: TokenList;
  readonly levels: ArpaLevels;
  readonly ranked: Uint32Array;
  /** The number of n-grams that the file lists of each order, order 1 first, without `<s>`. */
  readonly ngrams: readonly number[];
  /** The file, compressed in pieces of these sizes, one after the other at `path`. */
  readonly file: { readonly path: string; readonly pieces: readonly number[] };
}

/** An ARPA file that is being received: its table, and the file itself, compressed. */
export class ArpaDraft {
  readonly #builder: TableBuilder;
  readonly #parser: ArpaParser;
  readonly #hash = createHash('sha256');
  readonly #path: string;
  readonly #tableBytes: number;
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #filled = 0;
  /** Pieces that have been written, to be filled again. */
  readonly #free: Buffer<ArrayBuffer>[] = [];
  #file: number | undefined;
  #fileBytes = 0;
  readonly #pieces: number[] = [];
  /** The pieces that are being compressed, the oldest first, and how many there are. */
  #written: Promise<void> = Promise.resolve();
  #waiting = 0;
  #bytes = 0;
  #summary: DraftSummary | undefined;

  /** `path` is that of a temporary file; `take` is as in `TableBuilder`, and `tableBytes` is the most that a table may have. */
  constructor(path: string, take: (bytes: number) => void, tableBytes: number) {
    this.#path = path;
    this.#tableBytes = tableBytes;
    this.#builder = new TableBuilder(take);
    this.#parser = new ArpaParser(this.#builder);
  }

  /** Takes the next bytes. Throws `invalid-text` as `ArpaParser` does, and what `take` throws; the draft is unusable then. */
  write(chunk: Uint8Array): void {
    if (this.#summary !== undefined) throw oneFile();
    this.#parser.write(chunk);
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + pieceBytes - this.#filled);
      this.#piece.set(chunk.subarray(at, end), this.#filled);
      this.#filled += end - at;
      at = end;
      if (this.#filled === pieceBytes) this.#writePiece();
    }
  }

  /** Ends the file. Throws `invalid-text` if it is not whole, and `index-too-large` if its table is too large to be asked. */
  async finish(): Promise<DraftSummary> {
    if (this.#summary !== undefined) throw oneFile();
    this.#parser.end();
    this.#checkTable();
    if (this.#filled > 0) this.#writePiece();
    await this.#written;
    const sha256 = this.#hash.digest('hex');
    this.#summary = { tokens: 0, bytes: this.#bytes, sha256, letters: { letters: 0, dropped: 0 } };
    return this.#summary;
  }

  /** Hands over the finished file. Nothing can be written afterwards. */
  take(): ReceivedArpa {
    const { words, levels, ngrams } = this.#builder.take();
    const ranked = rankUnigrams(levels[0]);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    const file = { path: this.#path, pieces: this.#pieces };
    return { summary: this.#summary as DraftSummary, words, levels, ranked, ngrams, file };
  }

  /** Deletes the temporary file, if it was not handed over. */
  dispose(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) closeAndDelete(file, this.#path);
  }

  #checkTable(): void {
    const { bytes } = this.#builder;
    if (bytes <= this.#tableBytes) return;
    throw new NgramdError(
      'index-too-large',
      `The model of this ARPA file takes ${bytes} bytes of memory when it is asked, and INDEX_MEMORY_BYTES allows ${this.#tableBytes}. Prune the model, or raise the limit.`,
    );
  }

  /** Has the piece compressed, and written after those before it. */
  #writePiece(): void {
    this.#file ??= openSync(this.#path, 'w');
    const piece = this.#piece.subarray(0, this.#filled);
    const compressed =
      this.#waiting < mostWaiting ? compress(piece, compression) : zstdCompressSync(piece, compression);
    this.#waiting++;
    this.#written = this.#write(this.#written, compressed, this.#piece);
    this.#piece = this.#free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    this.#filled = 0;
    // It is thrown by `finish`.
    this.#written.catch(() => {});
  }

  async #write(
    before: Promise<void>,
    compressed: Uint8Array | Promise<Uint8Array>,
    source: Buffer<ArrayBuffer>,
  ): Promise<void> {
    await before;
    const piece = await compressed;
    this.#free.push(source);
    this.#waiting--;
    if (this.#file === undefined) return;
    writeAll(this.#file, piece, this.#fileBytes);
    this.#fileBytes += piece.length;
    this.#pieces.push(piece.length);
  }
}

/** The compressed pieces of a file that was handed over, which is deleted at the end. */
export function* takenPieces({ path, pieces }: ReceivedArpa['file']): Generator<Uint8Array, void> {
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

function oneFile(): NgramdError {
  return new NgramdError(
    'invalid-text',
    'An ARPA file is a model of its own: a corpus is made of one such file and nothing else.',
  );
}
