import type { ArpaLevel } from '../../index/arpa/arpa-table.ts';
import { type TokenId, UNSEEN } from '../../index/count-index.ts';
import { reservedTokens } from '../../text/reserved.ts';
import { maxTokenBytes } from '../../text/stretches.ts';
import { type TokenList, TokenTable } from '../../text/token-table.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import { ArpaFault } from './arpa-fault.ts';
import { sharedFloats, sharedIds } from './level-builder.ts';

const [unknown, sequenceStart] = [0, 1];

/** Some systems write `<UNK>` for `<unk>`. */
const otherUnknown = '<UNK>';

/**
 * The unigrams of an ARPA file, which are its words: their ids rise from 0 in the order of the file, after the reserved
 * tokens.
 */
export class Unigrams {
  readonly #table: TokenTable;
  readonly #take: (bytes: number) => void;
  /** The log probability of each word, NaN if there is none, and its back-off weight. */
  #logProbabilities = new Float32Array(2 ** 10).fill(Number.NaN);
  #backoffs = new Float32Array(2 ** 10);
  /** Whether the unigram `<UNK>` was read as `<unk>`. */
  #hasOtherUnknown = false;

  /**
   * `take` is called with the bytes of memory that are about to be used, and with a negative number when some are
   * freed.
   */
  constructor(take: (bytes: number) => void) {
    this.#take = take;
    this.#table = new TokenTable(take);
    for (const token of reservedTokens('line')) {
      const bytes = Buffer.from(token);
      this.#table.intern(bytes, 0, bytes.length);
    }
  }

  /** The bytes that the words take when the model is asked. */
  get bytes(): number {
    return this.#table.sharedBytes;
  }

  /** Adds a unigram, whose word is `bytes[start, end)`. Throws `ArpaFault` if it is there, or too long. */
  add(logProbability: number, bytes: Uint8Array, start: number, end: number, backoff: number): void {
    if (end - start > maxTokenBytes) throw new ArpaFault(`its word has more than ${maxTokenBytes} bytes`);
    let id: TokenId;
    if (isOtherUnknown(bytes, start, end)) {
      id = unknown;
      this.#hasOtherUnknown = true;
    } else id = this.#table.intern(bytes, start, end);
    if (id >= this.#logProbabilities.length) this.#grow();
    if (!Number.isNaN(this.#logProbabilities[id])) {
      throw new ArpaFault(`the word ${quoted(bytes, start, end)} stands for the second time`);
    }
    this.#logProbabilities[id] = logProbability;
    this.#backoffs[id] = backoff;
  }

  /** The id of a word of an n-gram. Throws `ArpaFault` if it is no unigram. */
  idOf(bytes: Uint8Array, start: number, end: number): TokenId {
    const id = this.#table.find(bytes, start, end);
    if (id >= 0 && (id === unknown || this.#isListed(id))) return id;
    if (this.#hasOtherUnknown && isOtherUnknown(bytes, start, end)) return unknown;
    throw new ArpaFault(`its word ${quoted(bytes, start, end)} is not among the 1-grams`);
  }

  /**
   * The ids of the words `bytes[starts[i], ends[i])`, for `count` of them, into `ids`; -1 for what is no unigram under
   * this name.
   */
  findAll(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, ids: Int32Array, count: number): void {
    this.#table.findAll(bytes, starts, ends, ids, count);
    for (let i = 0; i < count; i++) if (ids[i] > unknown && !this.#isListed(ids[i])) ids[i] = UNSEEN;
  }

  /** The words of an n-gram, separated by spaces. */
  textOf(ngram: readonly TokenId[]): string {
    return ngram.map((id) => this.#table.token(id)).join(' ');
  }

  /**
   * The level of order 1, without children, and the number of words that can be the next one. Throws `ArpaFault` if
   * there is none.
   */
  level(isHighest: boolean): { level: ArpaLevel; listed: number } {
    const { size } = this.#table;
    this.#take(16 * size);
    const words = sharedIds(size);
    for (let id = 0; id < size; id++) words[id] = id;
    const logProbabilities = sharedFloats(size);
    logProbabilities.set(this.#logProbabilities.subarray(0, size));
    const backoffs = sharedFloats(isHighest ? 0 : size);
    backoffs.set(this.#backoffs.subarray(0, backoffs.length));
    let listed = 0;
    for (let id = 0; id < size; id++) {
      if (!Number.isNaN(logProbabilities[id]) && id !== sequenceStart) listed++;
    }
    if (listed === 0) throw new ArpaFault('there is no word among the 1-grams before it');
    return { level: { size, words, logProbabilities, backoffs, children: sharedIds(0) }, listed };
  }

  /** Hands over the words. */
  take(): TokenList {
    return this.#table.take();
  }

  /** Whether the file has the unigram of a word that is in the table. */
  #isListed(id: TokenId): boolean {
    return !Number.isNaN(this.#logProbabilities[id]);
  }

  #grow(): void {
    const old = this.#logProbabilities;
    this.#take(16 * old.length);
    this.#logProbabilities = new Float32Array(2 * old.length).fill(Number.NaN);
    this.#logProbabilities.set(old);
    const backoffs = new Float32Array(2 * old.length);
    backoffs.set(this.#backoffs);
    this.#backoffs = backoffs;
    this.#take(-8 * old.length);
  }
}

function isOtherUnknown(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === otherUnknown.length &&
    bytes[start + 1] === 0x55 &&
    decodeUtf8(bytes, start, end) === otherUnknown
  );
}

function quoted(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(decodeUtf8(bytes, start, Math.min(end, start + 100)));
}
