import type { CountTrie } from '../../index/resident/count-trie.ts';
import { placesOfChildren } from '../../index/resident/nodes.ts';
import { type NGramRange, SortedFamilies } from '../../index/resident/sorted-families.ts';
import type { ArpaModel } from '../arpa-level.ts';
import { ArpaLines } from '../arpa-lines.ts';
import type { EstimatedLevel } from '../written-levels.ts';
import { ContextWeights } from './context-weights.ts';
import { type ContextMass, leftOfOne, perplexityIncrease } from './entropy.ts';
import type { Selection } from './pruning.ts';
import { TrieSelection } from './trie-selection.ts';

/** The n-grams of some contexts. */
export interface FamiliesPart {
  /** The order of the n-grams, at least 2. */
  readonly order: number;
  /** Its ends are contexts. */
  readonly range: NGramRange;
  readonly selection: Selection | undefined;
  /** All levels, order 1 first. */
  readonly levels: readonly EstimatedLevel[];
}

/**
 * Marks the n-grams of some contexts as not kept without which the perplexity increases by less than `threshold` each,
 * unless a longer one begins with them that is kept: those of the next order have been marked. Returns how many these
 * are.
 */
export function pruneFamilies(model: ArpaModel, part: FamiliesPart, threshold: number): number {
  const { order, levels } = part;
  const { suffixes, probabilities, kept } = levels[order - 1];
  const shorter = levels[order - 2];
  const { families, weights } = walk(model, part);
  let pruned = 0;
  while (families.next()) {
    const { parent, length, nodes } = families;
    weights.moveTo(parent);
    let lowerSum = 0;
    for (let i = 0; i < length; i++) lowerSum += shorter.probabilities[suffixes[nodes[i]]];
    const context: ContextMass = {
      probability: shorter.weights[parent],
      backoff: weights.backoff,
      lowerLeft: leftOfOne(lowerSum),
    };
    for (let i = 0; i < length; i++) {
      const node = nodes[i];
      const lower = shorter.probabilities[suffixes[node]];
      if (perplexityIncrease(context, probabilities[node], lower) >= threshold) continue;
      if (isContext(model.trie, order, node, levels)) continue;
      kept[node] = 0;
      pruned++;
    }
  }
  return pruned;
}

/** Whether an n-gram that is kept begins with this one. */
function isContext(trie: CountTrie, order: number, node: number, levels: readonly EstimatedLevel[]): boolean {
  if (order === levels.length) return false;
  const { kept } = levels[order];
  const { start, end } = placesOfChildren(trie, order + 1, node);
  for (let child = start; child < end; child++) if (kept[child] === 1) return true;
  return false;
}

/**
 * Computes the back-off weights of some contexts without the n-grams that are not kept, and gives these the
 * probabilities that they are left with: those of the orders before have them.
 *
 *     α(h) = (1 - Σ P(w|h)) / (1 - Σ P(w|h')) over the words w whose n-grams hw are kept
 *     P(w|h) = α(h) · P(w|h') for the others
 */
export function reweighFamilies(model: ArpaModel, part: FamiliesPart): void {
  const { order, levels } = part;
  const { suffixes, probabilities, kept } = levels[order - 1];
  const shorter = levels[order - 2];
  const { families, weights } = walk(model, part);
  while (families.next()) {
    const { parent, length, nodes } = families;
    let sum = 0;
    let lowerSum = 0;
    let isSame = true;
    for (let i = 0; i < length; i++) {
      const node = nodes[i];
      const suffix = suffixes[node];
      isSame &&= kept[node] === 1 && shorter.kept[suffix] === 1;
      if (kept[node] === 0) continue;
      sum += probabilities[node];
      lowerSum += shorter.probabilities[suffix];
    }
    weights.moveTo(parent);
    const lowerLeft = leftOfOne(lowerSum);
    const backoff = isSame || lowerLeft === 0 ? weights.backoff : leftOfOne(sum) / lowerLeft;
    shorter.weights[parent] = backoff;
    for (let i = 0; i < length; i++) {
      const node = nodes[i];
      if (kept[node] === 0) probabilities[node] = backoff * shorter.probabilities[suffixes[node]];
    }
  }
}

function walk({ trie, numbers }: ArpaModel, { order, range, selection: selected }: FamiliesPart) {
  const selection = selected && new TrieSelection(trie, selected);
  return {
    families: new SortedFamilies(trie, order, range, selection),
    weights: new ContextWeights(trie, order, numbers.orders[order - 1], selection),
  };
}

/** The lines of the n-grams that are kept, of an order by increasing ids, as UTF-8. */
export function keptLines(
  { trie, spaceId }: ArpaModel,
  { order, range, levels }: Omit<FamiliesPart, 'selection'>,
  bytes: number,
): Uint8Array<ArrayBuffer> {
  const lines = new ArpaLines(trie.vocabulary, spaceId, bytes);
  const { probabilities, weights } = levels[order - 1];
  const keeps = (order: number, _: number, node: number) => levels[order - 1].kept[node] === 1;
  const families = new SortedFamilies(trie, order, range, { keeps });
  const ngram = new Int32Array(order);
  while (families.next()) {
    const { prefix, length, words, nodes } = families;
    ngram.set(prefix);
    for (let i = 0; i < length; i++) {
      ngram[order - 1] = words[i];
      const node = nodes[i];
      const backoff = order < levels.length ? weights[node] : undefined;
      lines.add(probabilities[node], ngram, 0, order, backoff);
    }
  }
  return lines.written;
}
