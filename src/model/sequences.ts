import { NgramdError } from '../errors.ts';
import type { TokenId } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';
import { createTokenizer } from '../text/tokenizer.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import type { Model } from './model.ts';

/** Which marks are put around each sequence; in corpora of documents there are none. */
export interface Marks {
  /** Whether `<s>` stands before each line. */
  bos: boolean;
  /** Whether `</s>` is visited after each line. */
  eos: boolean;
}

/** Visits a token after its context: of at most order - 1 tokens, valid only during the call. */
export type Visit = (context: readonly TokenId[], id: TokenId, token: () => string) => void;

/**
 * Visits each token of a text with its context: one sequence or, in corpora of lines, one for each line that is not
 * empty. Throws `invalid-text` where the text is not UTF-8 or holds the marks of lines.
 */
export function readSequences(model: Model, marks: Marks, text: Uint8Array, visit: Visit): void {
  const isOfLines = model.settings.sequences === 'line';
  const walker = new SequenceWalker(model, marks, visit);
  const tokenizer = createTokenizer(model.settings.tokenizer, {
    token: (bytes, start, end) => walker.token(bytes, start, end),
    lineEnd: () => {
      if (isOfLines) walker.endSequence();
    },
  });
  tokenizer.write(text);
  tokenizer.end();
  walker.endSequence();
}

/** Walks along sequences, token by token. */
export class SequenceWalker {
  readonly #model: Model;
  readonly #marks: Marks;
  readonly #visit: Visit;
  readonly #sequenceStart: TokenId | undefined;
  readonly #sequenceEnd: TokenId | undefined;
  #context: TokenId[] = [];
  #isEmpty = true;

  constructor(model: Model, marks: Marks, visit: Visit) {
    this.#model = model;
    this.#marks = marks;
    this.#visit = visit;
    this.#sequenceStart = reservedId(model.settings.sequences, '<s>');
    this.#sequenceEnd = reservedId(model.settings.sequences, '</s>');
    this.#beginSequence();
  }

  /** The next token. Throws `invalid-text` where it is a mark of lines. */
  token(bytes: Uint8Array, start: number, end: number): void {
    const { vocabulary } = this.#model;
    const id = vocabulary.find(bytes, start, end);
    if (id > 0 && (id === this.#sequenceStart || id === this.#sequenceEnd)) {
      throw new NgramdError(
        'invalid-text',
        `The text holds a literal ${vocabulary.token(id)}, which is put around each line without being asked. Take it out.`,
      );
    }
    this.#step(id, () => decodeUtf8(bytes, start, end));
    this.#isEmpty = false;
  }

  /** Ends the sequence, if one has begun. */
  endSequence(): void {
    const end = this.#sequenceEnd;
    if (end !== undefined && this.#marks.eos && !this.#isEmpty) this.#step(end, () => '</s>');
    this.#beginSequence();
  }

  #beginSequence(): void {
    this.#isEmpty = true;
    const start = this.#sequenceStart;
    const begins = start !== undefined && this.#marks.bos && this.#model.order > 1;
    this.#context = begins ? [start] : [];
  }

  #step(id: TokenId, token: () => string): void {
    this.#visit(this.#context, id, token);
    this.#context.push(id);
    if (this.#context.length === this.#model.order) this.#context.shift();
  }
}
