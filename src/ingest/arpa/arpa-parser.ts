import { isUtf8 } from 'node:buffer';
import type { TokenId } from '../../index/count-index.ts';
import { maxOrder } from '../../store/store.ts';
import { byteOrderMark, hasByteOrderMark } from '../../text/byte-order-mark.ts';
import { maxTokenBytes } from '../../text/stretches.ts';
import { ArpaFault } from './arpa-fault.ts';
import { arpaNumber } from './arpa-number.ts';
import { type NGramRows, rowsCapacity } from './ngram-rows.ts';
import type { OrderLines } from './ngram-table.ts';
import { type FindWords, PlainLines } from './plain-lines.ts';

/** Receives the n-grams of an ARPA file, order by order. It throws `ArpaFault` for one that cannot be. */
export interface NGramSink {
  /** The header has been read: the number of n-grams that it announces of each order, order 1 first. */
  announce(ngrams: readonly number[]): void;
  /**
   * The unigram of the word `bytes[start, end)`; its numbers are logarithms to base 10, the back-off weight 0 if there
   * is none.
   */
  unigram(logProbability: number, bytes: Uint8Array, start: number, end: number, backoff: number): void;
  /** The id of a word of a longer n-gram. */
  idOf(bytes: Uint8Array, start: number, end: number): TokenId;
  /** As `idOf`, for several words. */
  readonly findWords: FindWords;
  /** Rows with room for at least one n-gram of the order that is being read, which is above 1. */
  rows(): NGramRows;
  /** All n-grams of an order have been read. */
  endOrder(order: number, lines: OrderLines): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const tab = 0x09;
const backslash = 0x5c;

/** The index after a field: of white space, or of the end of the line. */
function endOfField(bytes: Uint8Array, start: number): number {
  let at = start;
  let byte = bytes[at];
  // Most bytes are told by one comparison; control characters are part of a field.
  while (byte > space || (byte !== space && byte !== tab && byte !== lineFeed && byte !== carriageReturn)) {
    byte = bytes[++at];
  }
  return at;
}

/** The most bytes of a line: the words of an n-gram, its numbers and some white space. */
const maxLineBytes = (maxOrder + 1) * maxTokenBytes;

/** The most lines before `\data\`. */
const maxPreamble = 1000;

/** Where in the file the parser is: before `\data\`, in the header, among the n-grams of an order, or after `\end\`. */
type Section = 'preamble' | 'header' | 'n-grams' | 'end';

/**
 * Reads an ARPA file that arrives in chunks: a header with the number of n-grams of each order, and for each order a
 * list of them, each with its log probability and, below the highest order, a back-off weight that may be omitted.
 * Fields are separated by spaces or tabs, lines may end in CR LF, and blank lines mean nothing. Throws `ArpaFault` for
 * a line that cannot be.
 */
export class ArpaParser {
  readonly #sink: NGramSink;
  #section: Section = 'preamble';
  #line = 0;
  /** The beginning of a line whose end has not arrived. */
  #begun: Uint8Array = new Uint8Array(0);
  readonly #announced: number[] = [];
  /** The line of the header that announces each order. */
  readonly #announcedAt: number[] = [];
  #order = 0;
  /** The number of n-grams of the order that have been read, and the lines of the first and the last one. */
  #read = 0;
  #firstLine = 0;
  #lastLine = 0;
  readonly #starts = new Int32Array(maxOrder);
  readonly #ends = new Int32Array(maxOrder);
  readonly #plain: PlainLines;

  constructor(sink: NGramSink) {
    this.#sink = sink;
    this.#plain = new PlainLines(sink.findWords);
  }

  /** The number of the line that was read last, or is being read; 1 before the first one. */
  get line(): number {
    return Math.max(this.#line, 1);
  }

  /** Takes the next bytes. */
  write(chunk: Uint8Array): void {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end === 0) {
      this.#keep(chunk);
      return;
    }
    let at = 0;
    if (this.#begun.length > 0) {
      at = chunk.indexOf(lineFeed) + 1;
      const first = Buffer.concat([this.#begun, chunk.subarray(0, at)]);
      this.#begun = new Uint8Array(0);
      this.#lines(first, 0, first.length);
    }
    this.#lines(chunk, at, end);
    if (end < chunk.length) this.#keep(chunk.subarray(end));
  }

  /** Ends the file. */
  end(): void {
    if (this.#begun.length > 0) {
      const last = Buffer.concat([this.#begun, Uint8Array.of(lineFeed)]);
      this.#begun = new Uint8Array(0);
      this.#lines(last, 0, last.length);
    }
    if (this.#section === 'end') return;
    throw new ArpaFault(
      this.#section === 'preamble'
        ? 'the file ends without the line \\data\\ that an ARPA file begins with'
        : 'the file ends here, before its line \\end\\: it is not whole',
    );
  }

  #keep(bytes: Uint8Array): void {
    const begun = Buffer.concat([this.#begun, bytes]);
    if (begun.length > maxLineBytes) {
      this.#line++;
      throw new ArpaFault(`it is longer than ${maxLineBytes} bytes`);
    }
    this.#begun = begun;
  }

  /** Reads whole lines. */
  #lines(bytes: Uint8Array, from: number, to: number): void {
    const isText = isUtf8(bytes.subarray(from, to));
    for (let at = from; at < to; ) {
      if (isText && this.#section === 'n-grams' && this.#order > 1) at = this.#plainLines(bytes, at, to);
      if (at === to) return;
      const next = bytes.indexOf(lineFeed, at) + 1;
      let end = next - 1;
      if (end > at && bytes[end - 1] === carriageReturn) end--;
      this.#line++;
      if (!isText && !isUtf8(bytes.subarray(at, end))) throw new ArpaFault('it is not UTF-8');
      if (this.#line === 1 && hasByteOrderMark(bytes, at)) at += byteOrderMark.length;
      while (at < end && (bytes[at] === space || bytes[at] === tab)) at++;
      if (at < end) {
        if (this.#section === 'n-grams' && bytes[at] !== backslash) this.#ngram(bytes, at, end);
        else this.#other(bytes, at, end);
      }
      at = next;
    }
  }

  /** Reads lines as long as they are plain. Returns where the first one begins that is not. */
  #plainLines(bytes: Uint8Array, from: number, to: number): number {
    const announced = this.#announced[this.#order - 1];
    let at = from;
    for (;;) {
      const rows = this.#sink.rows();
      const before = rows.size;
      at = this.#plain.read(bytes, at, to, announced - this.#read, rows);
      this.#count(rows.size - before);
      if (rows.size < rowsCapacity) return at;
    }
  }

  /** So many plain lines have been read, one after the other. */
  #count(lines: number): void {
    if (lines === 0) return;
    if (this.#read === 0) this.#firstLine = this.#line + 1;
    this.#line += lines;
    this.#read += lines;
    this.#lastLine = this.#line;
  }

  /** A line that is not blank, outside of the lists of n-grams or with one's title. */
  #other(bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.subarray(start, end)).toString().trimEnd();
    if (this.#section === 'preamble') this.#preamble(text);
    else if (this.#section === 'end') throw new ArpaFault('nothing can follow the line \\end\\');
    else if (this.#section === 'header' && !text.startsWith('\\')) this.#announce(text);
    else this.#title(text, bytes, start, end);
  }

  #preamble(text: string): void {
    if (text === '\\data\\') this.#section = 'header';
    else if (this.#line > maxPreamble) throw new ArpaFault('there is no line \\data\\ before it');
  }

  /** A line of the header: `ngram 2=20796`. */
  #announce(text: string): void {
    const [, order, ngrams] = /^ngram\s+(\d+)\s*=\s*(\d+)$/.exec(text) ?? [];
    const expected = this.#announced.length + 1;
    if (order === undefined) throw new ArpaFault(`it must be "ngram ${expected}=…" or "\\1-grams:"`);
    if (Number(order) !== expected) {
      throw new ArpaFault(`it announces ${order}-grams where ${expected}-grams are next`);
    }
    if (expected > maxOrder) {
      throw new ArpaFault(`it announces ${order}-grams, and ngramd has n-grams up to order ${maxOrder}`);
    }
    this.#announced.push(Number(ngrams));
    this.#announcedAt.push(this.#line);
  }

  /** A line such as `\2-grams:` or `\end\`. In a list of n-grams, a line can also begin with a backslash by mistake. */
  #title(text: string, bytes: Uint8Array, start: number, end: number): void {
    const next = this.#order + 1;
    const isLast = next > this.#announced.length;
    const expected = isLast ? '\\end\\' : `\\${next}-grams:`;
    if (text !== expected) {
      if (this.#section === 'n-grams' && !/^\\(\d+-grams:|end\\)$/.test(text)) {
        this.#ngram(bytes, start, end);
        return;
      }
      throw new ArpaFault(`it is ${JSON.stringify(text)} where ${expected} must come`);
    }
    if (this.#section === 'header') {
      if (this.#announced.length === 0) throw new ArpaFault('the header announces no n-grams before it');
      this.#sink.announce(this.#announced);
    } else this.#endOrder();
    this.#order = next;
    this.#read = 0;
    this.#section = isLast ? 'end' : 'n-grams';
    this.#plain.begin(next, next === this.#announced.length);
  }

  #endOrder(): void {
    const order = this.#order;
    const announced = this.#announced[order - 1];
    if (this.#read < announced) {
      throw new ArpaFault(
        `the file has ${this.#read} ${order}-grams, and line ${this.#announcedAt[order - 1]} announces ${announced}`,
      );
    }
    const areTogether = this.#lastLine - this.#firstLine + 1 === this.#read;
    this.#sink.endOrder(order, { first: areTogether ? this.#firstLine : undefined, next: this.#line });
  }

  #ngram(bytes: Uint8Array, start: number, end: number): void {
    const order = this.#order;
    const starts = this.#starts;
    const ends = this.#ends;
    // The end of the line is no part of a field, so that only the fields' own bytes are looked at.
    let at = endOfField(bytes, start);
    const logProbability = arpaNumber(bytes, start, at);
    for (let i = 0; i < order; i++) {
      while (bytes[at] === tab || bytes[at] === space) at++;
      starts[i] = at;
      at = endOfField(bytes, at);
      ends[i] = at;
    }
    if (starts[order - 1] >= end) throw this.#malformed(bytes, start, end);
    while (bytes[at] === tab || bytes[at] === space) at++;
    let backoff = 0;
    if (at < end) {
      const from = at;
      at = endOfField(bytes, from);
      backoff = arpaNumber(bytes, from, at);
      while (bytes[at] === tab || bytes[at] === space) at++;
      if (at < end || Number.isNaN(backoff)) throw this.#malformed(bytes, start, end);
      if (backoff === Number.POSITIVE_INFINITY) throw new ArpaFault('its back-off weight is infinite');
      if (backoff !== 0 && order === this.#announced.length) {
        throw new ArpaFault(
          `it has a back-off weight, and n-grams of the highest order, ${order}, have none`,
        );
      }
    }
    if (!(logProbability <= 0)) {
      throw Number.isNaN(logProbability)
        ? this.#malformed(bytes, start, end)
        : new ArpaFault(
            `its log probability ${logProbability} is above 0, so that its probability is above 1`,
          );
    }
    if (this.#read === 0) this.#firstLine = this.#line;
    this.#lastLine = this.#line;
    if (++this.#read > this.#announced[order - 1]) {
      throw new ArpaFault(
        `it is one ${order}-gram more than the ${this.#announced[order - 1]} that line ${this.#announcedAt[order - 1]} announces`,
      );
    }
    if (order === 1) this.#sink.unigram(logProbability, bytes, starts[0], ends[0], backoff);
    else this.#longer(logProbability, bytes, backoff);
  }

  /** An n-gram above order 1, whose words' places have been read. */
  #longer(logProbability: number, bytes: Uint8Array, backoff: number): void {
    const rows = this.#sink.rows();
    const row = rows.size;
    for (let k = 0; k < this.#order; k++) {
      rows.words[k][row] = this.#sink.idOf(bytes, this.#starts[k], this.#ends[k]);
    }
    rows.logProbabilities[row] = logProbability;
    rows.backoffs[row] = backoff;
    rows.size++;
  }

  #malformed(bytes: Uint8Array, start: number, end: number): ArpaFault {
    const order = this.#order;
    const words = order === 1 ? 'a word' : `${order} words`;
    const text = Buffer.from(bytes.subarray(start, Math.min(end, start + 100))).toString();
    return new ArpaFault(
      `among the ${order}-grams each line has a log probability, ${words} and perhaps a back-off weight, and this one is ${JSON.stringify(text)}`,
    );
  }
}
