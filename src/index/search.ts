/**
 * The last of the places from `low` to `high` (not included) where a condition holds that holds at `low` and, once it
 * does not, nowhere after: found by halving.
 */
export function lastWhere(low: number, high: number, holds: (place: number) => boolean): number {
  let from = low;
  let to = high;
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from;
}

/** Like `lastWhere`, for a place that is probably near `low`: found in steps that double, then halve. */
export function gallop(low: number, high: number, holds: (place: number) => boolean): number {
  let step = 1;
  while (low + step < high && holds(low + step)) step *= 2;
  return lastWhere(low + (step >>> 1), Math.min(low + step, high), holds);
}

/** The first place from `start` whose number is at least `number`; `end` if no number is. The numbers rise. */
export function firstNotBefore(
  numbers: ArrayLike<number>,
  number: number,
  start: number,
  end: number,
): number {
  return lastWhere(start - 1, end, (place) => numbers[place] < number) + 1;
}

/** The place of a number among ascending ones from `start` to `end` (exclusive); undefined if it is not among them. */
export function indexOf(
  numbers: ArrayLike<number>,
  number: number,
  start: number,
  end: number,
): number | undefined {
  const at = firstNotBefore(numbers, number, start, end);
  return at < end && numbers[at] === number ? at : undefined;
}
