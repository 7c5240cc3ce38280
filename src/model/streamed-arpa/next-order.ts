import { leftOfAll, massOf, totalOf } from '../../estimators/evaluation/terms.ts';
import type { OrderNumbers } from '../../estimators/numbers.ts';
import type { ContextCounts } from '../../index/count-index.ts';
import { scratchPath } from '../../platform/scratch-folder.ts';
import type { NGrams, Snapshot } from '../../store/store.ts';
import type { Selection } from '../arpa-pruning/pruning.ts';
import { CountedFamilies, type Families, FamilyFile, NGramCursor } from './families.ts';
import { countedNGrams, selectedNGrams } from './selection.ts';
import { SortByFirst, type SortedValues } from './sort-by-first.ts';

/** The n-grams of an order, sorted, with what is counted of them; all are kept if nothing is selected. */
export function familiesOf(
  snapshot: Snapshot,
  order: number,
  { counts }: OrderNumbers,
  selection: Selection | undefined,
): CountedFamilies {
  const ngrams =
    selection === undefined
      ? countedNGrams(snapshot, order, counts)
      : selectedNGrams(snapshot, order, counts, selection);
  return new CountedFamilies(order, ngrams);
}

/** What the words that are kept leave to the lower order, as `ContextWeights` has it. */
export function massLeft(numbers: OrderNumbers, context: ContextCounts, pruned: ContextCounts): number {
  return massOf(numbers, context) + leftOfAll(numbers, pruned);
}

/** An order of which nothing is written yet: its families, and of each n-gram P of its suffix. */
export interface CollectedOrder {
  readonly families: Families;
  readonly lower: SortedValues;
}

/**
 * Collects what the next order is written from, while the n-grams of an order k come by increasing ids with their
 * probabilities.
 *
 * Input: the n-grams of order k + 1 by increasing ids, so that those after the context g come when g does, and by their
 * ends, so that those that end with g do. Output: back-off weights of order k; the families of order k + 1, in a file;
 * P(g) for each n-gram that ends with g, sorted as these n-grams are.
 */
export class NextOrder {
  readonly #numbers: OrderNumbers;
  readonly #families: CountedFamilies;
  readonly #preceded: NGramCursor<NGrams>;
  readonly #file: FamilyFile;
  readonly #lower: SortByFirst;
  /** Whether there is a family whose context has not come, and n-grams whose end has not. */
  #hasFamily = false;
  #hasPreceded = true;

  private constructor(
    snapshot: Snapshot,
    order: number,
    numbers: OrderNumbers,
    selection: Selection | undefined,
    scratch: string,
  ) {
    this.#numbers = numbers;
    this.#families = familiesOf(snapshot, order, numbers, selection);
    this.#preceded = new NGramCursor(snapshot.precededNGrams(order));
    this.#file = new FamilyFile(scratchPath(scratch), order);
    this.#lower = new SortByFirst(scratchPath(scratch));
  }

  /** Begins to read an order; `scratch` is the prefix of the paths of its files. */
  static async begin(
    snapshot: Snapshot,
    order: number,
    numbers: OrderNumbers,
    selection: Selection | undefined,
    scratch: string,
  ): Promise<NextOrder> {
    const next = new NextOrder(snapshot, order, numbers, selection, scratch);
    try {
      next.#hasFamily = await next.#families.next();
      return next;
    } catch (error) {
      await next.close();
      throw error;
    }
  }

  /** Takes the next n-gram of order k and its probability, any if it is not kept. Returns its back-off weight. */
  take(ngram: Int32Array, probability: number): number | Promise<number> {
    if (!this.#passOn(ngram, probability)) return this.#takeWhenLoaded(ngram, probability);
    const { family } = this.#families;
    if (!this.#hasFamily || !family.isOf(ngram, 0)) return 1;
    const backoff = massLeft(this.#numbers, family, family.pruned) / totalOf(this.#numbers, family);
    this.#file.add(family);
    const moved = this.#families.next();
    if (moved instanceof Promise) return moved.then((hasFamily) => this.#goTo(hasFamily, backoff));
    return this.#goTo(moved, backoff);
  }

  /** The order, when all n-grams of order k have come; undefined if others begin or end with some that have not. */
  async collected(): Promise<CollectedOrder | undefined> {
    // Where order k has no n-grams, nothing was asked for.
    this.#hasPreceded &&= await this.#preceded.load();
    if (this.#hasFamily || this.#hasPreceded) return undefined;
    return { families: this.#file.families(), lower: this.#lower.sorted() };
  }

  /** Stops reading, and deletes the files. */
  async close(): Promise<void> {
    this.#file.dispose();
    this.#lower.dispose();
    await Promise.all([this.#families.close(), this.#preceded.close()]);
  }

  #goTo(hasFamily: boolean, backoff: number): number {
    this.#hasFamily = hasFamily;
    return backoff;
  }

  async #takeWhenLoaded(ngram: Int32Array, probability: number): Promise<number> {
    this.#hasPreceded = await this.#preceded.load();
    return this.take(ngram, probability);
  }

  /** Gives P of an n-gram to the loaded ones that end with it. Returns whether no others can follow. */
  #passOn(ngram: Int32Array, probability: number): boolean {
    if (!this.#hasPreceded) return true;
    if (!this.#preceded.isLoaded) return false;
    const { order, length, ids } = this.#preceded.batch as NGrams;
    let { at } = this.#preceded;
    for (; at < length && endsWith(ids, at * order, ngram); at++)
      this.#lower.add(ids[at * order], probability);
    this.#preceded.at = at;
    return at < length;
  }
}

/** Whether the words of an n-gram after its first one, which is at `at`, are those of another. */
function endsWith(ids: Uint32Array, at: number, ngram: Int32Array): boolean {
  for (let i = 0; i < ngram.length; i++) if (ids[at + 1 + i] !== ngram[i]) return false;
  return true;
}
