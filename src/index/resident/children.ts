import type { TokenId } from '../count-index.ts';
import { firstChildOf, type Nodes, sharedArray, type TrieLevel, wordOf } from './count-trie.ts';

/** No node. */
export const NONE = -2;

/** From how many children on a child is found by a hash of its parent and word, and not by halving. */
const manyChildren = 16;

/** How many slots there are for a child. */
const slotsPerChild = 1.4;

type CountedNodes = Nodes & Pick<TrieLevel, 'size'>;

/** What is needed of a level to find its nodes. */
type Findable = CountedNodes & Pick<TrieLevel, 'slots'>;

/**
 * The slots of the nodes whose parents have many children: open addressing with linear probing, in the slot that the
 * hash of a node's parent and word names or, if that is taken, in the next free one. A slot holds the node's number + 1
 * and, in the bits that no number needs, bits of the hash, so that hardly ever another node is looked at; 0 is free.
 */
export function fillSlots(level: CountedNodes, parents: CountedNodes): Int32Array {
  let children = 0;
  for (let parent = 0; parent < parents.size; parent++) {
    const size = firstChildOf(parents, parent + 1) - firstChildOf(parents, parent);
    if (size > manyChildren) children += size;
  }
  const slots = sharedArray(Math.ceil(children * slotsPerChild));
  const bits = bitsOfNumbers(level.size);
  for (let parent = 0; parent < parents.size; parent++) {
    const start = firstChildOf(parents, parent);
    const end = firstChildOf(parents, parent + 1);
    if (end - start <= manyChildren) continue;
    for (let node = start; node < end; node++) {
      const hash = hashOf(parent, wordOf(level, node));
      let slot = slotOf(hash, slots.length);
      while (slots[slot] !== 0) slot = slot + 1 === slots.length ? 0 : slot + 1;
      slots[slot] = (node + 1) | (hash << bits);
    }
  }
  return slots;
}

/** The child with this word, of those of `parent` from `start` to `end` (not included); `NONE` where there is none. */
export function findChild(
  level: Findable,
  parent: number,
  start: number,
  end: number,
  word: TokenId,
): number {
  if (end - start <= manyChildren) {
    const node = firstChildNotBefore(level, word, start, end);
    return node < end && wordOf(level, node) === word ? node : NONE;
  }
  const { slots, size } = level;
  const bits = bitsOfNumbers(size);
  const hash = hashOf(parent, word);
  let slot = slotOf(hash, slots.length);
  for (let entry = slots[slot]; entry !== 0; entry = slots[slot]) {
    const node = (entry & ((1 << bits) - 1)) - 1;
    const mayBe = (entry ^ (hash << bits)) >>> bits === 0;
    if (mayBe && node >= start && node < end && wordOf(level, node) === word) return node;
    slot = slot + 1 === slots.length ? 0 : slot + 1;
  }
  return NONE;
}

/**
 * Finds many children at a time, of up to `capacity` parents. Every step is made for all of them before the next one, and
 * without a branch that depends on what was read, so that the processor has many reads of memory under way at once.
 */
export class ChildFinder {
  readonly #starts: Int32Array;
  readonly #sizes: Int32Array;
  readonly #hashes: Int32Array;
  readonly #entries: Int32Array;
  readonly #hashed: Uint16Array;
  readonly #halved: Uint16Array;

  constructor(capacity: number) {
    this.#starts = new Int32Array(capacity);
    this.#sizes = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#entries = new Int32Array(capacity);
    this.#hashed = new Uint16Array(capacity);
    this.#halved = new Uint16Array(capacity);
  }

  /** Replaces each of the first `length` parents by its child with the word at the same place, or by `NONE`. */
  find(level: Findable, parentsLevel: Nodes, parents: Int32Array, words: Int32Array, length: number): void {
    const { nodes, stride, slots } = level;
    const starts = this.#starts;
    const sizes = this.#sizes;
    const hashes = this.#hashes;
    const entries = this.#entries;
    const hashed = this.#hashed;
    const halved = this.#halved;
    let many = 0;
    let few = 0;
    for (let i = 0; i < length; i++) {
      const start = firstChildOf(parentsLevel, parents[i]);
      const size = firstChildOf(parentsLevel, parents[i] + 1) - start;
      starts[i] = start;
      sizes[i] = size;
      hashed[many] = i;
      halved[few] = i;
      many += +(size > manyChildren);
      few += +(size <= manyChildren);
    }
    const bits = bitsOfNumbers(level.size);
    const mask = (1 << bits) - 1;
    for (let j = 0; j < many; j++) {
      const i = hashed[j];
      const hash = hashOf(parents[i], words[i]);
      hashes[j] = hash;
      entries[j] = slots[slotOf(hash, slots.length)];
    }
    for (let j = 0; j < many; j++) {
      const hash = hashes[j];
      let entry = entries[j];
      if (entry === 0 || (entry ^ (hash << bits)) >>> bits === 0) continue;
      let slot = slotOf(hash, slots.length);
      do {
        slot = slot + 1 === slots.length ? 0 : slot + 1;
        entry = slots[slot];
      } while (entry !== 0 && (entry ^ (hash << bits)) >>> bits !== 0);
      entries[j] = entry;
    }
    for (let j = 0; j < many; j++) {
      const i = hashed[j];
      const node = (entries[j] & mask) - 1;
      const start = starts[i];
      const isFound = node >= start && node < start + sizes[i] && nodes[stride * node] === words[i];
      parents[i] = isFound ? node : findChild(level, parents[i], start, start + sizes[i], words[i]);
    }
    for (let j = 0; j < few; j++) {
      const i = halved[j];
      const word = words[i];
      let start = starts[i];
      for (let size = sizes[i]; size > 1; ) {
        const half = size >>> 1;
        // The mask is -1 where the word in the middle is not above, and 0 where it is.
        start += half & ~((word - nodes[stride * (start + half)]) >> 31);
        size -= half;
      }
      entries[j] = start;
    }
    for (let j = 0; j < few; j++) {
      const i = halved[j];
      const node = entries[j];
      parents[i] = sizes[i] > 0 && nodes[stride * node] === words[i] ? node : NONE;
    }
  }
}

/** The first of sorted nodes from `start` on whose word is not before `word`; `end` where there is none. */
export function firstChildNotBefore(level: Nodes, word: TokenId, start: number, end: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (wordOf(level, middle) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many bits the numbers of so many nodes need, from 1 on. */
function bitsOfNumbers(size: number): number {
  return 32 - Math.clz32(size);
}

/** Its high bits name the slot, its low ones are held by it. */
function hashOf(parent: number, word: TokenId): number {
  let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(word + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function slotOf(hash: number, slots: number): number {
  return Math.floor(((hash >>> 0) * slots) / 2 ** 32);
}
