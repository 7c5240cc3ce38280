import type { TokenId } from '../count-index.ts';
import { gallop } from '../search.ts';
import type { GrownLevel } from './grown-level.ts';

/** The error for counts that contradict each other. */
export type Damage = (reason: string) => Error;

/** The adjusted counts of a level, and which of its nodes start a document, in ascending order. */
export interface AdjustedCounts {
  readonly adjusted: Uint32Array;
  readonly starts: readonly number[];
}

/**
 * The adjusted counts a(g) of a level.
 *
 * Every n-gram v g of the level below adds one to its suffix g, whose number is in `suffixes`. Where the occurrences of
 * g are not all after some v, g also starts a document. What begins with `<s>` keeps n(g): the nodes of `lineStarts`.
 * Throws what `damage` makes of a g that stands after some v more often than it occurs.
 */
export function countAdjusted(
  level: GrownLevel,
  below: GrownLevel,
  suffixes: Uint32Array,
  lineStarts: { first: number; end: number },
  damage: Damage,
): AdjustedCounts {
  const adjusted = new Uint32Array(level.size);
  const starts: number[] = [];
  const preceded = new Float64Array(level.size);
  for (let node = 0; node < suffixes.length; node++) {
    adjusted[suffixes[node]]++;
    preceded[suffixes[node]] += below.counts[node];
  }
  for (let node = 0; node < adjusted.length; node++) {
    const count = level.counts[node];
    if (preceded[node] > count) {
      throw damage(
        `an n-gram that ends with the token ${level.words[node]} occurs ${count} times, and after other tokens ${preceded[node]} times`,
      );
    }
    if (node >= lineStarts.first && node < lineStarts.end) adjusted[node] = count;
    else if (preceded[node] < count) {
      adjusted[node]++;
      starts.push(node);
    }
  }
  return { adjusted, starts };
}

/**
 * For each node of the level at `depth`, the number of its suffix in the level above, given the suffixes of that level.
 * The suffix of (v … u w) is the child w of the suffix of (v … u), and both lists of children are sorted, so that it is
 * looked for forward only. The suffix of a single word is the root. Throws what `damage` makes of an n-gram without
 * suffix.
 */
export function linkSuffixes(
  levels: readonly GrownLevel[],
  depth: number,
  parentSuffixes: Uint32Array,
  damage: Damage,
): Uint32Array {
  const level = levels[depth];
  const parents = levels[depth - 1];
  const suffixes = new Uint32Array(level.size);
  for (let parent = 0; parent < parents.size; parent++) {
    const end = parents.firstChildren[parent + 1];
    let low = 0;
    let high = parents.size;
    if (depth > 1) {
      low = levels[depth - 2].firstChildren[parentSuffixes[parent]];
      high = levels[depth - 2].firstChildren[parentSuffixes[parent] + 1];
    }
    for (let node = parents.firstChildren[parent]; node < end; node++) {
      const word = level.words[node];
      low = gallop(low, high, (place) => parents.words[place] <= word);
      if (low >= high || parents.words[low] !== word) {
        throw damage(
          `the end of one of its ${depth + 1}-grams, which ends with the token ${word}, is not counted`,
        );
      }
      suffixes[node] = low;
    }
  }
  return suffixes;
}

/** Nodes of one level, in ascending order, with counts. */
export interface CountedNodes {
  readonly nodes: Float64Array;
  readonly counts: Uint32Array;
}

/**
 * Checks that each node of a level is followed as often as it occurs, less the times that it ends a document, which
 * `ends` says; `</s>` always ends a line. Throws what `damage` makes of a node that is not.
 */
export function checkFollowed(
  { size, words, counts, firstChildren }: GrownLevel,
  below: GrownLevel,
  ends: CountedNodes,
  sequenceEnd: TokenId | undefined,
  damage: Damage,
): void {
  let end = 0;
  let child = 0;
  for (let node = 0; node < size; node++) {
    let followed = 0;
    for (; child < firstChildren[node + 1]; child++) followed += below.counts[child];
    if (end < ends.nodes.length && ends.nodes[end] === node) followed += ends.counts[end++];
    const expected = words[node] === sequenceEnd ? 0 : counts[node];
    if (followed !== expected) {
      throw damage(
        `an n-gram that ends with the token ${words[node]} is followed ${followed} times and not ${expected} times`,
      );
    }
  }
}

/** The nodes of the level at `depth` that begin with `<s>`; none in corpora without. */
export function beginningWith(
  levels: readonly GrownLevel[],
  depth: number,
  sequenceStart: TokenId | undefined,
): { first: number; end: number } {
  let first = 0;
  while (first < levels[0].size && levels[0].words[first] !== sequenceStart) first++;
  if (first === levels[0].size) return { first: 0, end: 0 };
  let end = first + 1;
  for (const level of levels.slice(0, depth)) {
    first = level.firstChildren[first];
    end = level.firstChildren[end];
  }
  return { first, end };
}
