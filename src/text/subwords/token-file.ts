import { readFileSync } from 'node:fs';
import type { EncodingName } from './encodings.ts';

/** The tokens of an encoding by their bytes. */
export interface TokenBytes {
  /** How many there are; their ids are from 0. */
  readonly size: number;
  /** Token id's bytes are `bytes[ends[id], ends[id + 1])`. */
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  /** A hash table with open addressing and linear probing, at most half full: ids + 1, or 0 where a slot is free. */
  readonly slots: Int32Array;
}

/** The file with the tokens of an encoding. `scripts/encodings.ts` writes it. */
export function tokenFile(name: EncodingName): URL {
  return new URL(`../../../encodings/${name}.tokens`, import.meta.url);
}

/**
 * Reads the file of an encoding: the numbers of tokens and of slots, the ends of the tokens, the slots, and the bytes;
 * numbers have 32 bits, the least significant byte first. The hash table is in the file so that reading it takes a few
 * milliseconds.
 */
export function readTokens(name: EncodingName): TokenBytes {
  const file = readFileSync(tokenFile(name));
  const { buffer } = Uint8Array.from(file);
  const [size, slotCount] = new Uint32Array(buffer, 0, 2);
  const slotsAt = 4 * (2 + size + 1);
  const bytesAt = slotsAt + 4 * slotCount;
  return {
    size,
    ends: new Uint32Array(buffer, 8, size + 1),
    slots: new Int32Array(buffer, slotsAt, slotCount),
    bytes: new Uint8Array(buffer, bytesAt),
  };
}

/** The content of the file with these tokens. */
export function tokenFileOf(tokens: readonly Uint8Array[]): Uint8Array {
  let slotCount = 2;
  while (slotCount < 2 * tokens.length) slotCount *= 2;
  const ends = new Uint32Array(tokens.length + 1);
  for (const [id, token] of tokens.entries()) ends[id + 1] = ends[id] + token.length;
  const bytes = Buffer.concat(tokens);
  const slots = new Int32Array(slotCount);
  for (const id of tokens.keys()) {
    let slot = hashOfBytes(bytes, ends[id], ends[id + 1]) & (slotCount - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slotCount - 1);
    slots[slot] = id + 1;
  }
  const head = Uint32Array.of(tokens.length, slotCount);
  return Buffer.concat([head, ends, slots].map(({ buffer }) => Buffer.from(buffer)).concat(bytes));
}

/** The id of the token `bytes[start, end)`; -1 if there is none. */
export function findToken(tokens: TokenBytes, bytes: Uint8Array, start: number, end: number): number {
  const { slots, ends, bytes: known } = tokens;
  const mask = slots.length - 1;
  for (let slot = hashOfBytes(bytes, start, end) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const id = slots[slot] - 1;
    let at = ends[id];
    if (ends[id + 1] - at !== end - start) continue;
    let i = start;
    while (i < end && known[at] === bytes[i]) {
      at++;
      i++;
    }
    if (i === end) return id;
  }
  return -1;
}

/**
 * FNV-1a (Fowler, Noll and Vo), with the high bits mixed into the low ones. Look-ups never add, so none can be made
 * slow.
 */
function hashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
