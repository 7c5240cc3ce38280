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

/**
 * Finds many children at a time, of up to `capacity` parents. Every step is made for all of them before the next one, and
 * without a branch that depends on what was read, so that the processor has many reads of memory under way at once.
 */
export class ChildFinder {
  readonly #starts: Uint32Array;
  readonly #sizes: Uint32Array;
  readonly #entries: Uint32Array;
  readonly #hashed: Uint16Array;
  readonly #halved: Uint16Array;

  constructor(capacity: number) {
    this.#starts = new Uint32Array(capacity);
    this.#sizes = new Uint32Array(capacity);
    this.#entries = new Uint32Array(capacity);
    this.#hashed = new Uint16Array(capacity);
    this.#halved = new Uint16Array(capacity);
  }

  /**
   * Replaces each of the first `length` parents by its child with the word at the same place, or by `NONE`. `sums` holds
   * the first children of the parents' level.
   */
  find(
    { nodes, slots }: Pick<TrieLevel, 'nodes' | 'slots'>,
    { sums }: { sums: Uint32Array },
    parents: Int32Array,
    words: Int32Array,
    length: number,
  ): void {
    const starts = this.#starts;
    const sizes = this.#sizes;
    const entries = this.#entries;
    const hashed = this.#hashed;
    const halved = this.#halved;
    for (let i = 0; i < length; i++) {
      const at = 3 * parents[i];
      const start = sums[at];
      starts[i] = start;
      sizes[i] = sums[at + 3] - start;
    }
    let many = 0;
    let few = 0;
    for (let i = 0; i < length; i++) {
      if (sizes[i] > manyChildren) hashed[many++] = i;
      else if (sizes[i] > 0) halved[few++] = i;
      else parents[i] = NONE;
    }
    for (let j = 0; j < many; j++) {
      const i = hashed[j];
      entries[j] = slots[slotOf(parents[i], words[i], slots.length)];
    }
    for (let j = 0; j < many; j++) {
      const i = hashed[j];
      const node = entries[j] - 1;
      const start = starts[i];
      const isFound = node >= start && node < start + sizes[i] && nodes[2 * node] === words[i];
      parents[i] = isFound
        ? node
        : findChild({ nodes, slots }, parents[i], start, start + sizes[i], words[i]);
    }
    for (let j = 0; j < few; j++) {
      const i = halved[j];
      const word = words[i];
      let start = starts[i];
      for (let size = sizes[i]; size > 1; ) {
        const half = size >>> 1;
        // The mask is -1 where the word in the middle is not above, and 0 where it is.
        start += half & ~((word - nodes[2 * (start + half)]) >> 31);
        size -= half;
      }
      entries[j] = start;
    }
    for (let j = 0; j < few; j++) {
      const i = halved[j];
      const node = entries[j];
      parents[i] = nodes[2 * node] === words[i] ? node : NONE;
    }
  }
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
