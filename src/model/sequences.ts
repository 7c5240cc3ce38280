import { NgramdError } from '../errors.ts';
import type { TokenId } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';
import type { TokenSink } from '../text/token-sink.ts';
import { createTokenizer } from '../text/tokenizer.ts';
import type { Model, Vocabulary } from './model.ts';

/** Which marks are put around each sequence; in corpora of documents there are none. */
export interface Marks {
  /** Whether `<s>` stands before each line. */
  bos: boolean;
  /** Whether `</s>` is visited after each line. */
  eos: boolean;
}

/** Is led along sequences. */
export interface SequenceVisitor {
  /** A sequence begins; these tokens stand before it. */
  begin(context: readonly TokenId[]): void;
  /** The next token, whose UTF-8 is `bytes[start, end)`. */
  token(id: TokenId, bytes: Uint8Array, start: number, end: number): void;
}

/**
 * Visits each token of a text: one sequence or, in corpora of lines, one for each line that is not empty.
 * Throws `invalid-text` where the text is not UTF-8 or holds the marks of lines.
 */
export function readSequences(model: Model, marks: Marks, text: Uint8Array, visitor: SequenceVisitor): void {
  const isOfLines = model.settings.sequences === 'line';
  const walker = new SequenceWalker(model, marks, visitor);
  const sink: TokenSink = {
    token: (bytes, start, end) => walker.token(bytes, start, end),
    lineEnd: () => {
      if (isOfLines) walker.endSequence();
    },
  };
  const tokenizer = createTokenizer(model.settings, sink, true);
  tokenizer.write(text);
  tokenizer.end();
  walker.endSequence();
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
  readonly #vocabulary: Vocabulary;
  readonly #visitor: SequenceVisitor;
  readonly #sequenceStart: TokenId | undefined;
  readonly #sequenceEnd: TokenId | undefined;
  readonly #before: readonly TokenId[];
  readonly #endIsVisited: boolean;
  #sequenceIsEmpty: boolean;
  #textIsEmpty: boolean;

  /** Goes on from `state`, or begins a text where there is none. */
  constructor(
    { settings, vocabulary }: Model,
    { bos, eos }: Marks,
    visitor: SequenceVisitor,
    state?: WalkerState,
  ) {
    this.#vocabulary = vocabulary;
    this.#visitor = visitor;
    this.#sequenceStart = reservedId(settings.sequences, '<s>');
    this.#sequenceEnd = reservedId(settings.sequences, '</s>');
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
  token(bytes: Uint8Array, start: number, end: number): void {
    const id = this.#vocabulary.find(bytes, start, end);
    if (id > 0 && (id === this.#sequenceStart || id === this.#sequenceEnd)) {
      throw new NgramdError(
        'invalid-text',
        `The text holds a literal ${this.#vocabulary.token(id)}, which is put around each line without being asked. Take it out.`,
      );
    }
    this.#visitor.token(id, bytes, start, end);
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
    if (this.#endIsVisited) this.#visitor.token(this.#sequenceEnd as TokenId, endMark, 0, endMark.length);
    this.#visitor.begin(this.#before);
    this.#sequenceIsEmpty = true;
  }
}

const endMark = Buffer.from('</s>');
