/**
 * How tokens of bytes are written: a character for each byte, as in the vocabulary file of GPT-2. Bytes that are
 * printable in Latin-1 are written as they are there; the others, in their order, as U+0100, U+0101 and so on. A space
 * is `Ġ`, a line feed `Ċ`. So every token has a name without white space and no two have the same, also where its bytes
 * are part of a character.
 */
const characters = characterOfBytes();

const byteOf = new Map(characters.map((character, byte) => [character, byte]));

/** The UTF-8 of the character of each byte: one byte, or two. */
const firstBytes = Uint8Array.from(characters, (character) => Buffer.from(character)[0]);
const secondBytes = Uint8Array.from(characters, (character) => Buffer.from(character)[1] ?? 0);

function characterOfBytes(): string[] {
  let others = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : others++);
  });
}

/** The name of `bytes[start, end)`. */
export function nameOfBytes(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let name = '';
  for (let at = start; at < end; at++) name += characters[bytes[at]];
  return name;
}

/**
 * Writes the UTF-8 of the name of `bytes[start, end)` to the start of `target`; returns its length, at most twice
 * theirs.
 */
export function writeName(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let length = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    target[length++] = firstBytes[byte];
    if (secondBytes[byte] !== 0) target[length++] = secondBytes[byte];
  }
  return length;
}

/** The bytes that have a name; undefined if it has a character that stands for no byte. */
export function bytesOfName(name: string): Uint8Array | undefined {
  const bytes = new Uint8Array(name.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = byteOf.get(name[at]);
    if (byte === undefined) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}
