/** The byte order mark of UTF-8, with which some editors begin a file. */
export const byteOrderMark: readonly number[] = [0xef, 0xbb, 0xbf];

/** Whether a byte order mark is at a place. */
export function hasByteOrderMark(bytes: ArrayLike<number>, at = 0): boolean {
  return byteOrderMark.every((byte, i) => bytes[at + i] === byte);
}
