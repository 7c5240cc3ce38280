import type { TokenId } from '../count-index.ts';
import { firstChildOf, sharedArray, sizeOf, type TrieLevel, wordOf } from './count-trie.ts';

/** No node. */
export const NONE = -2;

/** From how many children on a child is found by a hash of its parent and word, and not by halving. */
const manyChildren = 128;

/** How many slots there are for a child. */
const slotsPerChild = 1.4;

type Nodes = Pick<TrieLevel, 'nodes'>;

/**
 * The slots of the nodes whose parents have many children: open addressing with linear probing, a node's number + 1 in
 * the slot that the hash of its parent and word names or, if that is taken, in the next free one. `parents` holds the
 * first children of the level above.
 */
export function fillSlots(level: Nodes, parents: { sums: Uint32Array }): Uint32Array {
  const families: [parent: number, start: number, end: number][] = [];
  let children = 0;
  for (let parent = 0, start = 0; start < sizeOf(level); parent++) {
    const end = firstChildOf(parents, parent + 1);
    if (end - start > manyChildren) {
      families.push([parent, start, end]);
      children += end - start;
    }
    start = end;
  }
  const slots = sharedArray(Math.ceil(children * slotsPerChild));
  for (const [parent, start, end] of families) {
    for (let node = start; node < end; node++) {
      let slot = slotOf(parent, wordOf(level, node), slots.length);
      while (slots[slot] !== 0) slot = slot + 1 === slots.length ? 0 : slot + 1;
      slots[slot] = node + 1;
    }
  }
  return slots;
}

/** The child with this word, of those of `parent` from `start` to `end` (not included); `NONE` where there is none. */
export function findChild(
  { nodes, slots }: Pick<TrieLevel, 'nodes' | 'slots'>,
  parent: number,
  start: number,
  end: number,
  word: TokenId,
): number {
  if (end - start <= manyChildren) {
    const node = firstChildNotBefore({ nodes }, word, start, end);
    return node < end && nodes[2 * node] === word ? node : NONE;
  }
  let slot = slotOf(parent, word, slots.length);
  for (let entry = slots[slot]; entry !== 0; entry = slots[slot]) {
    const node = entry - 1;
    if (nodes[2 * node] === word && node >= start && node < end) return node;
    slot = slot + 1 === slots.length ? 0 : slot + 1;
  }
  return NONE;
}

/** The first of sorted nodes from `start` on whose word is not before `word`; `end` where there is none. */
export function firstChildNotBefore({ nodes }: Nodes, word: TokenId, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nodes[2 * middle] < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function slotOf(parent: number, word: TokenId, slots: number): number {
  let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(word + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return Math.floor(((hash >>> 0) * slots) / 2 ** 32);
}
