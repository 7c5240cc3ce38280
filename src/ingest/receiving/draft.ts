import { createHash, type Hash } from 'node:crypto';
import { NgramdError } from '../../errors.ts';
import type { CorpusSettings, DocumentLabels } from '../../store/store.ts';
import { droppedLettersNote, ForeignLetters, type LetterCounts } from '../../text/foreign-letters.ts';
import { reservedPlace, reservedTokens } from '../../text/reserved.ts';
import type { TokenSink } from '../../text/token-sink.ts';
import { type TokenList, TokenTable } from '../../text/token-table.ts';
import { createTokenizer, type Tokenizer, type TokenizerName } from '../../text/tokenizer.ts';
import { type SpooledTokens, TokenSpool } from './token-spool.ts';

/** What is known of an uploaded text when all of it has been received. */
export interface DraftSummary {
  tokens: number;
  bytes: number;
  sha256: string;
  letters: LetterCounts;
}

/** What an upload says of a text: the id that its document shall have, its title and its date. */
export interface TextNames extends DocumentLabels {
  id?: string | undefined;
}

/** A text of a draft, and the number of distinct words in the texts up to it. */
export type DraftedText = Omit<DraftSummary, 'letters'> & TextNames & { words: number };

/** A draft in a form that can be sent to another thread. */
export interface DraftContent {
  readonly texts: readonly DraftedText[];
  readonly tokens: SpooledTokens;
  readonly words: TokenList;
  /** How often each word occurs in the first text that has it. */
  readonly counts: Float64Array;
  /** The maximum number of sequences. */
  readonly sequences: number;
  /** Whether it has counts instead of texts: the tokens are then records of `counts/count-records.ts`. */
  readonly isOfCounts: boolean;
}

/**
 * The texts of an upload that is being received, not yet part of a corpus: their tokens as numbers of words in the
 * order of first appearance (the reserved tokens come first, under their ids). With lines, `</s>` follows the tokens of
 * each line, and if blank lines are sentences, it is all that these have.
 */
export class Draft implements TokenSink {
  readonly #tokens: TokenSpool;
  readonly #table: TokenTable;
  readonly #tokenizer: Tokenizer;
  readonly #tokenizerName: TokenizerName;
  readonly #letters: ForeignLetters;
  readonly #sequenceEnd: number | undefined;
  readonly #sequenceMarks: number;
  readonly #countsBlankLines: boolean;
  readonly #take: (bytes: number) => void;
  readonly #texts: DraftedText[] = [];
  /** The ids that finished texts shall have. */
  readonly #ids = new Set<string>();
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
   * `spoolPath` is the file for the tokens if there are many; `take` is called with the memory for distinct tokens, in
   * bytes, before it is used, and with a negative number when memory is free again.
   */
  constructor(settings: CorpusSettings, spoolPath: string, take: (bytes: number) => void = () => {}) {
    this.#take = take;
    this.#tokens = new TokenSpool(spoolPath);
    this.#table = new TokenTable(take);
    this.#tokenizer = createTokenizer(settings, this, true);
    this.#tokenizerName = settings.tokenizer;
    this.#letters = new ForeignLetters(settings.tokenizer);
    const reserved = reservedTokens(settings.sequences);
    for (const token of reserved) {
      const bytes = Buffer.from(token);
      this.#table.intern(bytes, 0, bytes.length);
    }
    this.#sequenceMarks = reserved.length;
    this.#sequenceEnd = reservedPlace(settings.sequences, '</s>');
    this.#countsBlankLines = settings.blankLines === 'sentence';
  }

  /** The number of tokens in all texts. */
  get length(): number {
    return this.#tokens.length;
  }

  /**
   * Takes the next bytes of the current text. Throws `invalid-text` if they are not UTF-8 or contain what a corpus
   * cannot, and what `take` throws; the draft is unusable then.
   */
  write(chunk: Uint8Array): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    this.#letters.add(chunk);
    this.#tokenizer.write(chunk);
  }

  /** Ends the current text; the next `write` begins another. Throws `empty-text` if it has no tokens. */
  finish(names: TextNames = {}): DraftSummary {
    this.#tokenizer.end();
    const bytes = this.#bytes;
    const tokens = this.#tokens.length - this.#firstToken;
    const letters = this.#letters.take();
    if (this.#hash === undefined || bytes === 0)
      throw new NgramdError('empty-text', 'The text is empty: there is nothing to count.');
    if (tokens === 0) {
      const note = droppedLettersNote(this.#tokenizerName, [letters]);
      const nothing = `The tokenizer found no token in the text's ${bytes} bytes: there is nothing to count.`;
      throw new NgramdError('empty-text', note === undefined ? nothing : `${nothing} ${note}`);
    }
    const sha256 = this.#hash.digest('hex');
    this.#texts.push({ tokens, bytes, sha256, words: this.#table.size, ...names });
    if (names.id !== undefined) this.#ids.add(names.id);
    this.#hash = undefined;
    this.#bytes = 0;
    this.#firstToken = this.#tokens.length;
    this.#firstWord = this.#table.size;
    this.#line = 1;
    this.#sequences++;
    return { tokens, bytes, sha256, letters };
  }

  /** Whether a finished text shall have this id. */
  hasDocument(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Hands over the finished texts. Nothing can be written afterwards. */
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
      isOfCounts: false,
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
    if (this.#sequenceEnd !== undefined && (this.#countsBlankLines || !this.#lineIsEmpty)) {
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
      `Line ${this.#line} has a literal ${this.#table.token(word)}, a marker that ngramd itself adds to each line of a corpus with sequences=line. Remove it from the text.`,
    );
  }
}
