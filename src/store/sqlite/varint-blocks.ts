import { BlockEncoder } from '../../ngrams/block.ts';
import { compareNGrams, type NGramStream, readNGramKey } from '../../ngrams/ngram-stream.ts';

/** The most n-grams that a block had up to schema 4. */
const maxNGrams = 128;

/**
 * A function for SQL that turns the data of a block of schema 4 or earlier into today's. `n` is its order, `first` its key.
 *
 * Each n-gram was `varint((count - 1) · n + shared)`, where `shared` is the number of leading ids that it shares with
 * the previous one, then `varint(id - previous id - 1)` for the first id that differs, then a varint for each remaining
 * id. Of the first n-gram there was only the first varint. Varints are LEB128. Throws what `damage` makes of a reason
 * if the block is damaged.
 */
export function blockPacker(
  damage: (reason: string) => Error,
): (n: unknown, first: unknown, data: unknown) => Uint8Array {
  const encoders: BlockEncoder[] = [];
  return (n, first, data) => {
    const order = n as number;
    encoders[order] ??= new BlockEncoder(order, maxNGrams);
    const encoder = encoders[order];
    const block = new VarintBlock(order, first as Buffer, data as Buffer);
    const previous = new Uint32Array(order);
    while (block.next()) {
      const isLater = encoder.size === 0 || compareNGrams(block.ngram, previous, order) > 0;
      if (!isLater || encoder.size === maxNGrams)
        throw damage('the n-grams of a block contradict each other');
      encoder.add(block.ngram, block.count);
      previous.set(block.ngram);
    }
    return encoder.take().slice();
  };
}

/** Reads the n-grams of such a block. */
class VarintBlock implements NGramStream {
  readonly order: number;
  readonly ngram: Uint32Array;
  count = 0;
  readonly #data: Uint8Array;
  #at = 0;
  #isFirst = true;

  constructor(order: number, first: Uint8Array, data: Uint8Array) {
    this.order = order;
    this.ngram = new Uint32Array(order);
    this.#data = data;
    readNGramKey(first, this.ngram);
  }

  next(): boolean {
    if (this.#at >= this.#data.length) return false;
    const { order, ngram } = this;
    const head = this.#varint();
    this.count = Math.floor(head / order) + 1;
    if (!this.#isFirst) {
      const shared = head % order;
      ngram[shared] += this.#varint() + 1;
      for (let i = shared + 1; i < order; i++) ngram[i] = this.#varint();
    }
    this.#isFirst = false;
    return true;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#data[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}
