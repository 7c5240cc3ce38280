import { type TokenId, UNSEEN } from '../count-index.ts';

/** The initial number of slots, a power of two. */
const fewSlots = 64;

/** In place of a key where a slot is empty. */
const empty = -2;

/** The ids of tokens in each part of a mixture, by their ids in the mixture: a hash table with linear probing. */
export class PartIds {
  readonly #parts: number;
  #keys = new Int32Array(fewSlots).fill(empty);
  #values: Int32Array;
  #size = 0;

  constructor(parts: number) {
    this.#parts = parts;
    this.#values = new Int32Array(fewSlots * parts);
    const at = this.add(UNSEEN);
    for (let part = 0; part < parts; part++) this.set(at, part, UNSEEN);
  }

  /** The place of a token, until another one is added; -1 if it is not in the table. */
  find(id: TokenId): number {
    const slot = this.#slotOf(id);
    return this.#keys[slot] === empty ? -1 : slot;
  }

  /** Adds a token that is not in the table. Returns its place. */
  add(id: TokenId): number {
    if (2 * ++this.#size > this.#keys.length) this.#grow();
    const slot = this.#slotOf(id);
    this.#keys[slot] = id;
    return slot;
  }

  /** The id in a part of the token at a place; `UNSEEN` if the part has never had it. */
  at(place: number, part: number): TokenId {
    return this.#values[place * this.#parts + part];
  }

  set(place: number, part: number, id: TokenId): void {
    this.#values[place * this.#parts + part] = id;
  }

  #slotOf(id: TokenId): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    // Fibonacci hashing.
    let slot = Math.imul(id, 0x9e3779b1) >>> Math.clz32(mask);
    while (keys[slot] !== empty && keys[slot] !== id) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    const parts = this.#parts;
    this.#keys = new Int32Array(2 * keys.length).fill(empty);
    this.#values = new Int32Array(2 * values.length);
    for (let slot = 0; slot < keys.length; slot++) {
      if (keys[slot] === empty) continue;
      const to = this.#slotOf(keys[slot]);
      this.#keys[to] = keys[slot];
      for (let part = 0; part < parts; part++) this.#values[to * parts + part] = values[slot * parts + part];
    }
  }
}
