import type { NGramStream } from '../../ngrams/ngram-stream.ts';

/**
 * The n-grams of an order that are given or are part of longer ones, in rising order, each with its given count and the
 * sums over the n-grams that have one word more, after it and before it; 0 where there are none.
 */
export class Sums {
  /** Valid until the next one. */
  readonly ngram: Uint32Array;
  given = 0;
  followed = 0;
  preceded = 0;
  readonly #order: number;
  readonly #given: NGramStream;
  readonly #followed: NGramStream;
  readonly #preceded: NGramStream;
  #hasGiven: boolean;
  #hasFollowed: boolean;
  #hasPreceded: boolean;

  constructor(order: number, [given, followed, preceded]: readonly NGramStream[]) {
    this.#order = order;
    this.ngram = new Uint32Array(order);
    this.#given = given;
    this.#followed = followed;
    this.#preceded = preceded;
    this.#hasGiven = given.next();
    this.#hasFollowed = followed.next();
    this.#hasPreceded = preceded.next();
  }

  /** Advances to the next n-gram; false at the end. */
  next(): boolean {
    if (!this.#moveToFirst()) return false;
    this.given = 0;
    this.followed = 0;
    this.preceded = 0;
    if (this.#hasGiven && this.#compare(this.#given) === 0) {
      this.given = this.#given.count;
      this.#hasGiven = this.#given.next();
    }
    if (this.#hasFollowed && this.#compare(this.#followed) === 0) {
      this.followed = this.#followed.count;
      this.#hasFollowed = this.#followed.next();
    }
    if (this.#hasPreceded && this.#compare(this.#preceded) === 0) {
      this.preceded = this.#preceded.count;
      this.#hasPreceded = this.#preceded.next();
    }
    return true;
  }

  /** Moves to the first n-gram of all streams; false where all are at their ends. */
  #moveToFirst(): boolean {
    let isThere = this.#hasGiven;
    if (this.#hasGiven) this.#moveTo(this.#given);
    if (this.#hasFollowed && (!isThere || this.#compare(this.#followed) < 0)) this.#moveTo(this.#followed);
    isThere ||= this.#hasFollowed;
    if (this.#hasPreceded && (!isThere || this.#compare(this.#preceded) < 0)) this.#moveTo(this.#preceded);
    return isThere || this.#hasPreceded;
  }

  #moveTo({ ngram }: NGramStream): void {
    for (let i = 0; i < this.#order; i++) this.ngram[i] = ngram[i];
  }

  /** Negative, zero or positive as the n-gram of a stream sorts before, with or after the current one. */
  #compare({ ngram }: NGramStream): number {
    for (let i = 0; i < this.#order; i++) {
      const difference = ngram[i] - this.ngram[i];
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
