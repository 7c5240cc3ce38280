import type { ContextCounts } from '../../index/count-index.ts';
import type { CountedNGrams, NGrams } from '../../store/store.ts';
import { CountSums } from '../arpa-pruning/pruning.ts';
import { WordFile, type WordReader } from './word-file.ts';

/** N-grams with their counts, and 1 for those that are kept, which are all if `kept` is omitted. */
export interface SelectedNGrams extends CountedNGrams {
  readonly kept?: Uint8Array;
}

/**
 * The n-grams of an order that begin with the same context, with the sums over them, and over those of them that are not kept.
 */
export class Family implements ContextCounts {
  readonly order: number;
  readonly context: Uint32Array;
  words = new Uint32Array(16);
  counts = new Float64Array(16);
  /** 1 for each n-gram that is kept. */
  kept = new Uint8Array(16);
  readonly pruned: CountSums;
  length = 0;
  contextCount = 0;
  once = 0;
  twice = 0;

  constructor(order: number) {
    this.order = order;
    this.context = new Uint32Array(order - 1);
    this.pruned = new CountSums(order);
  }

  get followers(): number {
    return this.length;
  }

  /** Whether the context is `ids[at …]`. */
  isOf(ids: ArrayLike<number>, at: number): boolean {
    const { context } = this;
    for (let i = 0; i < context.length; i++) if (context[i] !== ids[at + i]) return false;
    return true;
  }

  /** Begins again with the context `ids[at …]`. */
  begin(ids: ArrayLike<number>, at: number): void {
    for (let i = 0; i < this.context.length; i++) this.context[i] = ids[at + i];
    this.length = 0;
    this.contextCount = 0;
    this.once = 0;
    this.twice = 0;
    this.pruned.clear();
  }

  add(word: number, count: number, kept: number): void {
    if (this.length === this.words.length) this.#grow();
    this.words[this.length] = word;
    this.kept[this.length] = kept;
    if (kept === 0) this.pruned.add(count);
    this.counts[this.length++] = count;
    this.contextCount += count;
    if (count === 1) this.once++;
    else if (count === 2) this.twice++;
  }

  #grow(): void {
    const { words, counts, kept } = this;
    this.words = new Uint32Array(2 * words.length);
    this.words.set(words);
    this.counts = new Float64Array(2 * counts.length);
    this.counts.set(counts);
    this.kept = new Uint8Array(2 * kept.length);
    this.kept.set(kept);
  }
}

/** The families of an order, by increasing context. */
export interface Families {
  /** The current one, whose content is replaced by `next`. */
  readonly family: Family;
  /** Goes to the first or next family; false after the last. */
  next(): boolean | Promise<boolean>;
}

/** Reads sorted n-grams one by one, from batches that are waited for. */
export class NGramCursor<Batch extends NGrams = NGrams> {
  readonly #batches: AsyncIterator<Batch, unknown>;
  batch: Batch | undefined;
  /** The place of the current n-gram in the batch. */
  at = 0;

  constructor(batches: AsyncIterable<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** Whether there is a current n-gram: if not, more must be loaded. */
  get isLoaded(): boolean {
    return this.batch !== undefined && this.at < this.batch.length;
  }

  /** Makes the next n-gram current; false after the last. */
  async load(): Promise<boolean> {
    while (!this.isLoaded) {
      const { done, value } = await this.#batches.next();
      if (done === true) return false;
      this.batch = value as Batch;
      this.at = 0;
    }
    return true;
  }

  /** Stops reading. */
  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

/** The families of sorted n-grams. */
export class CountedFamilies implements Families {
  readonly family: Family;
  readonly #ngrams: NGramCursor<SelectedNGrams>;

  constructor(order: number, ngrams: AsyncIterable<SelectedNGrams>) {
    this.family = new Family(order);
    this.#ngrams = new NGramCursor(ngrams);
  }

  next(): boolean | Promise<boolean> {
    if (!this.#ngrams.isLoaded) return this.#loadAndBegin();
    this.#begin();
    return this.#take() ? true : this.#takeMore();
  }

  close(): Promise<void> {
    return this.#ngrams.close();
  }

  async #loadAndBegin(): Promise<boolean> {
    return (await this.#ngrams.load()) && this.next();
  }

  #begin(): void {
    const { batch, at } = this.#ngrams;
    const { order, ids } = batch as SelectedNGrams;
    this.family.begin(ids, at * order);
  }

  /** Takes the n-grams of the family that are loaded. Returns whether no others can follow. */
  #take(): boolean {
    const { family } = this;
    const { order, length, ids, counts, kept } = this.#ngrams.batch as SelectedNGrams;
    let { at } = this.#ngrams;
    for (; at < length && family.isOf(ids, at * order); at++)
      family.add(ids[at * order + order - 1], counts[at], kept === undefined ? 1 : kept[at]);
    this.#ngrams.at = at;
    return at < length;
  }

  async #takeMore(): Promise<boolean> {
    let isWhole = false;
    while (!isWhole && (await this.#ngrams.load())) isWhole = this.#take();
    return true;
  }
}

/**
 * Families in a temporary file: of each the context, the number of words, and the words with their counts, kept or not.
 */
export class FamilyFile {
  readonly #order: number;
  readonly #file: WordFile;

  /** Creates the file. */
  constructor(path: string, order: number) {
    this.#order = order;
    this.#file = new WordFile(path);
  }

  add({ context, words, counts, kept, length }: Family): void {
    const file = this.#file;
    for (const id of context) file.push(id);
    file.push(length);
    for (let i = 0; i < length; i++) {
      file.push(words[i]);
      file.pushInteger(2 * counts[i] + kept[i]);
    }
  }

  /** The families, when all have been added. */
  families(): Families {
    return new FiledFamilies(this.#order, this.#file.reader());
  }

  /** Closes and deletes the file. */
  dispose(): void {
    this.#file.dispose();
  }
}

class FiledFamilies implements Families {
  readonly family: Family;
  readonly #words: WordReader;
  readonly #context: Uint32Array;

  constructor(order: number, words: WordReader) {
    this.family = new Family(order);
    this.#words = words;
    this.#context = new Uint32Array(order - 1);
  }

  next(): boolean {
    const words = this.#words;
    if (words.isAtEnd) return false;
    for (let i = 0; i < this.#context.length; i++) this.#context[i] = words.next();
    this.family.begin(this.#context, 0);
    for (let left = words.next(); left > 0; left--) {
      const word = words.next();
      const countAndKept = words.nextInteger();
      this.family.add(word, Math.floor(countAndKept / 2), countAndKept % 2);
    }
    return true;
  }
}
