import { reservedId } from '../../text/reserved.ts';
import type {
  AdjustedRequest,
  Context,
  CorpusSettings,
  CountedNGrams,
  CountsRequest,
  CountsResponse,
} from '../store.ts';
import type { ClickHouse } from './clickhouse.ts';
import { LookUps } from './look-ups.ts';
import { countedNGramsOf } from './rows.ts';
import { inList, wordColumns } from './sql.ts';
import type { SummedRuns } from './summed-runs.ts';

/** The counts of some runs: the sums over them. */
export class Counts {
  readonly #clickhouse: ClickHouse;
  readonly #summed: SummedRuns;
  readonly #runs: readonly number[];
  readonly #sequenceStart: number | undefined;
  readonly #sequenceEnd: number | undefined;
  readonly #hasEnds: boolean;

  constructor(clickhouse: ClickHouse, summed: SummedRuns, settings: CorpusSettings) {
    this.#clickhouse = clickhouse;
    this.#summed = summed;
    this.#runs = summed.runs;
    this.#sequenceStart = reservedId(settings, '<s>');
    this.#sequenceEnd = reservedId(settings, '</s>');
    this.#hasEnds = settings.sequences === 'document';
  }

  /** As `Snapshot.counts`; `tokens` is n. */
  async read(request: CountsRequest, tokens: number): Promise<CountsResponse> {
    const { ngrams = [], contexts = [], continuations = [], sums = [], adjusted } = request;
    const lookUps = new LookUps(await this.#clickhouse.placement());
    lookUps.addNGrams('ngrams', ngrams);
    for (const context of contexts) {
      if (!this.#isFollowed(context)) continue;
      lookUps.add('ngrams', context.length, context);
      if (this.#hasEnds) lookUps.add('ends', context.length, context);
    }
    for (const context of seen(continuations)) lookUps.add('continuations', context.length + 1, context);
    for (const context of seen(sums)) lookUps.add('sums', context.length + 1, context);
    this.#addAdjusted(lookUps, adjusted);
    await this.#find(lookUps);
    // Those some of whose continuations begin documents.
    for (const context of seen(adjusted?.sums)) {
      if (this.#begins(lookUps, context)) lookUps.add('adjusted sums', context.length + 1, context);
    }
    await this.#find(lookUps);
    return {
      ngrams: ngrams.map((asked) => lookUps.counts('ngrams', asked)),
      contexts: Float64Array.from(contexts, (context) => {
        if (context.length === 0) return tokens;
        if (!this.#isFollowed(context)) return 0;
        const [count = 0] = lookUps.numbers('ngrams', context.length, context);
        const [ends = 0] = lookUps.numbers('ends', context.length, context);
        return count - ends;
      }),
      continuations: continuations.map((context) => lookUps.continuations('continuations', context)),
      sums: sums.map((context) => lookUps.sums('sums', context)),
      ...(adjusted && { adjusted: this.#adjustedOf(lookUps, adjusted) }),
    };
  }

  #addAdjusted(lookUps: LookUps, { ngrams = [], continuations = [], sums = [] }: AdjustedRequest = {}): void {
    for (const { order, length, ids } of ngrams) {
      for (let i = 0; i < length; i++) {
        const ngram = ids.subarray(i * order, (i + 1) * order);
        const isStart = ngram[0] === this.#sequenceStart;
        if (!isStart) lookUps.add('preceded', order, ngram);
        if (isStart || this.#hasEnds) lookUps.add('ngrams', order, ngram);
      }
    }
    for (const context of seen(continuations))
      lookUps.add('adjusted continuations', context.length + 1, context);
    for (const context of seen(sums)) {
      const order = context.length + 1;
      if (context[0] === this.#sequenceStart) lookUps.add('sums', order, context);
      else {
        lookUps.add('preceded sums', order, context);
        if (this.#hasEnds) lookUps.add('totals', order, context);
      }
    }
  }

  /**
   * Whether some of the n-grams that begin with a context begin documents: they occur more often than tokens before
   * them.
   */
  #begins(lookUps: LookUps, context: Context): boolean {
    const order = context.length + 1;
    const [total = 0] = lookUps.numbers('totals', order, context);
    const after = lookUps.numbers('preceded sums', order, context)[4] ?? 0;
    return total > after;
  }

  #adjustedOf(
    lookUps: LookUps,
    { ngrams = [], continuations = [], sums = [] }: AdjustedRequest,
  ): NonNullable<CountsResponse['adjusted']> {
    const countOf = (ngram: ArrayLike<number>) => {
      const [count = 0] = lookUps.numbers('ngrams', ngram.length, ngram);
      if (ngram[0] === this.#sequenceStart) return count;
      const [before = 0, after = 0] = lookUps.numbers('preceded', ngram.length, ngram);
      return count > after ? before + 1 : before;
    };
    return {
      ngrams: ngrams.map(({ order, length, ids }) =>
        Float64Array.from({ length }, (_, i) => countOf(ids.subarray(i * order, (i + 1) * order))),
      ),
      continuations: continuations.map((context) => lookUps.continuations('adjusted continuations', context)),
      sums: sums.map((context) => {
        if (context[0] === this.#sequenceStart) return lookUps.sums('sums', context);
        return lookUps.sums(this.#begins(lookUps, context) ? 'adjusted sums' : 'preceded sums', context);
      }),
    };
  }

  #find(lookUps: LookUps): Promise<void> {
    return lookUps.find(this.#clickhouse, this.#summed, this.#sequenceStart);
  }

  /** The n-grams of an order that occur at least `least` times, in no order. */
  async frequent(order: number, least: number): Promise<CountedNGrams> {
    if (this.#runs.length === 0) return countedNGramsOf(new Uint8Array(0), order);
    const columns = wordColumns(order);
    const answer = await this.#clickhouse.select(
      `SELECT ${columns}, sum(n) AS total FROM ${this.#table(order)} WHERE ${this.#inRuns}
       GROUP BY ${columns} HAVING total >= ${least}`,
      this.#runs,
    );
    return countedNGramsOf(answer, order);
  }

  /** The n-grams of an order at the ends of documents. */
  async ends(order: number): Promise<CountedNGrams> {
    if (this.#runs.length === 0 || !this.#hasEnds || order > 5)
      return countedNGramsOf(new Uint8Array(0), order);
    const columns = wordColumns(order);
    const answer = await this.#clickhouse.select(
      `SELECT ${columns}, sum(n) AS total FROM ${this.#clickhouse.table('ends')} WHERE ${this.#inRuns} AND k = ${order}
       GROUP BY ${columns} HAVING total != 0`,
      this.#runs,
    );
    return countedNGramsOf(answer, order);
  }

  /** Whether words can follow a context, other than the empty one, which all words follow. */
  #isFollowed(context: Context): boolean {
    return context.length > 0 && !context.some((id) => id < 0) && context.at(-1) !== this.#sequenceEnd;
  }

  #table(order: number): string {
    return this.#clickhouse.table(`ngrams_${order}`);
  }

  get #inRuns(): string {
    return `run IN ${inList(this.#runs)}`;
  }
}

/** The contexts of which every token has been seen: nothing follows the others. */
function seen(contexts: readonly Context[] = []): readonly Context[] {
  return contexts.filter((context) => !context.some((id) => id < 0));
}
