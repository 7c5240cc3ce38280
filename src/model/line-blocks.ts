import { NgramdError } from '../errors.ts';
import type { LineBlock } from './score-lines.ts';

/** The longest line in bytes. */
const maxLineBytes = 16 * 2 ** 20;

/** The size of a block. */
export interface BlockSize {
  /** The longest line, with its line feed, that is not cut, in bytes; a block has at most twice as many. */
  bytes: number;
  lines: number;
}

/**
 * Cuts a text into blocks of lines as it is received. A last line without a line feed is a line. A line longer than
 * `size.bytes` is cut into parts of that length, however the text was cut into chunks. Throws `content-too-large` for a
 * line longer than 16 MiB.
 */
export async function* lineBlocks(
  text: AsyncIterable<Uint8Array>,
  size: BlockSize,
): AsyncGenerator<LineBlock, void> {
  const cutter = new BlockCutter(size);
  for await (const chunk of text) {
    for (let at = 0; at < chunk.length; at += size.bytes) {
      yield* cutter.write(chunk.subarray(at, at + size.bytes));
    }
  }
  yield* cutter.end();
}

/** Cuts a text into blocks of whole lines. Throws as `lineBlocks`. */
export function wholeLines(text: AsyncIterable<Uint8Array>, lines: number): AsyncGenerator<LineBlock, void> {
  return lineBlocks(text, { bytes: maxLineBytes + 1, lines });
}

class BlockCutter {
  readonly #size: BlockSize;
  #firstLine = 1;
  /** The beginning of a line or of a part of one. */
  #unfinished: Uint8Array[] = [];
  #unfinishedBytes = 0;
  /** The total length of the parts of the current line that have been yielded. */
  #partsBytes = 0;

  constructor(size: BlockSize) {
    this.#size = size;
  }

  /** Takes the next bytes, at most `size.bytes`. */
  *write(chunk: Uint8Array): Generator<LineBlock, void> {
    let rest = chunk;
    const room = this.#size.bytes - this.#unfinishedBytes;
    const lineEnd = rest.indexOf(lineFeed) + 1;
    if (rest.length >= room && (lineEnd === 0 || lineEnd > room)) {
      yield this.#part(rest.subarray(0, room), true);
      rest = rest.subarray(room);
    }
    if (this.#partsBytes > 0) {
      const end = rest.indexOf(lineFeed) + 1;
      if (end > 0) {
        yield this.#part(rest.subarray(0, end), false);
        rest = rest.subarray(end);
      }
    }
    const end = rest.lastIndexOf(lineFeed) + 1;
    if (end > 0) yield* this.#wholeLines(rest.subarray(0, end));
    this.#keep(rest.subarray(end));
  }

  *end(): Generator<LineBlock, void> {
    if (this.#partsBytes > 0) yield this.#part(nothing, false);
    else if (this.#unfinishedBytes > 0) yield* this.#wholeLines(nothing);
  }

  *#wholeLines(end: Uint8Array): Generator<LineBlock, void> {
    const bytes = this.#take(end);
    for (let start = 0; start < bytes.length; ) {
      const firstLine = this.#firstLine;
      let at = start;
      while (at < bytes.length && this.#firstLine - firstLine < this.#size.lines) {
        const lineEnd = bytes.indexOf(lineFeed, at) + 1;
        at = lineEnd === 0 ? bytes.length : lineEnd;
        this.#firstLine++;
      }
      const isWhole = start === 0 && at === bytes.length;
      yield {
        bytes: isWhole ? bytes : bytes.slice(start, at),
        firstLine,
        continues: false,
        isContinued: false,
      };
      start = at;
    }
  }

  #part(end: Uint8Array, isContinued: boolean): LineBlock {
    const bytes = this.#take(end);
    this.#checkLine(bytes.at(-1) === lineFeed ? bytes.length - 1 : bytes.length);
    const part = { bytes, firstLine: this.#firstLine, continues: this.#partsBytes > 0, isContinued };
    this.#partsBytes = isContinued ? this.#partsBytes + bytes.length : 0;
    if (!isContinued) this.#firstLine++;
    return part;
  }

  #keep(beginning: Uint8Array): void {
    if (beginning.length > 0) this.#unfinished.push(beginning);
    this.#unfinishedBytes += beginning.length;
    this.#checkLine(this.#unfinishedBytes);
  }

  /** Throws if the current line is too long with `more` bytes added. */
  #checkLine(more: number): void {
    if (this.#partsBytes + more <= maxLineBytes) return;
    throw new NgramdError(
      'content-too-large',
      `Line ${this.#firstLine} is longer than ${maxLineBytes} bytes: cut it into several.`,
    );
  }

  /** The unfinished bytes followed by `end`, in a new array. */
  #take(end: Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#unfinishedBytes + end.length);
    let at = 0;
    for (const piece of [...this.#unfinished, end]) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
    return bytes;
  }
}

const lineFeed = 0x0a;
const nothing = new Uint8Array(0);
