import { compareNGrams, type NGramStream } from './ngram-stream.ts';

/**
 * The sum of several streams of one order: every distinct n-gram once, with the sum of its counts; n-grams whose sum is
 * 0 are omitted. Input and output are sorted by id.
 */
export function mergeStreams(order: number, streams: readonly NGramStream[]): NGramStream {
  return streams.length === 1 ? streams[0] : new MergedStream(order, streams);
}

class MergedStream implements NGramStream {
  readonly ngram: Uint32Array;
  count = 0;
  /** The unfinished inputs, sorted by their current n-grams. */
  readonly #heads: NGramStream[] = [];
  readonly order: number;

  constructor(order: number, streams: readonly NGramStream[]) {
    this.order = order;
    this.ngram = new Uint32Array(order);
    for (const stream of streams) if (stream.next()) this.#place(stream, 0);
  }

  next(): boolean {
    do {
      if (this.#heads.length === 0) return false;
      this.#sumFirst();
    } while (this.count === 0);
    return true;
  }

  /** Adds up the counts of the smallest n-gram and advances all heads past it. */
  #sumFirst(): void {
    const heads = this.#heads;
    this.ngram.set(heads[0].ngram);
    this.count = 0;
    do {
      const head = heads[0];
      this.count += head.count;
      if (head.next()) this.#replaceFirst(head);
      else heads.shift();
    } while (heads.length > 0 && compareNGrams(heads[0].ngram, this.ngram, this.order) === 0);
  }

  /** Inserts a stream at its position among the heads from `from` on. */
  #place(stream: NGramStream, from: number): void {
    let at = from;
    while (at < this.#heads.length && compareNGrams(this.#heads[at].ngram, stream.ngram, this.order) < 0)
      at++;
    this.#heads.splice(at, 0, stream);
  }

  /** Moves the first head, which has advanced, to its new position. */
  #replaceFirst(head: NGramStream): void {
    const heads = this.#heads;
    let at = 1;
    while (at < heads.length && compareNGrams(heads[at].ngram, head.ngram, this.order) < 0) {
      heads[at - 1] = heads[at];
      at++;
    }
    heads[at - 1] = head;
  }
}
