import { NgramdError } from '../errors.ts';
import type { TokenId } from '../index/count-index.ts';
import type { TokenFinder } from '../index/vocabulary.ts';
import { reservedId } from '../text/reserved.ts';
import { createTokenizer, type Tokenizer, type TokenizerState } from '../text/tokenizer.ts';
import type { LanguageModel } from './language-model.ts';
import { TokenTexts } from './token-texts.ts';

/** The markers around each sequence; in corpora of documents there are none. */
export interface Marks {
  /** Whether each line begins after `<s>`. */
  bos: boolean;
  /** Whether `</s>` is visited after each line. */
  eos: boolean;
}

/** Receives the tokens of sequences in order. */
export interface SequenceVisitor {
  /** The number of tokens for which it has room before it is flushed; always enough for the end of a sequence. */
  readonly room: number;
  /** A sequence begins after these tokens, given by the ids under which they are counted. */
  begin(context: readonly TokenId[]): void;
  /** The next tokens, `ids[from, to)`; `texts` has the texts of `ids` if the reader has `withTexts`. */
  tokens(ids: Int32Array, from: number, to: number, texts: TokenTexts | undefined): void;
  /** The token `</s>`. */
  sequenceEnd(id: TokenId, texts: TokenTexts | undefined): void;
  /** Makes room. A promise if that takes time. */
  flush(): void | Promise<void>;
}

/** Options of reading a text. */
export interface Reading {
  readonly marks: Marks;
  /** Whether the visitor gets the tokens' texts as JSON in addition to their ids. */
  readonly withTexts: boolean;
  /** Called at the end of each line, if lines are texts; in other texts, lines can only end sequences. */
  readonly onLineEnd?: (() => void) | undefined;
  /** As in `createTokenizer`. */
  readonly isStart: boolean;
  /** The state from which to continue a text. */
  readonly state?: { readonly tokenizer: TokenizerState; readonly walker: WalkerState } | undefined;
}

/** The number of bytes of a text that are tokenized before the visitor receives their tokens. */
const chunkBytes = 2 ** 16;

/**
 * Reads texts that arrive in parts: tokenizes them chunk by chunk, and passes the sequences of each chunk to a visitor.
 */
export class SequenceReader {
  readonly walker: SequenceWalker;
  readonly #visitor: SequenceVisitor;
  readonly #finder: TokenFinder;
  readonly #tokenizer: Tokenizer;
  readonly #onLineEnd: () => void;
  /** The texts of the chunk's tokens, if requested. */
  readonly texts: TokenTexts | undefined;
  /** The number of tokens at the end of each line. */
  #lineEnds: number[] = [];
  #tokens = 0;

  constructor(
    model: LanguageModel,
    visitor: SequenceVisitor,
    { marks, withTexts, onLineEnd, isStart, state }: Reading,
  ) {
    const { settings, vocabulary } = model;
    this.#visitor = visitor;
    this.#finder = vocabulary.finder();
    this.texts = withTexts ? new TokenTexts() : undefined;
    const walker = new SequenceWalker(model, marks, visitor, this.texts, state?.walker);
    this.walker = walker;
    const endLine = settings.sequences === 'line' ? () => walker.endLine() : () => {};
    this.#onLineEnd = onLineEnd ?? endLine;
    // Lines that are texts do not have their ends in them.
    const read = onLineEnd === undefined ? settings : { ...settings, sequences: 'line' as const };
    const sink = {
      token: (bytes: Uint8Array, start: number, end: number) => {
        this.#finder.add(bytes, start, end);
        this.#tokens++;
        this.texts?.add(bytes, start, end);
      },
      lineEnd: () => {
        this.#lineEnds.push(this.#tokens);
      },
    };
    this.#tokenizer = createTokenizer(read, sink, isStart, state?.tokenizer);
  }

  /** Takes the next bytes. Throws `invalid-text` if they are not UTF-8 or contain the sentence markers. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      await this.#read(() => this.#tokenizer.write(bytes.subarray(at, at + chunkBytes)));
    }
  }

  /** Ends the text. Throws `invalid-text` if it ends inside a character. */
  async end(): Promise<void> {
    await this.#read(() => this.#tokenizer.end());
  }

  /** The state of the tokenizer. */
  tokenizerState(): TokenizerState {
    return this.#tokenizer.state();
  }

  /** Passes the tokens to the visitor, including those before an error, and flushes it. */
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
    const lineEnds = this.#lineEnds;
    this.#lineEnds = [];
    this.#tokens = 0;
    const visitor = this.#visitor;
    let at = 0;
    for (let line = 0; line <= lineEnds.length; line++) {
      const end = line < lineEnds.length ? lineEnds[line] : ids.length;
      while (at < end) {
        const from = at;
        at = Math.min(end, from + visitor.room);
        this.walker.tokens(ids, from, at);
        if (visitor.room > 0) continue;
        const flushed = visitor.flush();
        if (flushed !== undefined) await flushed;
      }
      if (line < lineEnds.length) this.#onLineEnd();
      if (visitor.room === 0) await visitor.flush();
    }
    await visitor.flush();
    this.texts?.clear();
  }
}

/** The state of a walker within a text. */
export interface WalkerState {
  /** The context of the next token. */
  context: readonly TokenId[];
  /** Whether the sequence has no tokens yet. */
  sequenceIsEmpty: boolean;
  /** Whether the text has no tokens yet. */
  textIsEmpty: boolean;
}

/** Passes sequences to a visitor. */
export class SequenceWalker {
  readonly #visitor: SequenceVisitor;
  readonly #sequenceStart: TokenId | undefined;
  readonly #sequenceEnd: TokenId | undefined;
  readonly #before: readonly TokenId[];
  readonly #endIsVisited: boolean;
  readonly #countsBlankLines: boolean;
  readonly #texts: TokenTexts | undefined;
  #sequenceIsEmpty: boolean;
  #textIsEmpty: boolean;

  /** Continues from `state`, or begins a text if there is none. */
  constructor(
    { settings }: Pick<LanguageModel, 'settings'>,
    { bos, eos }: Marks,
    visitor: SequenceVisitor,
    texts: TokenTexts | undefined,
    state?: WalkerState,
  ) {
    this.#visitor = visitor;
    this.#texts = texts;
    this.#sequenceStart = reservedId(settings, '<s>');
    this.#sequenceEnd = reservedId(settings, '</s>');
    this.#before = bos && this.#sequenceStart !== undefined ? [this.#sequenceStart] : [];
    this.#countsBlankLines = settings.blankLines === 'sentence';
    this.#endIsVisited = eos && this.#sequenceEnd !== undefined;
    this.#sequenceIsEmpty = state?.sequenceIsEmpty ?? true;
    this.#textIsEmpty = state?.textIsEmpty ?? true;
    visitor.begin(state?.context ?? this.#before);
  }

  /** Its state, with the context, which the visitor knows. */
  state(context: readonly TokenId[]): WalkerState {
    return { context, sequenceIsEmpty: this.#sequenceIsEmpty, textIsEmpty: this.#textIsEmpty };
  }

  /** The next tokens, `ids[from, to)`. Throws `invalid-text` after those before a sentence marker. */
  tokens(ids: Int32Array, from: number, to: number): void {
    const end = this.#markerIn(ids, from, to);
    this.#visitor.tokens(ids, from, end, this.#texts);
    if (end < to) {
      throw new NgramdError(
        'invalid-text',
        `The text holds a literal ${ids[end] === this.#sequenceStart ? '<s>' : '</s>'}, which is added to each line automatically. Remove it.`,
      );
    }
    this.#sequenceIsEmpty = false;
    this.#textIsEmpty = false;
  }

  /** The index of the first sentence marker; `to` if there is none. */
  #markerIn(ids: Int32Array, from: number, to: number): number {
    const start = this.#sequenceStart;
    const end = this.#sequenceEnd;
    if (start === undefined) return to;
    let at = from;
    while (at < to && ids[at] !== start && ids[at] !== end) at++;
    return at;
  }

  /** Ends a line of a text. */
  endLine(): void {
    if (this.#sequenceIsEmpty && !this.#countsBlankLines) return;
    this.#end();
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
    if (this.#endIsVisited) this.#visitor.sequenceEnd(this.#sequenceEnd as TokenId, this.#texts);
    this.#visitor.begin(this.#before);
    this.#sequenceIsEmpty = true;
  }
}
