import type { ContextCounts, CountedAs, TokenId } from '../../index/count-index.ts';
import { adjustedOf, type CountTrie, countOf, FREE, wordOf } from '../../index/resident/count-trie.ts';
import { placesOfChildren, ROOT } from '../../index/resident/nodes.ts';
import type { NGramFilter } from '../../index/resident/sorted-families.ts';
import type { CountModel } from '../count-model.ts';
import { CountSums, type Pruning, type Selection, thresholdsTo } from './pruning.ts';
import { selectWords } from './words.ts';

/** The n-grams of a trie that a selection keeps. */
export class TrieSelection implements NGramFilter {
  readonly #trie: CountTrie;
  readonly #selection: Selection;
  readonly #sums: readonly CountSums[];

  constructor(trie: CountTrie, selection: Selection) {
    this.#trie = trie;
    this.#selection = selection;
    this.#sums = trie.levels.map((_, i) => new CountSums(i + 1));
  }

  keeps(order: number, word: TokenId, node: number): boolean {
    const { words, thresholds } = this.#selection;
    if (words[word] === 0) return false;
    return order === 1 || countOf(this.#trie.levels[order - 1], node) > thresholds[order - 1];
  }

  /**
   * The counts of the children, of this order, of a node that are left out; valid until the next call for this order.
   */
  prunedAfter(order: number, parent: number, counts: CountedAs): ContextCounts {
    if (parent === ROOT) return this.#selection.prunedUnigrams;
    const level = this.#trie.levels[order - 1];
    const isAdjusted = counts === 'continuations';
    const sums = this.#sums[order - 1];
    sums.clear();
    const { start, end } = placesOfChildren(this.#trie, order, parent);
    for (let node = start; node < end; node++) {
      const word = wordOf(level, node);
      if (word === FREE || this.keeps(order, word, node)) continue;
      sums.add(isAdjusted ? adjustedOf(level, node) : countOf(level, node));
    }
    return sums;
  }

  /** The number of n-grams of each order up to `highest` that are kept, order 1 first, including the unigram `<s>`. */
  count(highest: number): number[] {
    const numbers = new Array<number>(highest).fill(0);
    const count = (order: number, parent: number): void => {
      const level = this.#trie.levels[order - 1];
      const { start, end } = placesOfChildren(this.#trie, order, parent);
      for (let node = start; node < end; node++) {
        const word = wordOf(level, node);
        if (word === FREE || !this.keeps(order, word, node)) continue;
        numbers[order - 1]++;
        if (order < highest) count(order + 1, node);
      }
    };
    count(1, ROOT);
    return numbers;
  }
}

/** What of a model's n-grams is kept. Throws the errors of `selectWords`. */
export async function selectInTrie(
  { settings, vocabulary, order }: Pick<CountModel, 'settings' | 'vocabulary' | 'order'>,
  trie: CountTrie,
  pruning: Pruning,
  countedAs: CountedAs,
): Promise<Selection> {
  const [level] = trie.levels;
  const counts = new Float64Array(trie.vocabulary.size);
  const nodes = trie.unigrams.nodes;
  for (let id = 0; id < counts.length; id++) if (nodes[id] >= 0) counts[id] = countOf(level, nodes[id]);
  const thresholds = thresholdsTo(order, pruning);
  const words = await selectWords({ ...pruning, thresholds }, { settings, vocabulary, counts });
  const pruned = new CountSums(1);
  for (let id = 0; id < counts.length; id++) {
    if (nodes[id] < 0 || words[id] === 1) continue;
    pruned.add(countedAs === 'continuations' ? adjustedOf(level, nodes[id]) : counts[id]);
  }
  return { thresholds, words, prunedUnigrams: pruned.toPlain() };
}
