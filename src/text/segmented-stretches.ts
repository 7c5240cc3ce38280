import { maxTokenBytes, tokenTooLong } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';
import { TokenTable } from './token-table.ts';
import { decodeUtf8 } from './utf8.ts';

/** Every locale but Finnish and Swedish has the same words; naming one keeps the machine's own out of the result. */
export const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** How much text is remembered at most: about 30 MB of memory. */
const maxStretches = 1 << 18;
const maxWordBytes = 1 << 22;

/**
 * The words of stretches of text, found once and remembered, because texts repeat themselves and segmentation is some
 * twenty times slower than looking up. Forgets everything when there is too much of it.
 */
export class SegmentedStretches {
  #stretches = new TokenTable();
  /** Stretch id's words are those from `#firstWord[id]` to before `#firstWord[id + 1]`. */
  #firstWord = new Uint32Array(1024);
  /** A word's bytes are `#bytes[#ends[word], #ends[word + 1])`. */
  #ends = new Uint32Array(1024);
  #bytes = new Uint8Array(8192);

  /** Hands the words of the stretch `bytes[start, end)` to the sink, normalised and in lower case. */
  emit(bytes: Uint8Array, start: number, end: number, sink: TokenSink): void {
    const stretch = this.#find(bytes, start, end);
    const lastWord = this.#firstWord[stretch + 1];
    for (let word = this.#firstWord[stretch]; word < lastWord; word++) {
      const from = this.#ends[word];
      const to = this.#ends[word + 1];
      if (to - from > maxTokenBytes)
        throw tokenTooLong('there is one that is longer in Normalization Form C.');
      sink.token(this.#bytes, from, to);
    }
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#stretches.size;
    const stretch = this.#stretches.intern(bytes, start, end);
    if (stretch < known) return stretch;
    if (known === maxStretches || this.#ends[this.#firstWord[known]] > maxWordBytes) {
      this.#stretches = new TokenTable();
      return this.#find(bytes, start, end);
    }
    this.#add(stretch, wordsOf(decodeUtf8(bytes, start, end)));
    return stretch;
  }

  #add(stretch: number, words: string[]): void {
    let word = this.#firstWord[stretch];
    this.#firstWord = withRoom(this.#firstWord, stretch + 2);
    this.#ends = withRoom(this.#ends, word + words.length + 1);
    for (const text of words) {
      const from = this.#ends[word];
      this.#bytes = withRoom(this.#bytes, from + 3 * text.length);
      this.#ends[++word] = from + encoder.encodeInto(text, this.#bytes.subarray(from)).written;
    }
    this.#firstWord[stretch + 1] = word;
  }
}

const encoder = new TextEncoder();

/** Words of Chinese characters alone, which are taken apart: see docs/decisions/0004-ideographs-are-words.md. */
const ideographs = /^\p{Script=Han}+$/u;

function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFC'))) {
    if (!isWordLike) continue;
    // Lower case can undo the normalisation: J̌ is two characters, ǰ is one.
    const word = segment.toLowerCase().normalize('NFC');
    if (ideographs.test(word)) words.push(...word);
    else words.push(word);
  }
  return words;
}

function withRoom<T extends Uint8Array | Uint32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
