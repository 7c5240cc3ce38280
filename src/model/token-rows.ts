import type { TokenId } from '../index/count-index.ts';
import type { TokenRow } from '../index/count-source.ts';
import type { SequenceVisitor } from './sequences.ts';
import type { TokenTexts } from './token-texts.ts';

/** The maximum number of tokens of a row: few enough for their data to stay in the processor's cache. */
export const rowTokens = 512;

/** Reads what is asked of the words of a row. */
export interface RowTask {
  /** A promise if what it needs is not in memory. */
  read(row: TokenRow): void | Promise<void>;
}

/** Collects the tokens of sequences in rows, and hands over each row when it has been read. */
export class TokenRows implements SequenceVisitor, TokenRow {
  /** For each token, the number of tokens that are its context. */
  readonly before = new Uint8Array(rowTokens);
  /** 0 for tokens that are only contexts of others. */
  readonly isWord = new Uint8Array(rowTokens);
  /** Where the JSON of each token begins and ends in its texts. */
  readonly starts = new Uint32Array(rowTokens);
  readonly ends = new Uint32Array(rowTokens);
  readonly #ids = new Int32Array(rowTokens);
  readonly #order: number;
  readonly #reader: RowTask;
  readonly #visit: () => void;
  #length = 0;
  /** The number of tokens of the sequence so far. */
  #before = 0;

  /** Contexts have `order` - 1 tokens; `visit` is called when `reader` has read the tokens so far. */
  constructor(order: number, reader: RowTask, visit: (row: TokenRows) => void) {
    this.#order = order;
    this.#reader = reader;
    this.#visit = () => visit(this);
  }

  get ids(): Int32Array {
    return this.#ids;
  }

  get length(): number {
    return this.#length;
  }

  get room(): number {
    return Math.max(rowTokens - this.#order - 1 - this.#length, 0);
  }

  begin(context: readonly TokenId[]): void {
    this.#before = 0;
    for (const id of context) this.#push(id, 0);
  }

  tokens(ids: Int32Array, from: number, to: number, texts: TokenTexts | undefined): void {
    const longest = this.#order - 1;
    let at = this.#length;
    let before = this.#before;
    for (let i = from; i < to; i++, at++) {
      this.#ids[at] = ids[i];
      this.before[at] = before < longest ? before++ : longest;
      this.isWord[at] = 1;
    }
    for (let i = from, at = this.#length; texts !== undefined && i < to; i++, at++) {
      this.starts[at] = texts.ends[i];
      this.ends[at] = texts.ends[i + 1];
    }
    this.#before = before;
    this.#length = at;
  }

  sequenceEnd(id: TokenId, texts: TokenTexts | undefined): void {
    this.starts[this.#length] = 0;
    this.ends[this.#length] = texts?.ends[0] ?? 0;
    this.#push(id, 1);
  }

  /** The context of the next token of the sequence. All tokens so far must have been visited. */
  context(): TokenId[] {
    const length = this.#length;
    return Array.from(this.#ids.subarray(length - this.#before, length));
  }

  flush(): void | Promise<void> {
    const read = this.#reader.read({
      ids: this.#ids,
      before: this.before,
      isWord: this.isWord,
      length: this.#length,
    });
    if (read !== undefined) return read.then(() => this.#visitAll());
    this.#visitAll();
  }

  #visitAll(): void {
    this.#visit();
    const { before, isWord } = this;
    const ids = this.#ids;
    const length = this.#length;
    const kept = Math.min(length, this.#order - 1);
    for (let i = 0; i < kept; i++) {
      const from = length - kept + i;
      ids[i] = ids[from];
      before[i] = Math.min(before[from], i);
      isWord[i] = 0;
    }
    this.#length = kept;
  }

  #push(id: TokenId, isWord: number): void {
    const at = this.#length++;
    this.#ids[at] = id;
    this.before[at] = this.#before;
    this.isWord[at] = isWord;
    this.#before = Math.min(this.#before + 1, this.#order - 1);
  }
}
