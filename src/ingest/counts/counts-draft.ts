import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { byteOrderMark, hasByteOrderMark } from '../../text/byte-order-mark.ts';
import { reservedPlace, reservedTokens, tokenizeQuery } from '../../text/reserved.ts';
import { TokenTable } from '../../text/token-table.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import type { DraftContent, DraftSummary, TextNames } from '../receiving/draft.ts';
import { TokenSpool } from '../receiving/token-spool.ts';
import { CountColumns, shown } from './count-line.ts';
import { CountRecordWriter } from './count-records.ts';

const [tab, lineFeed, carriageReturn, space, opening] = Buffer.from('\t\n\r <');

/** The longest line in bytes. */
const maxLineBytes = 2 ** 20;

/**
 * Counts of n-grams that are being received, `w1 w2 w3<TAB>count` in each line: their words as numbers in the order of
 * first appearance, as in the draft of a text, and the lines as records. What is wrong with a line is thrown as
 * `invalid-text` with its number; the draft is unusable then.
 */
export class CountsDraft {
  readonly #settings: CorpusSettings;
  readonly #take: (bytes: number) => void;
  readonly #spool: TokenSpool;
  readonly #records: CountRecordWriter;
  readonly #table: TokenTable;
  readonly #reserved: number;
  readonly #sequenceStart: number | undefined;
  readonly #sequenceEnd: number | undefined;
  readonly #words: Uint32Array;
  readonly #columns = new CountColumns();
  readonly #hash = createHash('sha256');
  /** For each word, the sum of the counts of its unigrams, and of the n-grams that it ends. */
  #unigrams = new Float64Array(64);
  #ends = new Float64Array(64);
  #hasUnigrams = false;
  #unfinished: Uint8Array[] = [];
  #unfinishedBytes = 0;
  #bytes = 0;
  #line = 0;
  #ngrams = 0;
  #names: TextNames = {};

  /** As for the draft of a text. */
  constructor(settings: CorpusSettings, spoolPath: string, take: (bytes: number) => void = () => {}) {
    this.#settings = settings;
    this.#take = take;
    this.#spool = new TokenSpool(spoolPath);
    this.#records = new CountRecordWriter(this.#spool);
    this.#table = new TokenTable(take);
    const reserved = reservedTokens(settings.sequences);
    for (const token of reserved) {
      const bytes = Buffer.from(token);
      this.#table.intern(bytes, 0, bytes.length);
    }
    this.#reserved = reserved.length;
    this.#sequenceStart = reservedPlace(settings.sequences, '<s>');
    this.#sequenceEnd = reservedPlace(settings.sequences, '</s>');
    this.#words = new Uint32Array(settings.order);
  }

  /** The number of lines with an n-gram. */
  get length(): number {
    return this.#ngrams;
  }

  /** Takes the next bytes, which may be overwritten afterwards. */
  write(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      if (this.#unfinishedBytes === 0) this.#readLine(chunk, start, end);
      else this.#readUnfinished(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.slice(start));
  }

  /** Ends the counts. Throws `empty-text` if there are none. */
  finish(names: TextNames = {}): DraftSummary {
    if (this.#unfinishedBytes > 0) this.#readUnfinished(new Uint8Array(0));
    this.#records.end();
    if (this.#ngrams === 0) throw new NgramdError('empty-text', 'There is no line with a count.');
    this.#names = names;
    const letters = { letters: 0, dropped: 0 };
    return { tokens: this.#ngrams, bytes: this.#bytes, sha256: this.#hash.copy().digest('hex'), letters };
  }

  /** Hands over the counts. Nothing can be written afterwards. */
  take(): DraftContent {
    const words = this.#table.take();
    const counts = (this.#hasUnigrams ? this.#unigrams : this.#ends).slice(0, words.size);
    const sha256 = this.#hash.digest('hex');
    return {
      // How many tokens there are is known when their counts have been derived.
      texts: [{ tokens: 0, bytes: this.#bytes, sha256, words: words.size, ...this.#names }],
      tokens: this.#spool.take(),
      words,
      counts,
      sequences: 0,
      isOfCounts: true,
    };
  }

  /** Frees the memory and the temporary file, if they were not handed over. */
  dispose(): void {
    this.#spool.dispose();
  }

  #keep(piece: Uint8Array): void {
    this.#unfinishedBytes += piece.length;
    if (this.#unfinishedBytes > maxLineBytes) {
      this.#line++;
      throw this.#refused(`it is longer than ${maxLineBytes} bytes.`);
    }
    this.#unfinished.push(piece);
  }

  #readUnfinished(end: Uint8Array): void {
    this.#keep(end);
    const line = Buffer.concat(this.#unfinished);
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
    this.#readLine(line, 0, line.length);
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    this.#line++;
    let from = start;
    let to = end;
    if (this.#line === 1 && hasByteOrderMark(bytes, from)) from += byteOrderMark.length;
    if (to > from && bytes[to - 1] === carriageReturn) to--;
    let at = from;
    while (at < to && bytes[at] !== tab) at++;
    if (at === to) {
      if (!isBlank(bytes, from, to)) throw this.#refusedWithoutTab(bytes.subarray(from, to));
      this.#records.skip();
      return;
    }
    const order = this.#readWords(bytes, from, at);
    let count: number;
    try {
      count = this.#columns.read(bytes, at + 1, to);
    } catch (error) {
      throw error instanceof NgramdError ? this.#refused(error.message) : error;
    }
    this.#records.add(this.#words, order, count);
    this.#ngrams++;
    this.#count(order, count);
  }

  /** Reads the n-gram; returns how many words it has. */
  #readWords(bytes: Uint8Array, start: number, end: number): number {
    const isChar = this.#settings.tokenizer === 'char';
    let order = 0;
    for (let at = start; at < end; at++) {
      if (bytes[at] === space && !isChar) continue;
      let stop = at + 1;
      // Under `char`, a space can be a word: each word is one character, or a mark.
      if (!isChar || bytes[at] === opening) while (stop < end && bytes[stop] !== space) stop++;
      if (order < this.#words.length) this.#words[order] = this.#word(bytes, at, stop);
      order++;
      at = stop;
      if (isChar && at < end && bytes[at] !== space)
        throw this.#refused('its characters are not separated by single spaces.');
    }
    if (order === 0) throw this.#refused('it has no words before the tab.');
    if (order > this.#words.length) {
      throw this.#refused(
        `it has ${order} words, and the corpus counts n-grams up to order ${this.#words.length}.`,
      );
    }
    this.#checkMarks(order);
    return order;
  }

  #word(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#table.size;
    const word = this.#table.intern(bytes, start, end);
    if (word === known) this.#checkWord(bytes.subarray(start, end));
    return word;
  }

  /** Throws for a word that the tokenizer would not leave as it is. */
  #checkWord(bytes: Uint8Array): void {
    if (!isUtf8(bytes)) throw this.#refused('it is not valid UTF-8.');
    const word = decodeUtf8(bytes, 0, bytes.length);
    const { tokenizer } = this.#settings;
    let tokens: string[];
    try {
      tokens = tokenizeQuery(this.#settings, word);
    } catch (error) {
      throw error instanceof NgramdError ? this.#refused(error.message) : error;
    }
    if (tokens.length === 1 && tokens[0] === word) return;
    const read = tokens.length === 0 ? 'nothing' : tokens.slice(0, 5).map((token) => JSON.stringify(token));
    const advice =
      tokenizer === 'whitespace'
        ? 'White space of any kind, also U+00A0 and U+3000, separates words: write another character in its place.'
        : 'Choose tokenizer=whitespace, which takes words as they are, or count words as the tokenizer reads them.';
    throw this.#refused(`tokenizer=${tokenizer} reads its word ${shown(word)} as ${read}. ${advice}`);
  }

  /** Throws for `<s>` that does not begin the n-gram, and for `</s>` that does not end it. */
  #checkMarks(order: number): void {
    if (this.#sequenceStart === undefined) return;
    for (let i = 0; i < order; i++) {
      const word = this.#words[i];
      if (word >= this.#reserved) continue;
      if (word === this.#sequenceStart && i > 0)
        throw this.#refused('<s> begins a line: it can only be the first word.');
      if (word === this.#sequenceEnd && i < order - 1)
        throw this.#refused('</s> ends a line: it can only be the last word.');
    }
  }

  #count(order: number, count: number): void {
    const last = this.#words[order - 1];
    if (this.#table.size > this.#ends.length) this.#grow();
    this.#ends[last] += count;
    if (order > 1) return;
    this.#unigrams[last] += count;
    this.#hasUnigrams = true;
  }

  #grow(): void {
    const length = 2 * Math.max(this.#ends.length, this.#table.size);
    this.#take(16 * length);
    const released = 2 * this.#ends.byteLength;
    const [unigrams, ends] = [new Float64Array(length), new Float64Array(length)];
    unigrams.set(this.#unigrams);
    ends.set(this.#ends);
    this.#unigrams = unigrams;
    this.#ends = ends;
    this.#take(-released);
  }

  #refusedWithoutTab(line: Uint8Array): NgramdError {
    if (!isUtf8(line)) return this.#refused('it is not valid UTF-8.');
    const quoted = shown(decodeUtf8(line, 0, line.length));
    return this.#refused(`it has no tab: an n-gram, a tab and its count are expected, and not ${quoted}.`);
  }

  #refused(reason: string): NgramdError {
    return new NgramdError('invalid-text', `Line ${this.#line}: ${reason}`);
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== space) return false;
  return true;
}
