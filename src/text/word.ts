import { ByteClass, readBytesAs, type Scanner, type Separators, StretchScanner } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';

/** Tokens are the runs of A–Z and a–z, lower-cased. */
export function createWordScanner(sink: TokenSink): Scanner {
  return new StretchScanner(nonLetters, sink);
}

/** For each byte that is one of A–Z a–z, its lower-case form; 0 for the others. */
export const lowerCase = Uint8Array.from({ length: 256 }, (_, byte) => {
  const lower = byte | 0x20;
  return byte < 0x80 && lower >= 0x61 && lower <= 0x7a ? lower : 0;
});

const nonLetters: Separators = {
  readAs: readBytesAs(
    lowerCase.map((lower, byte) => {
      if (byte === 0x0a) return ByteClass.lineFeed;
      return lower === 0 ? ByteClass.separator : ByteClass.inside;
    }),
    lowerCase.map((lower, byte) => (lower === 0 ? byte : lower)),
  ),
};
