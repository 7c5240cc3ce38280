import { BlockDecoder } from './block.ts';

/**
 * A block as text, for debugging the format: one line for each n-gram with its count, its tokens and the bytes of
 * its entry, where the heads of a pair belong to the first of them. `first` is the block's first n-gram, `data` its
 * bytes.
 */
export function printBlock(
  first: ArrayLike<number>,
  data: Uint8Array,
  tokenOf: (id: number) => string = String,
): string[] {
  const decoder = new BlockDecoder(first.length);
  decoder.open(first, data);
  const lines: string[] = [];
  for (let start = 0; decoder.next(); start = decoder.offset) {
    const bytes = Buffer.from(data.subarray(start, decoder.offset))
      .toString('hex')
      .replaceAll(/..\B/g, '$& ');
    lines.push(`${decoder.count}\t${Array.from(decoder.ngram, tokenOf).join(' ')}\t[${bytes}]`);
  }
  return lines;
}
