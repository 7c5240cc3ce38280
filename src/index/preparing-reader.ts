import { type CountIndex, occurrencesAt, type Reading, type TokenId } from './count-index.ts';
import {
  type CountSource,
  type LevelColumns,
  levelColumns,
  type RowReader,
  type RowShape,
  type TokenRow,
} from './count-source.ts';

/** The word at an index of a row, with its whole context. */
interface Word {
  readonly i: number;
  readonly context: readonly TokenId[];
  readonly word: TokenId;
  readonly reading: Reading;
}

/** The reader of a source that prepares the levels of a row's words by their whole contexts. */
export class PreparingReader implements RowReader {
  readonly levels: readonly LevelColumns[];
  readonly inVocabulary: Uint8Array;
  readonly seen: Uint8Array;
  readonly #source: Pick<CountSource, 'prepare' | 'unknown'>;
  readonly #shape: RowShape;

  constructor(source: Pick<CountSource, 'prepare' | 'unknown'>, shape: RowShape) {
    const { order, capacity } = shape;
    this.#source = source;
    this.#shape = shape;
    this.levels = levelColumns(order, capacity);
    this.inVocabulary = new Uint8Array(capacity);
    this.seen = new Uint8Array(capacity);
  }

  async read(row: TokenRow): Promise<void> {
    const { ids, before, isWord, length } = row;
    this.#replaceUnknown(row, await this.#source.prepare({ words: ids.subarray(0, length) }));
    const words: Word[] = [];
    for (let i = 0; i < length; i++) {
      if (isWord[i] === 0) continue;
      const context = Array.from(ids.subarray(i - before[i], i));
      words.push({ i, context, word: ids[i], reading: this.#shape.reads(context.length + 1) });
    }
    const occurrences = this.#shape.seen ? words.map(withOccurrences) : [];
    const index = await this.#source.prepare({ levels: [...words, ...occurrences] });
    for (const word of words) this.#readLevels(index, word);
    for (const { i, context, word, reading } of occurrences) {
      const longest = index.levels(context, word, reading).findLast(({ count }) => count > 0);
      this.seen[i] = longest?.order ?? 0;
    }
  }

  #replaceUnknown({ ids, isWord, length }: TokenRow, index: CountIndex): void {
    const { unknown } = this.#source;
    for (let i = 0; i < length; i++) {
      if (isWord[i] === 0) continue;
      const isInVocabulary = index.hasWord(ids[i]);
      this.inVocabulary[i] = isInVocabulary ? 1 : 0;
      if (!isInVocabulary) ids[i] = unknown;
    }
  }

  #readLevels(index: CountIndex, { i, context, word, reading }: Word): void {
    for (const { contextCount } of this.levels) contextCount[i] = 0;
    for (const level of index.levels(context, word, reading)) {
      const columns = this.levels[level.order - 1];
      columns.count[i] = level.count;
      columns.contextCount[i] = level.contextCount;
      if (!reading.followers) continue;
      columns.followers[i] = level.followers;
      if (reading.followersOnly) continue;
      columns.once[i] = level.once;
      columns.twice[i] = level.twice;
    }
  }
}

/** A word with the reading of occurrences at all orders. */
function withOccurrences(word: Word): Word {
  return {
    ...word,
    reading: occurrencesAt(Array.from({ length: word.context.length + 1 }, (_, i) => i + 1)),
  };
}
