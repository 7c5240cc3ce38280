/** The number of values of a slot: a node + 1, a code unit, and the child. */
const slotSize = 3;

/** Strings with ids, read unit by unit: a hash table of the children of all nodes, in arrays. */
export class Trie {
  #slots = new Int32Array(slotSize * 1024);
  /** The id of the string that ends at each node; -1 if none does. */
  #ids = new Int32Array(512).fill(-1);
  #size = 1;

  /** The node of the empty string. */
  static readonly root = 0;

  /** Adds a string. */
  add(text: string, id: number): void {
    let node = Trie.root;
    for (let i = 0; i < text.length; i++) {
      const child = this.child(node, text.charCodeAt(i));
      node = child < 0 ? this.#addChild(node, text.charCodeAt(i)) : child;
    }
    this.#ids[node] = id;
  }

  /** The id of the string that ends at a node; -1 if none does. */
  idAt(node: number): number {
    return this.#ids[node];
  }

  /** The node after a node and a UTF-16 code unit; -1 if no string continues so. */
  child(node: number, unit: number): number {
    const slots = this.#slots;
    const slot = this.#slot(slots, node, unit);
    return slots[slot] === 0 ? -1 : slots[slot + 2];
  }

  #addChild(node: number, unit: number): number {
    if (2 * slotSize * this.#size >= this.#slots.length) this.#grow();
    const child = this.#size++;
    if (child === this.#ids.length) {
      const ids = new Int32Array(2 * child).fill(-1);
      ids.set(this.#ids);
      this.#ids = ids;
    }
    this.#put(this.#slots, node, unit, child);
    return child;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    for (let at = 0; at < this.#slots.length; at += slotSize) {
      const node = this.#slots[at];
      if (node !== 0) this.#put(slots, node - 1, this.#slots[at + 1], this.#slots[at + 2]);
    }
    this.#slots = slots;
  }

  #put(slots: Int32Array, node: number, unit: number, child: number): void {
    const slot = this.#slot(slots, node, unit);
    slots[slot] = node + 1;
    slots[slot + 1] = unit;
    slots[slot + 2] = child;
  }

  /** Where a child is, or the free slot where it would be. */
  #slot(slots: Int32Array, node: number, unit: number): number {
    const mask = slots.length / slotSize - 1;
    let place = hashOfPair(node, unit) & mask;
    for (;;) {
      const slot = slotSize * place;
      if (slots[slot] === 0 || (slots[slot] === node + 1 && slots[slot + 1] === unit)) return slot;
      place = (place + 1) & mask;
    }
  }
}

/** A hash of two numbers, all bits of which depend on both. */
export function hashOfPair(a: number, b: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
