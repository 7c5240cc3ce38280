/** Numbers of up to 62 bits, in two halves of 32 bits each, and a value for each number where there are values. */
export interface Keys {
  /** The low half of key i at `2 * i`, and its high half after it. */
  readonly halves: Uint32Array;
  /** The same memory: a key is copied as one number. No number of up to 62 bits is the pattern of a NaN. */
  readonly wholes: Float64Array;
  readonly values: Uint32Array | undefined;
}

/** How many bits a key can have. */
export const keyBits = 62;

/** The largest number of bits that are sorted by at a time: the counters of their values stay in the nearest cache. */
const maxDigitBits = 11;

/** Room for `length` keys, with values or without. */
export function roomForKeys(length: number, hasValues: boolean): Keys {
  const wholes = new Float64Array(length);
  const values = hasValues ? new Uint32Array(length) : undefined;
  return { halves: new Uint32Array(wholes.buffer), wholes, values };
}

const counters = new Uint32Array(2 ** maxDigitBits);

/**
 * Sorts keys `from` ≤ i < `to` by their lowest `bits` bits, each with its value; equal ones stay in their order. `spare`
 * is room for as many keys. A radix sort from the lowest digit on: each pass counts the digits and moves the keys.
 */
export function sortKeys(keys: Keys, spare: Keys, from: number, to: number, bits: number): void {
  const length = to - from;
  const few = Math.max(4, 32 - Math.clz32(length >>> 2));
  const passes = Math.ceil(bits / Math.min(maxDigitBits, few));
  const width = Math.ceil(bits / passes);
  let source = keys;
  let start = from;
  for (let shift = 0; shift < bits; shift += width) {
    const target = source === keys ? spare : keys;
    const targetStart = source === keys ? 0 : from;
    const digit = Math.min(width, bits - shift);
    if (!movePass(source, start, target, targetStart, length, shift, digit)) continue;
    source = target;
    start = targetStart;
  }
  if (source === keys) return;
  keys.wholes.set(spare.wholes.subarray(0, length), from);
  if (spare.values !== undefined) keys.values?.set(spare.values.subarray(0, length), from);
}

/** Moves keys to where they stand sorted by one digit; false, and nothing is moved, where all have the same. */
function movePass(
  source: Keys,
  start: number,
  target: Keys,
  targetStart: number,
  length: number,
  shift: number,
  width: number,
): boolean {
  const { halves, wholes, values } = source;
  const mask = 2 ** width - 1;
  counters.fill(0, 0, mask + 1);
  const end = 2 * (start + length);
  for (let i = 2 * start; i < end; i += 2) counters[digitOf(halves[i], halves[i + 1], shift, mask)]++;
  if (counters[digitOf(halves[2 * start], halves[2 * start + 1], shift, mask)] === length) return false;
  for (let digit = 0, next = targetStart; digit <= mask; digit++) {
    const count = counters[digit];
    counters[digit] = next;
    next += count;
  }
  const targetWholes = target.wholes;
  const targetValues = target.values;
  if (values === undefined || targetValues === undefined) {
    for (let i = start; i < start + length; i++) {
      targetWholes[counters[digitOf(halves[2 * i], halves[2 * i + 1], shift, mask)]++] = wholes[i];
    }
    return true;
  }
  for (let i = start; i < start + length; i++) {
    const to = counters[digitOf(halves[2 * i], halves[2 * i + 1], shift, mask)]++;
    targetWholes[to] = wholes[i];
    targetValues[to] = values[i];
  }
  return true;
}

/** The bits of a key that `mask` covers, from bit `shift` on. */
function digitOf(low: number, high: number, shift: number, mask: number): number {
  if (shift >= 32) return (high >>> (shift - 32)) & mask;
  return shift === 0 ? low & mask : ((low >>> shift) | (high << (32 - shift))) & mask;
}
