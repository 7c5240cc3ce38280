import type { CountIndex, Level, Reading, TokenId } from './count-index.ts';
import type { CountSource, LevelReader, TokenRow } from './count-source.ts';

/** The reader of a source that prepares the levels of a row's tokens by their whole contexts. */
export class PreparingReader implements LevelReader {
  readonly #source: Pick<CountSource, 'prepare'>;
  readonly #reads: (order: number) => Reading;
  #index: CountIndex | undefined;
  #tokens: readonly { context: readonly TokenId[]; word: TokenId; reading: Reading }[] = [];

  constructor(source: Pick<CountSource, 'prepare'>, reads: (order: number) => Reading) {
    this.#source = source;
    this.#reads = reads;
  }

  async read({ ids, before, length }: TokenRow): Promise<void> {
    this.#tokens = Array.from(ids.subarray(0, length), (word, i) => {
      const context = Array.from(ids.subarray(i - before[i], i));
      return { context, word, reading: this.#reads(context.length + 1) };
    });
    this.#index = await this.#source.prepare({ levels: this.#tokens });
  }

  at(i: number): readonly Level[] {
    const { context, word, reading } = this.#tokens[i];
    return (this.#index as CountIndex).levels(context, word, reading);
  }
}
