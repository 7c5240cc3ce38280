import { NgramdError } from '../errors.ts';
import type { TokenId } from '../index/count-index.ts';
import type { TokenFinder } from '../index/vocabulary.ts';
import { reservedId, reservedTokens } from '../text/reserved.ts';
import { createTokenizer, type Tokenizer, type TokenizerState } from '../text/tokenizer.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import type { Model } from './model.ts';

/** Which marks are put around each sequence; in corpora of documents there are none. */
export interface Marks {
  /** Whether `<s>` stands before each line. */
  bos: boolean;
  /** Whether `</s>` is visited after each line. */
  eos: boolean;
}

/** Receives the tokens of sequences in order. */
export interface SequenceVisitor {
  /** Whether it has no room for what comes next: then it is flushed. */
  readonly isFull: boolean;
  /** A sequence begins; these tokens stand before it. */
  begin(context: readonly TokenId[]): void;
  /** The next token; `text` where the reader was asked for texts. */
  token(id: TokenId, text: string | undefined): void;
  /** Makes room. A promise where that has to be waited for. */
  flush(): void | Promise<void>;
}

/** How a text is read. */
export interface Reading {
  readonly marks: Marks;
  /** Whether the visitor is given the tokens' texts, and not their ids alone. */
  readonly withTexts: boolean;
  /** Is called at the end of each line, for texts that are lines; the lines of others end sequences at most. */
  readonly onLineEnd?: (() => void) | undefined;
  /** As in `createTokenizer`. */
  readonly isStart: boolean;
  /** Where the text goes on that this is a part of. */
  readonly state?: { readonly tokenizer: TokenizerState; readonly walker: WalkerState } | undefined;
}

/** How many bytes of a text are tokenized before the visitor is led along their tokens. */
const chunkBytes = 2 ** 16;

/** Reads texts that come in parts: tokenizes them chunk by chunk and leads a visitor along their sequences between. */
export class SequenceReader {
  readonly walker: SequenceWalker;
  readonly #visitor: SequenceVisitor;
  readonly #finder: TokenFinder;
  readonly #tokenizer: Tokenizer;
  readonly #onLineEnd: () => void;
  /** Of the tokens that have come since the last chunk, where they are wanted. */
  #texts: string[] | undefined;
  /** How many tokens had come at the end of each line. */
  #lineEnds: number[] = [];
  #tokens = 0;

  constructor(
    model: Model,
    visitor: SequenceVisitor,
    { marks, withTexts, onLineEnd, isStart, state }: Reading,
  ) {
    const { settings, vocabulary } = model;
    const walker = new SequenceWalker(model, marks, visitor, state?.walker);
    this.walker = walker;
    this.#visitor = visitor;
    this.#finder = vocabulary.finder();
    this.#texts = withTexts ? [] : undefined;
    const endSequence = settings.sequences === 'line' ? () => walker.endSequence() : () => {};
    this.#onLineEnd = onLineEnd ?? endSequence;
    const sink = {
      token: (bytes: Uint8Array, start: number, end: number) => {
        this.#finder.add(bytes, start, end);
        this.#tokens++;
        this.#texts?.push(decodeUtf8(bytes, start, end));
      },
      lineEnd: () => {
        this.#lineEnds.push(this.#tokens);
      },
    };
    this.#tokenizer = createTokenizer(settings, sink, isStart, state?.tokenizer);
  }

  /** Takes the next bytes. Throws `invalid-text` where they are not UTF-8 or hold the marks of lines. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      await this.#read(() => this.#tokenizer.write(bytes.subarray(at, at + chunkBytes)));
    }
  }

  /** Ends the text. Throws `invalid-text` where it ends inside a character. */
  async end(): Promise<void> {
    await this.#read(() => this.#tokenizer.end());
  }

  /** Where the tokenizer is. */
  tokenizerState(): TokenizerState {
    return this.#tokenizer.state();
  }

  /** Leads the visitor along the tokens that come, also those before an error. */
  async #read(tokenize: () => void): Promise<void> {
    let error: unknown;
    try {
      tokenize();
    } catch (thrown) {
      error = thrown;
    }
    await this.#visit();
    if (error !== undefined) throw error;
  }

  async #visit(): Promise<void> {
    const found = this.#finder.take();
    const ids = found instanceof Promise ? await found : found;
    const texts = this.#texts;
    const lineEnds = this.#lineEnds;
    if (texts !== undefined) this.#texts = [];
    this.#lineEnds = [];
    this.#tokens = 0;
    const visitor = this.#visitor;
    let line = 0;
    for (let at = 0; at <= ids.length; at++) {
      while (line < lineEnds.length && lineEnds[line] === at) {
        this.#onLineEnd();
        line++;
        if (visitor.isFull) await visitor.flush();
      }
      if (at === ids.length) break;
      this.walker.token(ids[at], texts?.[at]);
      if (visitor.isFull) {
        const flushed = visitor.flush();
        if (flushed !== undefined) await flushed;
      }
    }
  }
}

/** Where a walker is in a text. */
export interface WalkerState {
  /** The tokens before the next one, as many as are its context. */
  context: readonly TokenId[];
  /** Whether the sequence has no tokens yet. */
  sequenceIsEmpty: boolean;
  /** Whether the text has none. */
  textIsEmpty: boolean;
}

/** Leads a visitor along sequences, token by token. */
export class SequenceWalker {
  readonly #visitor: SequenceVisitor;
  readonly #reserved: readonly string[];
  readonly #sequenceStart: TokenId | undefined;
  readonly #sequenceEnd: TokenId | undefined;
  readonly #before: readonly TokenId[];
  readonly #endIsVisited: boolean;
  #sequenceIsEmpty: boolean;
  #textIsEmpty: boolean;

  /** Goes on from `state`, or begins a text where there is none. */
  constructor(
    { settings: { sequences } }: Pick<Model, 'settings'>,
    { bos, eos }: Marks,
    visitor: SequenceVisitor,
    state?: WalkerState,
  ) {
    this.#visitor = visitor;
    this.#reserved = reservedTokens(sequences);
    this.#sequenceStart = reservedId(sequences, '<s>');
    this.#sequenceEnd = reservedId(sequences, '</s>');
    this.#before = bos && this.#sequenceStart !== undefined ? [this.#sequenceStart] : [];
    this.#endIsVisited = eos && this.#sequenceEnd !== undefined;
    this.#sequenceIsEmpty = state?.sequenceIsEmpty ?? true;
    this.#textIsEmpty = state?.textIsEmpty ?? true;
    visitor.begin(state?.context ?? this.#before);
  }

  /** Where it is, with the context, which the visitor knows. */
  state(context: readonly TokenId[]): WalkerState {
    return { context, sequenceIsEmpty: this.#sequenceIsEmpty, textIsEmpty: this.#textIsEmpty };
  }

  /** The next token. Throws `invalid-text` where it is a mark of lines. */
  token(id: TokenId, text: string | undefined): void {
    if (id > 0 && (id === this.#sequenceStart || id === this.#sequenceEnd)) {
      throw new NgramdError(
        'invalid-text',
        `The text holds a literal ${this.#reserved[id]}, which is put around each line without being asked. Take it out.`,
      );
    }
    this.#visitor.token(id, text);
    this.#sequenceIsEmpty = false;
    this.#textIsEmpty = false;
  }

  /** Ends the sequence, if one has begun. */
  endSequence(): void {
    if (!this.#sequenceIsEmpty) this.#end();
  }

  /** Ends the text. One without tokens is an empty sequence, which in corpora of lines has its `</s>`. */
  endText(): void {
    if (!this.#sequenceIsEmpty || this.#textIsEmpty) this.#end();
    this.#textIsEmpty = true;
  }

  #end(): void {
    if (this.#endIsVisited) this.#visitor.token(this.#sequenceEnd as TokenId, '</s>');
    this.#visitor.begin(this.#before);
    this.#sequenceIsEmpty = true;
  }
}
