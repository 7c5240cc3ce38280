import { NgramdError } from '../errors.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { ordersTo } from '../estimators/numbers.ts';
import { type Level, occurrencesAt, type TokenId } from '../index/count-index.ts';
import type { CountSource } from '../index/count-source.ts';
import type { TokenizerState } from '../text/tokenizer.ts';
import { LevelBatches } from './level-batches.ts';
import type { Model } from './model.ts';
import { type Marks, SequenceReader, type SequenceVisitor, type WalkerState } from './sequences.ts';

/** Options of scoring. */
export interface ScoreOptions extends Marks {
  /** Whether each token's score is reported. */
  perToken: boolean;
}

/** The joint probability of a text by the chain rule. Logarithms are natural. */
export interface TextScore {
  /** The number of tokens scored, including `</s>`. */
  tokens: number;
  /** Σ log P; -Infinity if a probability is 0, NaN if the estimator has none. */
  logProbability: number;
  /** The number of tokens that are not in the vocabulary, whether or not `<unk>` represents them. */
  outOfVocabulary: number;
  /** Σ log P of the other tokens. */
  inVocabularyLogProbability: number;
}

export interface TokenScore {
  token: string;
  logProbability: number;
  inVocabulary: boolean;
  /**
   * The length of the longest n-gram of the corpus that ends here, with `<unk>` in place of unknown words if it is counted;
   * 0 if there is none.
   */
  order: number;
}

/** exp(-log P / tokens); NaN if there are no tokens. */
export function perplexity(logProbability: number, tokens: number): number {
  return tokens === 0 ? Number.NaN : Math.exp(-logProbability / tokens);
}

/** The perplexity of the words in the vocabulary. */
export function inVocabularyPerplexity(score: TextScore): number {
  return perplexity(score.inVocabularyLogProbability, score.tokens - score.outOfVocabulary);
}

/** Receives scores in the order of the texts. */
export interface ScoreVisitor {
  /** Called for each token of the text if the options have `perToken`. */
  token(score: TokenScore): void;
  /** Called when the text has ended. */
  text(score: TextScore): void;
}

/** The state of scoring within a text, from which it can continue, also in another thread. */
export interface ScoringState {
  /** The version of the corpus with which the text is scored. */
  version: number;
  tokenizer: TokenizerState;
  walker: WalkerState;
  score: TextScore;
  product: number;
}

/** The kind of text that a scorer receives. */
export interface TextPlace {
  isOfLines: boolean;
  isStart: boolean;
  state?: ScoringState | undefined;
}

/**
 * Scores a text that arrives in parts. In a corpus of lines each line with tokens is enclosed in `<s>` and `</s>`; a text
 * without tokens is an empty line.
 */
export class TextScorer {
  readonly #reader: SequenceReader;
  readonly #scorer: Scorer;
  readonly #version: number;

  /**
   * Begins a text, or continues from `state`. `isOfLines` says whether each line is a separate text, and `isStart` is as in
   * `createTokenizer`. Throws `index-not-ready` if the state is of another version of the corpus.
   */
  constructor(
    model: Model,
    options: ScoreOptions,
    visitor: ScoreVisitor,
    { isOfLines, isStart, state }: TextPlace,
  ) {
    this.#version = model.counts.totals.version;
    if (state !== undefined && state.version !== this.#version) throw changedMeanwhile();
    this.#scorer = new Scorer(model, options.perToken, visitor, state);
    this.#reader = new SequenceReader(model, this.#scorer, {
      marks: options,
      withTexts: options.perToken,
      onLineEnd: isOfLines ? () => this.#endText() : undefined,
      isStart,
      state,
    });
  }

  /** Takes the next bytes. Throws `invalid-text` if they are not UTF-8 or contain the sentence markers. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#reader.write(bytes);
  }

  /** Ends lines that are texts. Throws `invalid-text` if they end inside a character. */
  async endLines(): Promise<void> {
    await this.#reader.end();
    await this.#scorer.finish();
  }

  /** Ends a text of any number of lines; another can begin. Throws `invalid-text` if it ends inside a character. */
  async endText(): Promise<void> {
    await this.#reader.end();
    this.#endText();
    await this.#scorer.finish();
  }

  /** The state after the last part. */
  async state(): Promise<ScoringState> {
    const { context, score, product } = await this.#scorer.state();
    return {
      version: this.#version,
      tokenizer: this.#reader.tokenizerState(),
      walker: this.#reader.walker.state(context),
      score,
      product,
    };
  }

  #endText(): void {
    this.#reader.walker.endText();
    this.#scorer.endText();
  }
}

/** The error for a text whose parts would be scored with different versions, which only an index in memory prevents. */
export function changedMeanwhile(): NgramdError {
  return new NgramdError(
    'index-not-ready',
    'The corpus was changed while it was being scored by, and its index was not in memory. Ask again.',
  );
}

/** The sum of scores, added in order. */
export class ScoreSum {
  readonly score: TextScore = nothing();

  add(score: TextScore): void {
    const sum = this.score;
    sum.tokens += score.tokens;
    sum.logProbability += score.logProbability;
    sum.outOfVocabulary += score.outOfVocabulary;
    sum.inVocabularyLogProbability += score.inVocabularyLogProbability;
  }
}

function nothing(): TextScore {
  return { tokens: 0, logProbability: 0, outOfVocabulary: 0, inVocabularyLogProbability: 0 };
}

/** Adds up what the tokens of texts score. */
class Scorer implements SequenceVisitor {
  readonly #estimator: Estimator;
  readonly #levels: LevelBatches;
  readonly #seen: SeenTokens | undefined;
  readonly #visitor: ScoreVisitor;
  /** For each text that has ended but has not been reported, the number of tokens at its end. */
  #ends: number[] = [];
  /** The index of the next end. */
  #text = 0;
  #tokens = 0;
  #score: TextScore;
  /** The probability of its last words whose logarithm is not yet in the score. */
  #product: number;

  constructor(
    { counts, estimator, order }: Model,
    perToken: boolean,
    visitor: ScoreVisitor,
    before: ScoringState | undefined,
  ) {
    this.#estimator = estimator;
    this.#visitor = visitor;
    this.#levels = new LevelBatches(
      counts,
      order,
      (order) => estimator.reads(order),
      (levels, inVocabulary, place) => this.#add(levels, inVocabulary, place),
    );
    this.#seen = perToken ? new SeenTokens(counts, order) : undefined;
    this.#score = before === undefined ? nothing() : { ...before.score };
    this.#product = before?.product ?? 1;
  }

  begin(context: readonly TokenId[]): void {
    this.#seen?.begin(context);
    this.#levels.begin(context);
  }

  token(id: TokenId, text: string | undefined): void {
    this.#seen?.token(id, text as string);
    this.#levels.token(id);
    this.#tokens++;
  }

  get isFull(): boolean {
    return this.#levels.isFull;
  }

  /** Reports the tokens so far. */
  flush(): void | Promise<void> {
    const seen = this.#seen?.flush();
    return seen === undefined ? this.#levels.flush() : seen.then(() => this.#levels.flush());
  }

  endText(): void {
    this.#ends.push(this.#tokens);
  }

  /** Reports all tokens so far, and the texts that have ended. */
  async finish(): Promise<void> {
    const flushed = this.flush();
    if (flushed !== undefined) await flushed;
    while (this.#text < this.#ends.length) this.#nextText();
    this.#ends = [];
    this.#text = 0;
  }

  /** The state of the text that has not ended, with the context of the next token. */
  async state(): Promise<{ context: TokenId[]; score: TextScore; product: number }> {
    await this.finish();
    return { context: this.#levels.context(), score: this.#score, product: this.#product };
  }

  #add(levels: readonly Level[], inVocabulary: boolean, place: number): void {
    while (this.#text < this.#ends.length && place >= this.#ends[this.#text]) this.#nextText();
    const probability = this.#estimator.probability(levels) ?? Number.NaN;
    const score = this.#score;
    score.tokens++;
    if (inVocabulary) this.#multiply(probability);
    else {
      score.outOfVocabulary++;
      score.logProbability += Math.log(probability);
    }
    if (this.#seen === undefined) return;
    const { token, order } = this.#seen.next();
    this.#visitor.token({ token, logProbability: Math.log(probability), inVocabulary, order });
  }

  /** Adds a word of the vocabulary to the score. A logarithm costs as much as a level, so one is taken for several words. */
  #multiply(probability: number): void {
    const product = this.#product * probability;
    // Not if the product is too small to be exact, or not a number.
    if (product > leastProduct) this.#product = product;
    else {
      this.#addLogarithm();
      this.#product = probability;
      this.#addLogarithm();
    }
  }

  #addLogarithm(): void {
    const logProbability = Math.log(this.#product);
    this.#score.logProbability += logProbability;
    this.#score.inVocabularyLogProbability += logProbability;
    this.#product = 1;
  }

  #nextText(): void {
    this.#addLogarithm();
    this.#visitor.text(this.#score);
    this.#score = nothing();
    this.#text++;
  }
}

/** The smallest product of probabilities with full precision, with a margin for one more factor. */
const leastProduct = 1e-200;

/** Tokens as written, with the length of the longest n-gram of the corpus that ends with each. */
class SeenTokens {
  readonly #levels: LevelBatches;
  /** Tokens that have not been taken; the orders of some are not known yet. */
  #tokens: string[] = [];
  #orders: number[] = [];
  #taken = 0;

  constructor(counts: CountSource, order: number) {
    const reads = (order: number) => occurrencesAt(ordersTo(order));
    this.#levels = new LevelBatches(counts, order, reads, (levels) => {
      this.#orders.push(levels.findLast(({ count }) => count > 0)?.order ?? 0);
    });
  }

  begin(context: readonly TokenId[]): void {
    this.#levels.begin(context);
  }

  token(id: TokenId, text: string): void {
    this.#tokens.push(text);
    this.#levels.token(id);
  }

  flush(): void | Promise<void> {
    return this.#levels.flush();
  }

  /** The next token whose order is known. */
  next(): Pick<TokenScore, 'token' | 'order'> {
    const at = this.#taken++;
    const next = { token: this.#tokens[at], order: this.#orders[at] };
    if (this.#taken === this.#orders.length) {
      this.#tokens = this.#tokens.slice(this.#taken);
      this.#orders = [];
      this.#taken = 0;
    }
    return next;
  }
}
