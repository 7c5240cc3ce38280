import { createHash, type Hash } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { reservedId, reservedTokens } from '../../text/reserved.ts';
import type { TokenSink } from '../../text/token-sink.ts';
import { type TokenList, TokenTable } from '../../text/token-table.ts';
import { createTokenizer, type Tokenizer } from '../../text/tokenizer.ts';
import { type SpooledTokens, TokenSpool } from './token-spool.ts';

/** What is known of an uploaded text once all of it is here. */
export interface DraftSummary {
  tokens: number;
  bytes: number;
  sha256: string;
}

/** A text of a draft, and how many distinct words the texts up to it have. */
export type DraftedText = DraftSummary & { words: number };

/** A draft in a form that can go to another thread. */
export interface DraftContent {
  readonly texts: readonly DraftedText[];
  readonly tokens: SpooledTokens;
  readonly words: TokenList;
  /** How often each word occurs in the first text that has it. */
  readonly counts: Float64Array;
  /** How many sequences there are at most. */
  readonly sequences: number;
}

/**
 * The texts of an upload on their way in: their tokens as numbers of words in the order of their first appearance (the
 * reserved tokens come first, under their ids), not yet part of a corpus. With lines, `</s>` stands after the tokens of
 * each.
 */
export class Draft implements TokenSink {
  readonly #tokens: TokenSpool;
  readonly #table: TokenTable;
  readonly #tokenizer: Tokenizer;
  readonly #sequenceEnd: number | undefined;
  readonly #sequenceMarks: number;
  readonly #take: (bytes: number) => void;
  readonly #texts: DraftedText[] = [];
  /** How often each word occurs in the first text that has it; a text can have more than 2^32 tokens. */
  #counts = new Float64Array(64);
  #sequences = 0;
  /** Of the current text: */
  #hash: Hash | undefined;
  #bytes = 0;
  #firstToken = 0;
  #firstWord = 0;
  #line = 1;
  #lineIsEmpty = true;

  /**
   * `spoolPath` is where the tokens are kept where they are many; `take` is told of memory for distinct tokens, in bytes,
   * before it is used, and of memory that is free again as a negative number.
   */
  constructor(settings: CorpusSettings, spoolPath: string, take: (bytes: number) => void = () => {}) {
    this.#take = take;
    this.#tokens = new TokenSpool(spoolPath);
    this.#table = new TokenTable(take);
    this.#tokenizer = createTokenizer(settings, this, true);
    const reserved = reservedTokens(settings.sequences);
    for (const token of reserved) {
      const bytes = Buffer.from(token);
      this.#table.intern(bytes, 0, bytes.length);
    }
    this.#sequenceMarks = reserved.length;
    this.#sequenceEnd = reservedId(settings.sequences, '</s>');
  }

  /** How many tokens there are in all texts. */
  get length(): number {
    return this.#tokens.length;
  }

  /**
   * Takes the next bytes of the current text. Throws `invalid-text` where they are not UTF-8 or hold what a corpus can't,
   * and what `take` throws; the draft is of no use then.
   */
  write(chunk: Uint8Array): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#tokenizer.write(chunk);
  }

  /** Ends the current text; the next `write` begins another. Throws `empty-text` where there is no token in it. */
  finish(): DraftSummary {
    this.#tokenizer.end();
    const bytes = this.#bytes;
    const tokens = this.#tokens.length - this.#firstToken;
    if (this.#hash === undefined || bytes === 0)
      throw new NgramdError('empty-text', 'The text is empty: there is nothing to count.');
    if (tokens === 0) {
      throw new NgramdError(
        'empty-text',
        `The tokenizer found no token in the text's ${bytes} bytes: there is nothing to count.`,
      );
    }
    const summary = { tokens, bytes, sha256: this.#hash.digest('hex') };
    this.#texts.push({ ...summary, words: this.#table.size });
    this.#hash = undefined;
    this.#bytes = 0;
    this.#firstToken = this.#tokens.length;
    this.#firstWord = this.#table.size;
    this.#line = 1;
    this.#sequences++;
    return summary;
  }

  /** Hands over the texts that were finished. Nothing can be written then. */
  take(): DraftContent {
    const words = this.#table.take();
    const counts = this.#counts.slice(0, words.size);
    this.#counts = new Float64Array(0);
    return {
      texts: this.#texts,
      tokens: this.#tokens.take(),
      words,
      counts,
      sequences: this.#sequences,
    };
  }

  /** Frees the memory and the temporary file, if they were not handed over. */
  dispose(): void {
    this.#tokens.dispose();
  }

  token(bytes: Uint8Array, start: number, end: number): void {
    const word = this.#table.intern(bytes, start, end);
    if (word > 0 && word < this.#sequenceMarks) this.#refuseMark(word);
    this.#push(word);
    this.#lineIsEmpty = false;
  }

  lineEnd(): void {
    this.#line++;
    if (this.#sequenceEnd !== undefined && !this.#lineIsEmpty) {
      this.#push(this.#sequenceEnd);
      this.#sequences++;
    }
    this.#lineIsEmpty = true;
  }

  #push(word: number): void {
    if (word >= this.#firstWord) this.#count(word);
    this.#tokens.push(word);
  }

  #count(word: number): void {
    if (word >= this.#counts.length) {
      const { byteLength, length } = this.#counts;
      this.#take(2 * byteLength);
      const larger = new Float64Array(2 * length);
      larger.set(this.#counts);
      this.#counts = larger;
      this.#take(-byteLength);
    }
    this.#counts[word]++;
  }

  #refuseMark(word: number): never {
    throw new NgramdError(
      'invalid-text',
      `Line ${this.#line} holds a literal ${this.#table.token(word)}, which is the mark that ngramd itself puts around each line of a corpus with sequences=line. Take it out of the text.`,
    );
  }
}

/** The memory of a draft that can be handed over, and need not be copied. */
export function buffersOf({ tokens, words, counts }: DraftContent): ArrayBuffer[] {
  return [...tokens.chunks, words.bytes, words.ends, counts].map(({ buffer }) => buffer as ArrayBuffer);
}
