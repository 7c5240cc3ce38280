/**
 * Where a text can be cut so that the pieces of both parts are those of the whole, under the patterns of all encodings:
 * before white space other than line ends after something else; after a letter, unless a letter, a mark or an
 * apostrophe follows; and after the last of some digits. No piece continues there, whatever follows, and none looks at
 * what comes before it.
 */
const cuts =
  /(?<=\P{White_Space})(?=[^\P{White_Space}\r\n])|(?<=\p{L})(?![\p{L}\p{M}']|$)|(?<=\p{N})(?!\p{N}|$)/gu;

/** How many code units of a text are looked at together. */
const windowLength = 64;

/** Whether a text can be cut before the code unit at `at`. */
export function isCut(text: string, at: number): boolean {
  const from = Math.max(0, at - 2);
  return cutsOf(text.slice(from, at + 2)).includes(at - from);
}

/** The last place where a text can be cut; 0 if there is none. */
export function lastCut(text: string): number {
  for (let end = text.length; end > 1; end -= windowLength - 4) {
    const from = Math.max(0, end - windowLength);
    // Half of a character is at the end of a window that is not the last.
    const beforeHalf = end === text.length ? end : end - 1;
    const last = cutsOf(text.slice(from, end)).findLast((at) => from + at < beforeHalf);
    if (last !== undefined) return from + last;
  }
  return 0;
}

/** All places inside a text where it can be cut. */
function cutsOf(text: string): number[] {
  return Array.from(text.matchAll(cuts), ({ index }) => index);
}
