/** The largest integer up to which a double represents all integers. */
export const exactIntegers = 2 ** 53;

/** From this many numbers on, the engine's own sort is faster than insertion sort. */
const many = 24;

/** Sorts the first `length` numbers, which must be non-negative, in place. */
export function sortNumbers(numbers: Float64Array, length = numbers.length): void {
  if (length >= many) {
    // Non-negative doubles sort as their bits do, and the engine sorts integers twice as fast as doubles.
    new BigUint64Array(numbers.buffer, numbers.byteOffset, length).sort();
    return;
  }
  for (let i = 1; i < length; i++) {
    const number = numbers[i];
    let at = i;
    for (; at > 0 && numbers[at - 1] > number; at--) numbers[at] = numbers[at - 1];
    numbers[at] = number;
  }
}

/**
 * Sorts the first `length` pairs (`firsts[i]`, `seconds[i]`) in place, by their first numbers and, among equal ones, by
 * their second. The firsts are integers from 0 to 2^53. If both numbers of every pair fit into one double, they are
 * sorted as one number; otherwise by merging, which is several times slower.
 */
export function sortPairs(firsts: Float64Array, seconds: Uint32Array, length = firsts.length): void {
  let first = 0;
  let second = 0;
  for (let i = 0; i < length; i++) {
    if (firsts[i] > first) first = firsts[i];
    if (seconds[i] > second) second = seconds[i];
  }
  const base = second + 1;
  // Every packed number is below this product.
  if ((first + 1) * base > exactIntegers) {
    mergeSortPairs(firsts, seconds, length);
    return;
  }
  for (let i = 0; i < length; i++) firsts[i] = firsts[i] * base + seconds[i];
  sortNumbers(firsts, length);
  for (let i = 0; i < length; i++) {
    const packed = firsts[i];
    const unpacked = Math.floor(packed / base);
    firsts[i] = unpacked;
    seconds[i] = packed - unpacked * base;
  }
}

/** Sorts pairs by merging neighbouring sorted runs, initially of one pair each. */
function mergeSortPairs(firsts: Float64Array, seconds: Uint32Array, length: number): void {
  let order = new Uint32Array(length);
  let merged = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const isBefore = (a: number, b: number) =>
    firsts[a] < firsts[b] || (firsts[a] === firsts[b] && seconds[a] < seconds[b]);
  for (let width = 1; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesRight = right < end && (left === middle || isBefore(order[right], order[left]));
        merged[at] = order[takesRight ? right++ : left++];
      }
    }
    [order, merged] = [merged, order];
  }
  const sortedFirsts = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    sortedFirsts[i] = firsts[order[i]];
    merged[i] = seconds[order[i]];
  }
  firsts.set(sortedFirsts);
  seconds.set(merged);
}
