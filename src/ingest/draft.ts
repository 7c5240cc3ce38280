import { createHash } from 'node:crypto';
import { NgramdError } from '../errors.ts';
import type { CorpusSettings } from '../store/corpus.ts';
import type { WordList } from '../store/sqlite/corpus-writer.ts';
import { reservedId, reservedTokens } from '../text/reserved.ts';
import type { TokenSink } from '../text/token-sink.ts';
import { TokenTable } from '../text/token-table.ts';
import { createTokenizer, type Tokenizer } from '../text/tokenizer.ts';
import { TokenSpool } from './token-spool.ts';

/** What is known of an uploaded text once all of it is here. */
export interface DraftSummary {
  tokens: number;
  bytes: number;
  sha256: string;
}

/**
 * A text on its way in: its tokens as numbers of words in the order of their first appearance (the reserved tokens
 * come first, under their ids), not yet part of a corpus. With lines, `</s>` stands after the tokens of each.
 */
export class Draft implements TokenSink {
  readonly tokens: TokenSpool;
  readonly #table = new TokenTable();
  readonly #tokenizer: Tokenizer;
  readonly #hash = createHash('sha256');
  readonly #sequenceEnd: number | undefined;
  readonly #sequenceMarks: number;
  /** How often each word occurs; a text can have more than 2^32 tokens. */
  #counts = new Float64Array(1024);
  #bytes = 0;
  #line = 1;
  #lineIsEmpty = true;

  /** `spoolPath` is where a long text's tokens are kept meanwhile. */
  constructor(settings: CorpusSettings, spoolPath: string) {
    this.tokens = new TokenSpool(spoolPath);
    this.#tokenizer = createTokenizer(settings, this, true);
    const reserved = reservedTokens(settings.sequences);
    for (const token of reserved) {
      const bytes = Buffer.from(token);
      this.#table.intern(bytes, 0, bytes.length);
    }
    this.#sequenceMarks = reserved.length;
    this.#sequenceEnd = reservedId(settings.sequences, '</s>');
  }

  /** Takes the next bytes of the text. Throws `invalid-text` where they are not UTF-8 or hold what a corpus can't. */
  write(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#tokenizer.write(chunk);
  }

  /** Ends the text. Throws `empty-text` where there is no token in it. */
  finish(): DraftSummary {
    this.#tokenizer.end();
    if (this.#bytes === 0)
      throw new NgramdError('empty-text', 'The text is empty: there is nothing to count.');
    if (this.tokens.length === 0) {
      throw new NgramdError(
        'empty-text',
        `The tokenizer found no token in the text's ${this.#bytes} bytes: there is nothing to count.`,
      );
    }
    return { tokens: this.tokens.length, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  dispose(): void {
    this.tokens.dispose();
  }

  /** The text's distinct tokens. */
  get words(): WordList {
    return {
      size: this.#table.size,
      token: (word) => this.#table.token(word),
      count: (word) => this.#counts[word] ?? 0,
    };
  }

  token(bytes: Uint8Array, start: number, end: number): void {
    const word = this.#table.intern(bytes, start, end);
    if (word > 0 && word < this.#sequenceMarks) this.#refuseMark(word);
    this.#push(word);
    this.#lineIsEmpty = false;
  }

  lineEnd(): void {
    this.#line++;
    if (this.#sequenceEnd !== undefined && !this.#lineIsEmpty) this.#push(this.#sequenceEnd);
    this.#lineIsEmpty = true;
  }

  #push(word: number): void {
    if (word >= this.#counts.length) {
      const larger = new Float64Array(this.#counts.length * 2);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[word]++;
    this.tokens.push(word);
  }

  #refuseMark(word: number): never {
    throw new NgramdError(
      'invalid-text',
      `Line ${this.#line} holds a literal ${this.#table.token(word)}, which is the mark that ngramd itself puts around each line of a corpus with sequences=line. Take it out of the text.`,
    );
  }
}
