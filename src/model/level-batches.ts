import type { CountIndex, Level, LevelReader, Reading, TokenId, TokenRow } from '../index/count-index.ts';

/** How many tokens are read at a time: few enough that what they touch stays in the processor's cache. */
const batchTokens = 512;

/**
 * Visits the levels of a token, valid during the call. `inVocabulary` says whether the corpus has the token itself: the
 * levels are those of `<unk>` where it has not and counts `<unk>`. `place` counts the tokens from 0 on.
 */
export type VisitLevels = (levels: readonly Level[], inVocabulary: boolean, place: number) => void;

/** Reads the levels of the tokens of texts, many at a time, and visits them in order. */
export class LevelBatches {
  readonly #index: CountIndex;
  readonly #order: number;
  readonly #unknown: TokenId;
  readonly #reader: LevelReader;
  readonly #visit: VisitLevels;
  readonly #row: TokenRow & { length: number };
  /** Whether a token is visited; the others are contexts only. */
  readonly #isVisited = new Uint8Array(batchTokens);
  readonly #isInVocabulary = new Uint8Array(batchTokens);
  /** How many tokens of the sequence have come. */
  #before = 0;
  #place = 0;

  /** `reads` is what an estimator reads for words after a context of `order` - 1 tokens. */
  constructor(index: CountIndex, order: number, reads: (order: number) => Reading, visit: VisitLevels) {
    this.#index = index;
    this.#order = order;
    this.#unknown = index.unknown;
    this.#reader = index.reader(order, batchTokens, reads);
    this.#visit = visit;
    this.#row = { ids: new Int32Array(batchTokens), before: new Uint8Array(batchTokens), length: 0 };
  }

  /** A sequence begins; these tokens stand before it. */
  begin(context: readonly TokenId[]): void {
    this.#before = 0;
    for (const id of context) this.#push(id, 0);
  }

  /** The tokens before the next one of the sequence, as many as are its context; all that have come must be visited. */
  context(): TokenId[] {
    const { ids, length } = this.#row;
    return Array.from(ids.subarray(length - Math.min(this.#before, this.#order - 1), length));
  }

  /** The next token of the sequence. */
  token(id: TokenId): void {
    const isInVocabulary = this.#index.hasWord(id);
    this.#push(isInVocabulary ? id : this.#unknown, 1);
    this.#isInVocabulary[this.#row.length - 1] = isInVocabulary ? 1 : 0;
  }

  /** Visits all tokens that have come. */
  flush(): void {
    const row = this.#row;
    const { ids, before, length } = row;
    this.#reader.read(row);
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
    if (row.length === batchTokens) this.flush();
    const at = row.length++;
    row.ids[at] = id;
    row.before[at] = Math.min(this.#before++, this.#order - 1);
    this.#isVisited[at] = isVisited;
  }
}
