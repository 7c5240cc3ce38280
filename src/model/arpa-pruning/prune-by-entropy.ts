import type { CountTrie } from '../../index/resident/count-trie.ts';
import type { NGramRange } from '../../index/resident/sorted-families.ts';
import { reservedId } from '../../text/reserved.ts';
import type { ArpaOutline } from '../arpa.ts';
import { type EstimatedLevel, estimatedLevels } from '../written-levels.ts';
import type { FamiliesPart } from './entropy-passes.ts';
import type { EntropyStep } from './entropy-steps.ts';

/** A model without some n-grams. */
export interface PrunedModel {
  /** The number of n-grams of each order, order 1 first. */
  readonly ngrams: readonly number[];
  readonly levels: readonly EstimatedLevel[];
}

/**
 * Leaves out the n-grams without which the perplexity increases by less than `threshold` each (`perplexityIncrease`),
 * as SRILM does: an n-gram that is a prefix of one that is kept is kept, and so are all unigrams. The estimates are
 * those of the whole model: n-grams are marked from the highest order to order 2, so that P(w|h') is as it was. Then
 * the back-off weights are computed again, from order 1 up. `make` makes steps, in any order or side by side, and
 * returns the sum of what `makeStep` returns.
 */
export async function pruneByEntropy(
  make: (steps: readonly EntropyStep[]) => Promise<number>,
  trie: CountTrie,
  { ngrams, cuts, selection }: ArpaOutline,
  threshold: number,
): Promise<PrunedModel> {
  const highest = cuts.length;
  const levels = estimatedLevels(trie, highest);
  for (let order = 1; order <= highest; order++) {
    const [written, shorter] = [levels[order - 1], levels[order - 2]];
    const parts = rangesOf(cuts[order - 1]).map((range) => ({ order, range, selection, shorter, written }));
    await make(parts.map((part) => ({ step: 'estimate', part })));
    if (order === 1) weighStart(trie, levels[0]);
  }
  const partsOf = (order: number): FamiliesPart[] =>
    // A context belongs to one part.
    rangesOf(cuts[order - 1].filter(({ length }) => length < order)).map((range) => ({
      order,
      range,
      selection,
      levels,
    }));
  const left = [...ngrams];
  for (let order = highest; order > 1; order--) {
    left[order - 1] -= await make(partsOf(order).map((part) => ({ step: 'prune', part, threshold })));
  }
  for (let order = 2; order <= highest; order++) {
    await make([{ step: 'clear weights', level: levels[order - 2] }]);
    await make(partsOf(order).map((part) => ({ step: 'reweigh', part })));
  }
  return { ngrams: left, levels };
}

/** Each line begins with `<s>` and ends with `</s>`: the first is as probable as the second. */
function weighStart(
  { settings, sequenceStart, unigrams: { nodes } }: CountTrie,
  { weights, probabilities }: EstimatedLevel,
): void {
  const sequenceEnd = reservedId(settings, '</s>');
  if (sequenceStart === undefined || sequenceEnd === undefined || weights.length === 0) return;
  weights[nodes[sequenceStart]] = probabilities[nodes[sequenceEnd]];
}

/** From each cut to the next. */
function rangesOf(cuts: ArpaOutline['cuts'][number]): NGramRange[] {
  return cuts.map((from, i) => ({ from, to: cuts[i + 1] }));
}
