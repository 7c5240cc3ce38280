import type { TokenId } from '../count-index.ts';
import { sharedArray } from './count-trie.ts';

interface Level {
  readonly words: Uint32Array;
  readonly counts: Uint32Array;
  readonly firstChild: Uint32Array;
}

/**
 * The adjusted counts a(g) of all levels but the highest, whose array is empty.
 *
 * Every n-gram v g adds one to its suffix g. The suffix of a node is found through its parent: the suffix of (v … u w)
 * is the child w of the suffix of (v … u), and both lists of children are sorted, so that it is looked for forward only.
 * Where the occurrences of g are not all after some v, g also starts a document.
 */
export function countAdjusted(levels: readonly Level[], sequenceStart: TokenId | undefined): Uint32Array[] {
  const adjusted = levels.map(({ counts }, i) => sharedArray(i < levels.length - 1 ? counts.length : 0));
  /** For each node of the level above, its suffix's number one level higher; the suffix of a single word is the root. */
  let suffixes: Uint32Array = new Uint32Array(0);
  for (let depth = 1; depth < levels.length; depth++) {
    const target = adjusted[depth - 1];
    const preceded = new Float64Array(target.length);
    suffixes = linkSuffixes(levels, depth, suffixes);
    const { counts } = levels[depth];
    for (let node = 0; node < counts.length; node++) {
      target[suffixes[node]]++;
      preceded[suffixes[node]] += counts[node];
    }
    countStarts(levels, depth - 1, target, preceded, sequenceStart);
  }
  return adjusted;
}

/** For each node of the level at `depth`, the number of its suffix in the level above. */
function linkSuffixes(levels: readonly Level[], depth: number, parentSuffixes: Uint32Array): Uint32Array {
  const { words } = levels[depth];
  const parents = levels[depth - 1];
  const candidates = parents.words;
  const suffixes = new Uint32Array(words.length);
  for (let parent = 0; parent < parents.words.length; parent++) {
    const end = parents.firstChild[parent + 1];
    let low = 0;
    let high = candidates.length;
    if (depth > 1) {
      const { firstChild } = levels[depth - 2];
      low = firstChild[parentSuffixes[parent]];
      high = firstChild[parentSuffixes[parent] + 1];
    }
    for (let node = parents.firstChild[parent]; node < end; node++) {
      low = gallop(candidates, words[node], low, high);
      suffixes[node] = low;
    }
  }
  return suffixes;
}

/** Where `word`, which is there, stands among sorted words from `low` on: found in steps that double, then halve. */
function gallop(words: Uint32Array, word: number, low: number, high: number): number {
  let step = 1;
  while (low + step < high && words[low + step] <= word) step *= 2;
  let from = low + (step >>> 1);
  let to = Math.min(low + step, high);
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if (words[middle] <= word) from = middle;
    else to = middle;
  }
  return from;
}

/** Counts the start of a document as one token before; what begins with `<s>` keeps n(g). */
function countStarts(
  levels: readonly Level[],
  depth: number,
  adjusted: Uint32Array,
  preceded: Float64Array,
  sequenceStart: TokenId | undefined,
): void {
  const { counts } = levels[depth];
  let first = 0;
  let end = 0;
  if (sequenceStart !== undefined) {
    first = levels[0].words.indexOf(sequenceStart);
    end = first < 0 ? first : first + 1;
    for (let above = 0; above < depth && first >= 0; above++) {
      first = levels[above].firstChild[first];
      end = levels[above].firstChild[end];
    }
  }
  for (let node = 0; node < counts.length; node++) {
    if (node >= first && node < end) adjusted[node] = counts[node];
    else if (preceded[node] < counts[node]) adjusted[node]++;
  }
}
