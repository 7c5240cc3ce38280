/** The sizes of the corpora of a stall run. */
export interface Sizes {
  /** Bytes of the text of words. */
  textBytes: number;
  /** The number of distinct words that begin with `w`. */
  wordsInW: number;
  /** The number of additional small corpora. */
  smallCorpora: number;
}

/** Numbers from 0 to 1, the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Word number i, of letters only; nine in ten begin with `w`. */
export function word(i: number): string {
  const digits = i
    .toString(26)
    .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 26)));
  return i % 10 === 9 ? `v${digits}` : `w${digits}`;
}

/**
 * One line with each word once, then lines of words whose frequency decreases with their number (Zipf's law). About
 * `textBytes` long; each line has about a dozen words.
 */
export function* zipfText({ textBytes, wordsInW }: Pick<Sizes, 'textBytes' | 'wordsInW'>): Generator<string> {
  const vocabulary = Math.ceil(wordsInW / 0.9);
  const random = randomNumbers(1);
  let bytes = 0;
  for (let from = 0; from < vocabulary; from += 1000) {
    const length = Math.min(1000, vocabulary - from);
    const line = `${Array.from({ length }, (_, i) => word(from + i)).join(' ')}\n`;
    bytes += line.length;
    yield line;
  }
  while (bytes < textBytes) {
    // Log-uniform ranks have frequencies in proportion to 1 / rank.
    const line = `${Array.from({ length: 40 }, () => word(Math.floor(vocabulary ** random()))).join(' ')}\n`;
    bytes += line.length;
    yield line;
  }
}

/** Chinese text without white space, which only `unicode` can split. */
export function ideographs(characters: number): string {
  const random = randomNumbers(2);
  return String.fromCodePoint(
    ...Array.from({ length: 1000 }, () => 0x4e00 + Math.floor(3000 ** random())),
  ).repeat(Math.ceil(characters / 1000));
}
