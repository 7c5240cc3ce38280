import { maxTokenBytes, tokenTooLong } from './stretches.ts';
import type { TokenSink } from './token-sink.ts';
import { TokenTable } from './token-table.ts';
import { decodeUtf8 } from './utf8.ts';
import type { WordFinder } from './word-finder.ts';

/**
 * The most text that is cached: about 30 MB of memory. Long stretches are not cached, since they are rarely repeated.
 */
const maxStretches = 1 << 18;
const maxBytes = 1 << 23;
const maxStretchBytes = 128;

/**
 * A cache of the words of stretches of text: texts repeat themselves, and segmentation is some twenty times slower than
 * a look-up. The cache is cleared when it is full.
 */
export class SegmentedStretches {
  readonly #finder: WordFinder;
  readonly #share: number;
  #stretches = new TokenTable();
  #stretchBytes = 0;
  /** Stretch id's words are those from `#firstWord[id]` to before `#firstWord[id + 1]`. */
  #firstWord = new Uint32Array(1024);
  /** A word's bytes are `#bytes[#ends[word], #ends[word + 1])`. */
  #ends = new Uint32Array(1024);
  #bytes = new Uint8Array(8192);

  /** `share`, from 0 to 1, is the fraction of the maximum size that this cache may use. */
  constructor(finder: WordFinder, share: number) {
    this.#finder = finder;
    this.#share = share;
  }

  /** Writes the words of the stretch `bytes[start, end)` to the sink. */
  emit(bytes: Uint8Array, start: number, end: number, sink: TokenSink): void {
    if (end - start > maxStretchBytes) {
      for (const word of this.#finder.words(decodeUtf8(bytes, start, end))) {
        const token = Buffer.from(word);
        emitToken(token, 0, token.length, sink);
      }
      return;
    }
    const stretch = this.#find(bytes, start, end);
    const lastWord = this.#firstWord[stretch + 1];
    for (let word = this.#firstWord[stretch]; word < lastWord; word++) {
      emitToken(this.#bytes, this.#ends[word], this.#ends[word + 1], sink);
    }
  }

  /** The words of the stretch `bytes[start, end)`. */
  words(bytes: Uint8Array, start: number, end: number): string[] {
    const words: string[] = [];
    const sink: TokenSink = {
      token: (bytes, start, end) => words.push(decodeUtf8(bytes, start, end)),
      lineEnd() {},
    };
    this.emit(bytes, start, end, sink);
    return words;
  }

  #find(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#stretches.size;
    const stretch = this.#stretches.intern(bytes, start, end);
    if (stretch < known) return stretch;
    this.#stretchBytes += end - start;
    const rememberedBytes = this.#stretchBytes + this.#ends[this.#firstWord[known]];
    if (known >= this.#share * maxStretches || rememberedBytes > this.#share * maxBytes) {
      this.#stretches = new TokenTable();
      this.#stretchBytes = 0;
      return this.#find(bytes, start, end);
    }
    this.#add(stretch, this.#finder.words(decodeUtf8(bytes, start, end)));
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

function emitToken(bytes: Uint8Array, start: number, end: number, sink: TokenSink): void {
  if (end - start > maxTokenBytes) throw tokenTooLong('one is longer in Normalization Form C.');
  sink.token(bytes, start, end);
}

function withRoom<T extends Uint8Array | Uint32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
