import { left, massOf, totalOf } from '../estimators/evaluation/terms.ts';
import type { OrderNumbers } from '../estimators/numbers.ts';
import { ChildFinder, NONE } from '../index/resident/children.ts';
import {
  adjustedOf,
  type CountTrie,
  countOf,
  sharedArray,
  type TrieLevel,
} from '../index/resident/count-trie.ts';
import { ROOT } from '../index/resident/nodes.ts';
import { type NGramRange, SortedFamilies } from '../index/resident/sorted-families.ts';
import { type MovingLevel, movingLevel } from '../index/resident/trie-levels.ts';
import { ArpaLines } from './arpa-lines.ts';
import type { BackoffModel } from './backoff-model.ts';

/** What the n-grams of an order leave for the next order, by place, in memory that threads share. */
export interface WrittenLevel {
  /** The node of each n-gram without its first word; nothing at order 1. */
  readonly suffixes: Int32Array;
  /** P of its last word after the others. */
  readonly probabilities: Float64Array;
}

/** The size of a written level in bytes. */
export function writtenBytes({ places }: TrieLevel, order: number): number {
  return places * (Float64Array.BYTES_PER_ELEMENT + (order === 1 ? 0 : Int32Array.BYTES_PER_ELEMENT));
}

/** Room for a level. */
export function writtenLevel({ places }: TrieLevel, order: number): WrittenLevel {
  return {
    suffixes: sharedArray(order === 1 ? 0 : places),
    probabilities: new Float64Array(new SharedArrayBuffer(places * Float64Array.BYTES_PER_ELEMENT)),
  };
}

/** A back-off model whose counts are in memory. */
export interface ArpaModel extends BackoffModel {
  readonly trie: CountTrie;
}

/** Some n-grams of an order of an ARPA file. */
export interface ArpaPart {
  readonly order: number;
  readonly range: NGramRange;
  /** The order before, of which all n-grams are written; undefined at order 1. */
  readonly shorter?: WrittenLevel | undefined;
  /** Filled for the next order; undefined at the model's. */
  readonly written?: WrittenLevel | undefined;
}

/** The expected number of bytes of a part. */
const partBytes = 2 ** 21;

/** How many n-grams are looked up at a time. */
const batchSize = 1024;

/**
 * The lines of n-grams of an order, by increasing ids, as UTF-8.
 *
 *     P(w|h) = (what is left of the count of hw + mass of h · P(w|h')) / total of h
 *
 * P(w|h') was computed with the order before. Its n-gram h'w is the suffix of hw: the child with the word w of the suffix of h.
 * So each n-gram costs one look-up, whatever its order is. The walk is family by family, since mass and total belong to a
 * family's parent; the look-ups of a batch of n-grams are made together, so that the processor overlaps their memory reads.
 */
export function arpaLines(model: ArpaModel, part: ArpaPart): Uint8Array<ArrayBuffer> {
  const batch = new Batch(model, part);
  const families = new SortedFamilies(model.trie, part.order, part.range);
  while (families.next()) batch.add(families);
  batch.write();
  return batch.lines.written;
}

/** The n-grams that are looked up and written together. */
class Batch {
  readonly lines: ArpaLines;
  readonly #trie: CountTrie;
  readonly #part: ArpaPart;
  readonly #base: number;
  readonly #numbers: OrderNumbers;
  readonly #level: TrieLevel;
  /** What follows the parent of a family. */
  readonly #context: MovingLevel;
  /** What follows an n-gram, below the model's order. */
  readonly #next: { readonly numbers: OrderNumbers; readonly context: MovingLevel } | undefined;
  readonly #finder = new ChildFinder(batchSize);
  /** Of each n-gram its node, all of its words, the last one again, its suffix, P of this, and what belongs to its family. */
  readonly #nodes = new Int32Array(batchSize);
  readonly #words: Int32Array;
  readonly #lastWords = new Int32Array(batchSize);
  readonly #suffixes = new Int32Array(batchSize);
  readonly #lower = new Float64Array(batchSize);
  readonly #masses = new Float64Array(batchSize);
  readonly #totals = new Float64Array(batchSize);
  #length = 0;

  constructor({ trie, numbers: { base, orders }, spaceId }: ArpaModel, part: ArpaPart) {
    const { order } = part;
    this.lines = new ArpaLines(trie.vocabulary, spaceId, partBytes);
    this.#trie = trie;
    this.#part = part;
    this.#base = base;
    this.#numbers = orders[order - 1];
    this.#level = trie.levels[order - 1];
    this.#words = new Int32Array(order * batchSize);
    this.#context = movingLevel(trie, { order, counts: this.#numbers.counts });
    const next = orders[order];
    this.#next = next && {
      numbers: next,
      context: movingLevel(trie, { order: order + 1, counts: next.counts }),
    };
  }

  /** Takes the n-grams of a family. */
  add({ parent, prefix, length, words, nodes }: SortedFamilies): void {
    const { order, shorter } = this.#part;
    this.#context.moveTo(NONE, parent);
    const mass = massOf(this.#numbers, this.#context);
    const total = totalOf(this.#numbers, this.#context);
    const suffix = order <= 2 ? ROOT : (shorter as WrittenLevel).suffixes[parent];
    for (let i = 0; i < length; i++) {
      if (this.#length === batchSize) this.write();
      const at = this.#length++;
      this.#nodes[at] = nodes[i];
      this.#masses[at] = mass;
      this.#totals[at] = total;
      this.#suffixes[at] = suffix;
      this.#lastWords[at] = words[i];
      let word = order * at;
      for (let j = 0; j < prefix.length; j++) this.#words[word++] = prefix[j];
      this.#words[word] = words[i];
    }
  }

  /** Writes the n-grams that were taken. */
  write(): void {
    const { order, written } = this.#part;
    this.#findLower();
    for (let i = 0; i < this.#length; i++) {
      const node = this.#nodes[i];
      const probability = this.#probability(i, node);
      if (written !== undefined) {
        written.probabilities[node] = probability;
        if (order > 1) written.suffixes[node] = this.#suffixes[i];
      }
      this.lines.add(probability, this.#words, order * i, order * (i + 1), this.#backoff(node));
    }
    this.#length = 0;
  }

  /** Finds the suffixes of the n-grams, and their probabilities. */
  #findLower(): void {
    const { order, shorter } = this.#part;
    const length = this.#length;
    const suffixes = this.#suffixes;
    const lower = this.#lower;
    if (shorter === undefined) {
      lower.fill(this.#base, 0, length);
      return;
    }
    const { levels, unigrams } = this.#trie;
    if (order === 2) for (let i = 0; i < length; i++) suffixes[i] = unigrams.nodes[this.#lastWords[i]];
    else this.#finder.find(levels[order - 2], levels[order - 3], suffixes, this.#lastWords, length);
    const { probabilities } = shorter;
    for (let i = 0; i < length; i++) lower[i] = probabilities[suffixes[i]];
  }

  #probability(i: number, node: number): number {
    // <s> is only ever a context.
    if (this.#part.order === 1 && this.#lastWords[i] === this.#trie.sequenceStart) return 1;
    const isAdjusted = this.#numbers.counts === 'continuations';
    const count = isAdjusted ? adjustedOf(this.#level, node) : countOf(this.#level, node);
    return (left(this.#numbers, count) + this.#masses[i] * this.#lower[i]) / this.#totals[i];
  }

  /** The back-off weight of an n-gram; undefined at the model's order. */
  #backoff(node: number): number | undefined {
    if (this.#next === undefined) return undefined;
    const { numbers, context } = this.#next;
    context.moveTo(NONE, node);
    return context.contextCount === 0 ? 1 : massOf(numbers, context) / totalOf(numbers, context);
  }
}
