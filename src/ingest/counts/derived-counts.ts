import { blockNGrams } from '../../ngrams/block.ts';
import { BlockBatch, type EncodedBlocks } from '../../ngrams/block-batch.ts';
import type { NGramStream } from '../../ngrams/ngram-stream.ts';
import { exactIntegers } from '../../ngrams/sort-pairs.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { reservedId } from '../../text/reserved.ts';
import type { BlockSpill } from '../counting/block-spill.ts';
import { batchNGrams, SpilledSorter } from '../counting/spilled-sorter.ts';
import { Sums } from './sums.ts';

/**
 * What is wrong with the count of an n-gram g: with the lines of g, of n-grams that begin with g, or that end with it.
 */
export interface Contradiction {
  readonly ngram: Uint32Array;
  readonly in: 'itself' | 'longer';
  /** The rest of a sentence that begins with g. */
  readonly reason: string;
}

/** Makes the error for counts that contradict each other. */
export type Contradicting = (contradiction: Contradiction) => Error;

/**
 * The counts of all orders that follow from given ones: the run of a document of which only these are known. With n(g·)
 * and n(·g), the sums over the n-grams that have one word more after g or before it:
 *
 * - Lines: n(g) = n(g·), since something follows every word of a line, or n(g) = n(·g) for a g that ends with `</s>`. A g that
 *   also begins with `<s>` is a whole line, which is in no longer n-gram: it is as often there as it is given. Given counts, and
 *   both sums where a word comes before and after, must agree.
 * - Documents: n(g) is what is given, or else max(n(g·), n(·g)). It is not less than either; how much it is more is how
 *   often g ends, or begins, a document.
 *
 * The orders are derived from the highest down; each is read once, sorted, and written to the spill file as two runs
 * for the next one: its sums after g, which come sorted, and its n-grams without their first words, which are sorted in
 * parts.
 */
export class DerivedCounts {
  readonly #spill: BlockSpill;
  readonly #given: readonly number[];
  readonly #order: number;
  readonly #sequenceStart: number | undefined;
  readonly #sequenceEnd: number | undefined;
  readonly #contradicting: Contradicting;
  /** The run of the ends of documents. */
  readonly #ends: number;
  /** The runs of the sums after the n-grams of the next order, and before them. */
  #followed: readonly number[] = [];
  #preceded: readonly number[] = [];
  #tokens = 0;

  /** `given` are the runs of a spill file with the given counts. */
  constructor(
    spill: BlockSpill,
    given: readonly number[],
    settings: CorpusSettings,
    contradicting: Contradicting,
  ) {
    this.#spill = spill;
    this.#given = given;
    this.#order = settings.order;
    this.#sequenceStart = reservedId(settings, '<s>');
    this.#sequenceEnd = reservedId(settings, '</s>');
    this.#contradicting = contradicting;
    this.#ends = spill.beginRun();
  }

  /** The number of tokens, once all blocks have been read. */
  get tokens(): number {
    return this.#tokens;
  }

  /**
   * The n-grams of all orders, the highest first. Throws what `contradicting` makes of counts that contradict each
   * other.
   */
  *blocks(): Generator<EncodedBlocks, void> {
    if (this.#order === 1 && this.#sequenceStart !== undefined) this.#countLines(this.#sequenceStart);
    for (let order = this.#order; order > 0; order--) yield* this.#level(order);
  }

  /** The n-grams of an order that end documents, with how often they do, once all blocks have been read. */
  ends(order: number): NGramStream {
    return this.#spill.sum(order, [this.#ends]);
  }

  *#level(order: number): Generator<EncodedBlocks, void> {
    const batch = new BlockBatch(order, blockNGrams);
    const ends = new BlockBatch(order, blockNGrams);
    const shorter = order === 1 ? undefined : new ShorterNGrams(order - 1, this.#spill);
    const isHighest = order === this.#order;
    const hasEnds = !isHighest && this.#sequenceEnd === undefined;
    const runs = [this.#given, this.#followed, this.#preceded];
    const sums = new Sums(
      order,
      runs.map((ofKind) => this.#spill.sum(order, ofKind)),
    );
    while (sums.next()) {
      const { ngram, followed } = sums;
      const count = isHighest ? this.#highest(sums) : this.#derive(sums);
      if (count > exactIntegers) {
        const where = sums.given > exactIntegers ? 'itself' : 'longer';
        throw this.#contradicts(sums, where, 'occurs more than 2^53 times.');
      }
      batch.add(ngram, count);
      shorter?.add(ngram, count);
      if (order === 1) this.#countTokens(sums, count);
      if (hasEnds && count > followed) ends.add(ngram, count - followed);
      if (ends.ngrams === batchNGrams) this.#spill.add(ends.take(), this.#ends);
      if (batch.ngrams === batchNGrams) yield batch.take();
    }
    if (ends.ngrams > 0) this.#spill.add(ends.take(), this.#ends);
    if (batch.ngrams > 0) yield batch.take();
    if (shorter !== undefined) ({ followed: this.#followed, preceded: this.#preceded } = shorter.finish());
  }

  #countTokens(sums: Sums, count: number): void {
    if (sums.ngram[0] !== this.#sequenceStart) this.#tokens += count;
    if (this.#tokens > exactIntegers) {
      const where = sums.given > 0 ? 'itself' : 'longer';
      throw this.#contradicts(sums, where, 'and the words before it occur more than 2^53 times.');
    }
  }

  /** The count of an n-gram of the highest order. */
  #highest(sums: Sums): number {
    const { ngram, given, followed } = sums;
    if (ngram.length > 1 || ngram[0] !== this.#sequenceStart) return given;
    if (given === 0 || given === followed) return followed;
    throw this.#contradicts(sums, 'itself', `occurs ${given} times, and </s> ${followed} times.`);
  }

  /** Has the unigram `<s>` occur as often as `</s>`, where no longer n-grams show how often that is. */
  #countLines(sequenceStart: number): void {
    const unigrams = this.#spill.sum(1, this.#given);
    let lines = 0;
    while (unigrams.next()) if (unigrams.ngram[0] === this.#sequenceEnd) lines = unigrams.count;
    if (lines === 0) {
      const first = this.#spill.sum(1, this.#given);
      first.next();
      const reason = 'occurs, and </s> does not; in a corpus of lines, it is counted too.';
      throw this.#contradicting({ ngram: first.ngram.slice(), in: 'itself', reason });
    }
    const start = new BlockBatch(1, blockNGrams);
    start.add(Uint32Array.of(sequenceStart), lines);
    const run = this.#spill.beginRun();
    this.#spill.add(start.take(), run);
    this.#followed = [run];
  }

  /** The count of an n-gram of a lower order. */
  #derive(sums: Sums): number {
    const { ngram, given, followed, preceded } = sums;
    if (this.#sequenceEnd === undefined) return this.#deriveInDocuments(sums);
    const isStart = ngram[0] === this.#sequenceStart;
    const isEnd = ngram[ngram.length - 1] === this.#sequenceEnd;
    if (isStart && isEnd) return given;
    const [count, side] = isEnd ? [preceded, 'before'] : [followed, 'after'];
    if (!isStart && !isEnd && followed !== preceded) {
      const reason = `has words after it ${followed} times and before it ${preceded} times; in a corpus of lines, these agree, since <s> and </s> are counted too. For counts without them, choose sequences=document.`;
      throw this.#contradicts(sums, 'longer', reason);
    }
    if (given > 0 && given !== count) {
      const reason = `occurs ${given} times, and with a word ${side} it ${count} times; in a corpus of lines, these agree, since <s> and </s> are counted too. For counts without them, or without rare n-grams, choose sequences=document.`;
      throw this.#contradicts(sums, 'itself', reason);
    }
    return count;
  }

  #deriveInDocuments(sums: Sums): number {
    const { given, followed, preceded } = sums;
    const least = Math.max(followed, preceded);
    if (given === 0 || given >= least) return given || least;
    const side = followed > preceded ? 'after' : 'before';
    throw this.#contradicts(
      sums,
      'itself',
      `occurs ${given} times, and with a word ${side} it ${least} times.`,
    );
  }

  #contradicts({ ngram }: Sums, where: Contradiction['in'], reason: string): Error {
    return this.#contradicting({ ngram: ngram.slice(), in: where, reason });
  }
}

/** What the n-grams of an order, which come in rising order, say about those with one word less. */
class ShorterNGrams {
  readonly #order: number;
  readonly #spill: BlockSpill;
  readonly #followed: number;
  readonly #sums: BlockBatch;
  readonly #preceded: SpilledSorter;
  readonly #begun: Uint32Array;
  #sum = 0;

  constructor(order: number, spill: BlockSpill) {
    this.#order = order;
    this.#spill = spill;
    this.#followed = spill.beginRun();
    this.#sums = new BlockBatch(order, blockNGrams);
    this.#preceded = new SpilledSorter(order, spill);
    this.#begun = new Uint32Array(order);
  }

  add(ngram: Uint32Array, count: number): void {
    if (!this.#begins(ngram)) {
      if (this.#sum > 0) this.#end();
      for (let i = 0; i < this.#order; i++) this.#begun[i] = ngram[i];
    }
    this.#sum += count;
    this.#preceded.add(ngram, 1, count);
  }

  /** The runs of the spill file with the sums. */
  finish(): { followed: readonly number[]; preceded: readonly number[] } {
    if (this.#sum > 0) this.#end();
    if (this.#sums.ngrams > 0) this.#spill.add(this.#sums.take(), this.#followed);
    return { followed: [this.#followed], preceded: this.#preceded.finish() };
  }

  /** Whether an n-gram has the same beginning as the one before. */
  #begins(ngram: Uint32Array): boolean {
    for (let i = 0; i < this.#order; i++) if (ngram[i] !== this.#begun[i]) return false;
    return this.#sum > 0;
  }

  #end(): void {
    this.#sums.add(this.#begun, this.#sum);
    this.#sum = 0;
    if (this.#sums.ngrams === batchNGrams) this.#spill.add(this.#sums.take(), this.#followed);
  }
}
