import { left } from '../estimators/evaluation/terms.ts';
import type { OrderNumbers } from '../estimators/numbers.ts';
import { ChildFinder } from '../index/resident/children.ts';
import { adjustedOf, type CountTrie, countOf, type TrieLevel } from '../index/resident/count-trie.ts';
import { ROOT } from '../index/resident/nodes.ts';
import { type NGramRange, SortedFamilies } from '../index/resident/sorted-families.ts';
import { ArpaLines } from './arpa-lines.ts';
import { ContextWeights } from './arpa-pruning/context-weights.ts';
import { baseWithout, type Selection } from './arpa-pruning/pruning.ts';
import { TrieSelection } from './arpa-pruning/trie-selection.ts';
import type { BackoffModel } from './backoff-model.ts';
import type { EstimatedLevel, WrittenLevel } from './written-levels.ts';

/** A back-off model whose counts are in memory. */
export interface ArpaModel extends BackoffModel {
  readonly trie: CountTrie;
}

/** Some n-grams of an order of an ARPA file. */
export interface ArpaPart {
  readonly order: number;
  readonly range: NGramRange;
  /** Which n-grams are kept; all if omitted. */
  readonly selection?: Selection | undefined;
  /** The order before, of which all n-grams are written; undefined at order 1. */
  readonly shorter?: WrittenLevel | undefined;
  /** Filled for the next order; undefined at the model's. */
  readonly written?: WrittenLevel | undefined;
}

/** Some n-grams of an order of which everything is to be kept. */
export type EstimatedPart = Omit<ArpaPart, 'shorter' | 'written'> & {
  readonly shorter?: EstimatedLevel | undefined;
  readonly written: EstimatedLevel;
};

/** The expected number of bytes of a part. */
export const partBytes = 2 ** 21;

/** How many n-grams are looked up at a time. */
const batchSize = 1024;

/**
 * The lines of n-grams of an order, by increasing ids, as UTF-8.
 *
 *     P(w|h) = (what is left of the count of hw + mass of h · P(w|h')) / total of h
 *
 * P(w|h') was computed with the order before. Its n-gram h'w is the suffix of hw: the child with the word w of the
 * suffix of h. So each n-gram costs one look-up, whatever its order is. The walk is family by family, since mass and
 * total belong to a family's parent; the look-ups of a batch of n-grams are made together, so that the processor
 * overlaps their memory reads.
 */
export function arpaLines(model: ArpaModel, part: ArpaPart): Uint8Array<ArrayBuffer> {
  const lines = new ArpaLines(model.trie.vocabulary, model.spaceId, partBytes);
  fillBatches(model, part, new Batch(model, part, lines));
  return lines.written;
}

/** Estimates n-grams of an order, without lines of them: each is kept, and its weight is P(g) = P(h) · P(w|h). */
export function estimatePart(model: ArpaModel, part: EstimatedPart): void {
  fillBatches(model, part, new Batch(model, part, undefined));
}

function fillBatches({ trie }: ArpaModel, { order, range }: ArpaPart, batch: Batch): void {
  const families = new SortedFamilies(trie, order, range, batch.selection);
  while (families.next()) batch.add(families);
  batch.write();
}

/** The n-grams that are looked up and written together. */
class Batch {
  readonly #lines: ArpaLines | undefined;
  readonly #trie: CountTrie;
  readonly #part: ArpaPart | EstimatedPart;
  readonly #base: number;
  readonly #numbers: OrderNumbers;
  readonly #level: TrieLevel;
  readonly selection: TrieSelection | undefined;
  /** What follows the parent of a family. */
  readonly #context: ContextWeights;
  /** What follows an n-gram, below the model's order. */
  readonly #next: ContextWeights | undefined;
  readonly #finder = new ChildFinder(batchSize);
  /**
   * Of each n-gram its parent, its node, all of its words, the last one again, its suffix, P of this, and what belongs
   * to its family.
   */
  readonly #parents = new Int32Array(batchSize);
  readonly #nodes = new Int32Array(batchSize);
  readonly #words: Int32Array;
  readonly #lastWords = new Int32Array(batchSize);
  readonly #suffixes = new Int32Array(batchSize);
  readonly #lower = new Float64Array(batchSize);
  readonly #masses = new Float64Array(batchSize);
  readonly #totals = new Float64Array(batchSize);
  #length = 0;

  /** Without `lines`, the part is to be estimated. */
  constructor(
    { trie, numbers: { base, orders } }: ArpaModel,
    part: ArpaPart | EstimatedPart,
    lines: ArpaLines | undefined,
  ) {
    const { order, selection } = part;
    this.selection = selection && new TrieSelection(trie, selection);
    this.#lines = lines;
    this.#trie = trie;
    this.#part = part;
    this.#base = baseWithout(base, selection?.prunedUnigrams.followers ?? 0);
    this.#numbers = orders[order - 1];
    this.#level = trie.levels[order - 1];
    this.#words = new Int32Array(order * batchSize);
    this.#context = new ContextWeights(trie, order, this.#numbers, this.selection);
    const next = orders[order];
    this.#next = next && new ContextWeights(trie, order + 1, next, this.selection);
  }

  /** Takes the n-grams of a family. */
  add({ parent, prefix, length, words, nodes }: SortedFamilies): void {
    const { order, shorter } = this.#part;
    this.#context.moveTo(parent);
    const { mass, total } = this.#context;
    const suffix = order <= 2 ? ROOT : (shorter as WrittenLevel).suffixes[parent];
    for (let i = 0; i < length; i++) {
      if (this.#length === batchSize) this.write();
      const at = this.#length++;
      this.#parents[at] = parent;
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
      if (this.#lines === undefined) this.#keep(i, node, probability);
      else this.#lines.add(probability, this.#words, order * i, order * (i + 1), this.#backoff(node));
    }
    this.#length = 0;
  }

  #keep(i: number, node: number, probability: number): void {
    const { shorter, written } = this.#part as EstimatedPart;
    written.kept[node] = 1;
    if (written.weights.length === 0) return;
    written.weights[node] =
      shorter === undefined ? probability : shorter.weights[this.#parents[i]] * probability;
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
    this.#next.moveTo(node);
    return this.#next.backoff;
  }
}
