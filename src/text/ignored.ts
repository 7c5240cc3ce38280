/**
 * Characters that are never part of a word: the soft hyphen, marks of the writing direction, the word joiner and similar
 * format characters, U+FEFF, and variation selectors. See docs/decisions/0020-how-text-is-read.md.
 */
const ignored =
  /[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** The text without the ignored characters. */
export function withoutIgnored(text: string): string {
  return text.replace(ignored, '');
}

/** 1 for each byte that can begin an ignored character. */
const leads = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0xc2, 0xd8, 0xe2, 0xef, 0xf3].includes(byte) ? 1 : 0,
);

/** Calls `take` with each stretch of `characters`, which must be well-formed UTF-8, between ignored characters. */
export function eachNotIgnored(characters: Uint8Array, take: (start: number, end: number) => void): void {
  const { length } = characters;
  let start = 0;
  for (let at = 0; at < length; at++) {
    if (leads[characters[at]] === 0) continue;
    const ignoredLength = lengthAt(characters, at);
    if (ignoredLength === 0) continue;
    if (at > start) take(start, at);
    start = at + ignoredLength;
    at = start - 1;
  }
  if (length > start) take(start, length);
}

/** The length in bytes of the ignored character at `at`; 0 if the character there is not ignored. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1];
  const third = bytes[at + 2];
  switch (bytes[at]) {
    case 0xc2: // U+00AD
      return second === 0xad ? 2 : 0;
    case 0xd8: // U+061C
      return second === 0x9c ? 2 : 0;
    case 0xe2: // U+200E, U+200F, U+202A–202E; U+2060–206F
      if (second === 0x80)
        return third === 0x8e || third === 0x8f || (third >= 0xaa && third <= 0xae) ? 3 : 0;
      return second === 0x81 && third >= 0xa0 && third <= 0xaf ? 3 : 0;
    case 0xef: // U+FE00–FE0F; U+FEFF
      if (second === 0xb8) return third <= 0x8f ? 3 : 0;
      return second === 0xbb && third === 0xbf ? 3 : 0;
    default: // U+E0100–E01EF
      if (second !== 0xa0 || third < 0x84 || third > 0x87) return 0;
      return third < 0x87 || bytes[at + 3] <= 0xaf ? 4 : 0;
  }
}
