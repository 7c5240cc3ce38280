import { ByteClass, readBytesAs, type Scanner, type Separators, StretchScanner } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';

/** Tokens are the runs of characters without white space, unchanged. */
export function createWhitespaceScanner(sink: TokenSink, settings: SpacedSettings): Scanner {
  return new StretchScanner(whiteSpaceOf(settings).separators, sink);
}

/** The class of each byte if only ASCII's white space separates. */
const asciiWhiteSpace = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x0a) return ByteClass.lineFeed;
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) ? ByteClass.separator : ByteClass.inside;
});

/** The lead bytes of white space beyond ASCII. */
const leads = new Set([0xc2, 0xe1, 0xe2, 0xe3]);

/** Whether a UTF-16 code unit has the property White_Space; all characters with that property are one unit long. */
export function isWhiteSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  if (code === 0x1680 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a)) return true;
  return code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f;
}

/** Unicode's white space. */
export const whiteSpace: Separators = {
  readAs: readBytesAs(
    asciiWhiteSpace.map((byteClass, byte) => (leads.has(byte) ? ByteClass.maybeSeparator : byteClass)),
  ),
  length(bytes, at) {
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    switch (bytes[at]) {
      case 0xc2: // U+0085, U+00A0
        return second === 0x85 || second === 0xa0 ? 2 : 0;
      case 0xe1: // U+1680
        return second === 0x9a && third === 0x80 ? 3 : 0;
      case 0xe2: // U+2000–200A, U+2028, U+2029, U+202F; U+205F
        if (second === 0x80)
          return third <= 0x8a || third === 0xa8 || third === 0xa9 || third === 0xaf ? 3 : 0;
        return second === 0x81 && third === 0x9f ? 3 : 0;
      default: // U+3000
        return second === 0x80 && third === 0x80 ? 3 : 0;
    }
  },
};

/** What decides which white space separates words. */
export interface SpacedSettings {
  /** What the corpus is made of, if not of texts. */
  content?: { readonly kind: string } | undefined;
}

/** The characters between words. */
export interface WhiteSpace {
  readonly separators: Separators;
  /** Whether a UTF-16 code unit is one of them. */
  readonly has: (code: number) => boolean;
  /** All other characters, in a regular expression with the flag u. */
  readonly others: string;
}

const ofUnicode: WhiteSpace = { separators: whiteSpace, has: isWhiteSpace, others: '\\P{White_Space}' };

const ofArpaFiles: WhiteSpace = {
  separators: { readAs: readBytesAs(asciiWhiteSpace) },
  has: (code) => code <= 0x20 && isWhiteSpace(code),
  others: '[^\\t-\\r ]',
};

/**
 * Unicode's characters with the property White_Space or, for a model of an ARPA file, those of ASCII: KenLM and SRILM
 * take others, such as U+00A0, as a part of a word.
 */
export function whiteSpaceOf({ content }: SpacedSettings): WhiteSpace {
  return content?.kind === 'arpa' ? ofArpaFiles : ofUnicode;
}
