import { invalidTokenizer, shown } from './json.ts';

/** What is done with the separators at which a text is split. */
export const behaviors = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

export type Behavior = (typeof behaviors)[number];

/** Reads a behavior. Throws `invalid-request` for one that is not known. */
export function readBehavior(value: unknown): Behavior {
  const known = behaviors.find((behavior) => behavior === value);
  if (known !== undefined) return known;
  throw invalidTokenizer(`the behavior ${shown(value)} is not known.`);
}

/** A stretch of a text, and whether it is one that it is split at. */
type Stretch = readonly [start: number, end: number, isMatch: boolean];

/**
 * Splits a text at what a pattern matches, which must be global. If `isInverted`, what it matches is kept and what is
 * between is what the text is split at.
 */
export function split(text: string, pattern: RegExp, behavior: Behavior, isInverted = false): string[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (match === '') continue;
    if (index > from) stretches.push([from, index, isInverted]);
    from = index + match.length;
    stretches.push([index, from, !isInverted]);
  }
  if (from < text.length) stretches.push([from, text.length, isInverted]);
  return joined(stretches, behavior).map(([start, end]) => text.slice(start, end));
}

function joined(stretches: readonly Stretch[], behavior: Behavior): readonly Stretch[] {
  switch (behavior) {
    case 'Removed':
      return stretches.filter(([, , isMatch]) => !isMatch);
    case 'Isolated':
      return stretches;
    case 'Contiguous':
      return joinedIf(stretches, (before, after) => before === after);
    case 'MergedWithPrevious':
      return joinedIf(stretches, (before, after) => after && !before);
    case 'MergedWithNext':
      return joinedFromEnd(stretches);
  }
}

/** Joins each stretch to the one before it where that is so, which is told of what the two are. */
function joinedIf(
  stretches: readonly Stretch[],
  isJoined: (before: boolean, after: boolean) => boolean,
): readonly Stretch[] {
  const joined: Stretch[] = [];
  let before: boolean | undefined;
  for (const [start, end, isMatch] of stretches) {
    const last = joined.at(-1);
    if (last !== undefined && before !== undefined && isJoined(before, isMatch))
      joined[joined.length - 1] = [last[0], end, last[2]];
    else joined.push([start, end, isMatch]);
    before = isMatch;
  }
  return joined;
}

function joinedFromEnd(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = [];
  let after: boolean | undefined;
  for (const [start, end, isMatch] of stretches.toReversed()) {
    const last = joined.at(-1);
    if (last !== undefined && after === false && isMatch) joined[joined.length - 1] = [start, last[1], false];
    else joined.push([start, end, isMatch]);
    after = isMatch;
  }
  return joined.reverse();
}
