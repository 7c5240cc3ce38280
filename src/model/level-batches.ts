import type { CountIndex, Level, Reading, TokenId } from '../index/count-index.ts';
import type { CountSource, LevelReader, TokenRow } from '../index/count-source.ts';

/** The number of tokens read at a time: few enough for their data to stay in the processor's cache. */
const batchTokens = 512;

/**
 * Visits the levels of a token, valid during the call. `inVocabulary` says whether the corpus has the token itself: if it
 * has not and counts `<unk>`, the levels are those of `<unk>`. `place` counts the tokens from 0.
 */
export type VisitLevels = (levels: readonly Level[], inVocabulary: boolean, place: number) => void;

/** Reads the levels of the tokens of texts, many at a time, and visits them in order. */
export class LevelBatches {
  readonly #counts: CountSource;
  readonly #order: number;
  readonly #reader: LevelReader;
  readonly #visit: VisitLevels;
  readonly #row: TokenRow & { length: number };
  /** Whether a token is visited; the others are contexts only. */
  readonly #isVisited = new Uint8Array(batchTokens);
  readonly #isInVocabulary = new Uint8Array(batchTokens);
  /** From this many tokens on there may be no room for the next one and for the beginning of a sequence. */
  readonly #roomy: number;
  /** The number of tokens of the sequence so far. */
  #before = 0;
  #place = 0;

  /** `reads` is what an estimator reads for words after a context of `order` - 1 tokens. */
  constructor(counts: CountSource, order: number, reads: (order: number) => Reading, visit: VisitLevels) {
    this.#counts = counts;
    this.#order = order;
    this.#roomy = batchTokens - order - 1;
    this.#reader = counts.reader(order, batchTokens, reads);
    this.#visit = visit;
    this.#row = { ids: new Int32Array(batchTokens), before: new Uint8Array(batchTokens), length: 0 };
  }

  /** Whether it must be flushed before more tokens are added. */
  get isFull(): boolean {
    return this.#row.length >= this.#roomy;
  }

  /** Begins a sequence after these tokens, given by the ids under which they are counted. */
  begin(context: readonly TokenId[]): void {
    this.#before = 0;
    for (const id of context) this.#push(id, 0);
  }

  /** The context of the next token of the sequence. All tokens so far must have been visited. */
  context(): TokenId[] {
    const { ids, length } = this.#row;
    return Array.from(ids.subarray(length - Math.min(this.#before, this.#order - 1), length));
  }

  /** Adds the next token of the sequence. */
  token(id: TokenId): void {
    this.#push(id, 1);
  }

  /** Visits all tokens so far. A promise if their levels are not in memory. */
  flush(): void | Promise<void> {
    const row = this.#row;
    const index = this.#counts.prepare({ words: row.ids.subarray(0, row.length) });
    if (index instanceof Promise) return this.#wait(index);
    this.#replaceUnknown(index);
    const read = this.#reader.read(row);
    if (read !== undefined) return read.then(() => this.#visitAll());
    this.#visitAll();
  }

  async #wait(index: Promise<CountIndex>): Promise<void> {
    this.#replaceUnknown(await index);
    await this.#reader.read(this.#row);
    this.#visitAll();
  }

  /** Replaces words that are not counted by the id under which such words are counted. */
  #replaceUnknown(index: CountIndex): void {
    const { ids, length } = this.#row;
    const { unknown } = this.#counts;
    for (let i = 0; i < length; i++) {
      if (this.#isVisited[i] === 0) continue;
      const isInVocabulary = index.hasWord(ids[i]);
      this.#isInVocabulary[i] = isInVocabulary ? 1 : 0;
      if (!isInVocabulary) ids[i] = unknown;
    }
  }

  #visitAll(): void {
    const row = this.#row;
    const { ids, before, length } = row;
    for (let i = 0; i < length; i++) {
      if (this.#isVisited[i] === 1) {
        this.#visit(this.#reader.at(i), this.#isInVocabulary[i] === 1, this.#place++);
      }
    }
    const kept = Math.min(length, this.#order - 1);
    for (let i = 0; i < kept; i++) {
      const from = length - kept + i;
      ids[i] = ids[from];
      before[i] = Math.min(before[from], i);
      this.#isVisited[i] = 0;
    }
    row.length = kept;
  }

  #push(id: TokenId, isVisited: number): void {
    const row = this.#row;
    const at = row.length++;
    row.ids[at] = id;
    row.before[at] = Math.min(this.#before++, this.#order - 1);
    this.#isVisited[at] = isVisited;
  }
}
