import { sortNumbers, sortPairs } from '../../ngrams/sort-pairs.ts';
import type { CountedNGrams, NGrams, Snapshot, TokenId } from '../../store/store.ts';
import { indexOf } from '../search.ts';
import type { CountedNodes, Damage } from './adjusted-counts.ts';
import { findChild } from './children.ts';
import { sharedCopy, type TrieLevel, type Unigrams } from './count-trie.ts';
import type { GrownLevel } from './grown-level.ts';
import type { PlacedLevel } from './placed-level.ts';

/** The n-grams of each order at ends of documents, order 1 first. */
export async function readEnds(snapshot: Snapshot, highest: number): Promise<CountedNGrams[]> {
  const ends: CountedNGrams[] = [];
  for (let order = 1; order <= highest; order++) ends.push(await snapshot.sequenceEnds(order));
  return ends;
}

/** The nodes of n-grams among sorted ones. Throws what `damage` makes of an n-gram that is not there. */
export function grownNodes(
  grown: readonly GrownLevel[],
  { order, length, ids, counts }: CountedNGrams,
  damage: Damage,
): CountedNodes {
  const nodes = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const node = grownNode(grown, ids, i * order, order);
    if (node !== undefined) nodes[i] = node;
    else {
      const ngram = ids.subarray(i * order, (i + 1) * order).join(' ');
      throw damage(`its n-gram ${ngram} ends a document and is not counted`);
    }
  }
  return sorted(nodes, Uint32Array.from(counts));
}

function grownNode(
  grown: readonly GrownLevel[],
  ids: Uint32Array,
  at: number,
  order: number,
): number | undefined {
  let start = 0;
  let end = grown[0].size;
  for (let depth = 0; ; depth++) {
    const node = indexOf(grown[depth].words, ids[at + depth], start, end);
    if (node === undefined || depth === order - 1) return node;
    start = grown[depth].firstChildren[node];
    end = grown[depth].firstChildren[node + 1];
  }
}

/** The n-grams of nodes of one order, which are in ascending order. */
export function spell(grown: readonly GrownLevel[], order: number, nodes: readonly number[]): NGrams {
  const ids = new Uint32Array(order * nodes.length);
  /** The node with its ancestors, which are in ascending order, too. */
  const path = new Uint32Array(order);
  let at = 0;
  for (const node of nodes) {
    path[order - 1] = node;
    for (let depth = order - 2; depth >= 0; depth--) {
      const { firstChildren } = grown[depth];
      while (firstChildren[path[depth] + 1] <= path[depth + 1]) path[depth]++;
    }
    for (let depth = 0; depth < order; depth++) ids[at++] = grown[depth].words[path[depth]];
  }
  return { order, length: nodes.length, ids };
}

/** The nodes of n-grams that end documents, with how often they do. */
export function placedEnds(
  { order, length, ids, counts }: CountedNGrams,
  unigrams: Unigrams,
  levels: readonly PlacedLevel[],
): TrieLevel['ends'] {
  const ends = sorted(placedNodes({ order, length, ids }, unigrams, levels), Uint32Array.from(counts));
  return { nodes: sharedCopy(Uint32Array.from(ends.nodes)), counts: sharedCopy(ends.counts) };
}

/** The nodes of n-grams that start documents. */
export function placedStarts(
  ngrams: NGrams,
  unigrams: Unigrams,
  levels: readonly PlacedLevel[],
): TrieLevel['starts'] {
  const nodes = placedNodes(ngrams, unigrams, levels);
  sortNumbers(nodes);
  return sharedCopy(Uint32Array.from(nodes));
}

/** The nodes of n-grams that are counted. */
function placedNodes(
  { order, length, ids }: NGrams,
  unigrams: Unigrams,
  levels: readonly PlacedLevel[],
): Float64Array {
  const nodes = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const at = i * order;
    let node: TokenId = unigrams.nodes[ids[at]];
    for (let depth = 1; depth < order; depth++)
      node = findChild(levels[depth], levels[depth - 1], node, ids[at + depth]);
    nodes[i] = node;
  }
  return nodes;
}

function sorted(nodes: Float64Array, counts: Uint32Array): CountedNodes {
  sortPairs(nodes, counts);
  return { nodes, counts };
}
