import { SegmentedStretches, segmenter } from './segmented-stretches.ts';
import { readBytesAs, type Scanner, type Separators, StretchScanner, tokenTooLong } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';
import { decodeUtf8, unfinishedLength } from './utf8.ts';
import { asciiWhiteSpace } from './whitespace.ts';

/**
 * Tokens are the words that Unicode's word segmentation (UAX #29, with dictionaries for the scripts without spaces)
 * finds in the text in Normalization Form C, in lower case; a Chinese character is a word of its own. White space of
 * ASCII is a boundary whatever is next to it, so each stretch between is segmented by itself.
 */
export function createUnicodeScanner(sink: TokenSink): Scanner {
  const segmenting: TokenSink = {
    token: (bytes, start, end) => stretches.emit(bytes, start, end, sink),
    lineEnd: () => sink.lineEnd(),
  };
  return new StretchScanner(boundaries, segmenting, (bytes, start, end, offset) => {
    const length = completeSegmentsLength(bytes.subarray(start, end), offset);
    stretches.emit(bytes, start, start + length, sink);
    return length;
  });
}

const boundaries: Separators = { readAs: readBytesAs(asciiWhiteSpace) };

/** One for all texts of the thread: what it remembers holds for each. */
const stretches = new SegmentedStretches();

/**
 * How much of the beginning of an overlong stretch can be segmented before the rest is known: up to its last segment.
 * Throws `invalid-text` where that is all one word.
 */
function completeSegmentsLength(beginning: Uint8Array, offset: number): number {
  const length = beginning.length - unfinishedLength(beginning);
  const text = decodeUtf8(beginning, 0, length);
  const { index, isWordLike } = segmenter.segment(text).containing(text.length - 1) as Intl.SegmentData;
  if (index > 0) return Buffer.byteLength(text.slice(0, index));
  if (isWordLike) throw tokenTooLong(`the one that begins at byte offset ${offset} is longer.`);
  return length;
}
