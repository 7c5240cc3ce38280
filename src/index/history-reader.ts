import type { CountIndex, Level, LevelReader, Reading, TokenRow } from './count-index.ts';

/** The reader of an index that asks for each token's levels by its whole context. */
export class HistoryReader implements LevelReader {
  readonly #index: Pick<CountIndex, 'levels'>;
  readonly #reads: (order: number) => Reading;
  #row: TokenRow | undefined;

  constructor(index: Pick<CountIndex, 'levels'>, reads: (order: number) => Reading) {
    this.#index = index;
    this.#reads = reads;
  }

  read(row: TokenRow): void {
    this.#row = row;
  }

  at(i: number): readonly Level[] {
    const { ids, before } = this.#row as TokenRow;
    const context = Array.from(ids.subarray(i - before[i], i));
    return this.#index.levels(context, ids[i], this.#reads(context.length + 1));
  }
}
