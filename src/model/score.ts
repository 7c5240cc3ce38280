import { NgramdError } from '../errors.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { ordersTo } from '../estimators/numbers.ts';
import { type Level, occurrencesAt, type TokenId } from '../index/count-index.ts';
import type { CountSource } from '../index/count-source.ts';
import type { TokenizerState } from '../text/tokenizer.ts';
import { LevelBatches } from './level-batches.ts';
import type { Model } from './model.ts';
import { type Marks, SequenceReader, type SequenceVisitor, type WalkerState } from './sequences.ts';

/** How texts are scored. */
export interface ScoreOptions extends Marks {
  /** Whether each token has a score of its own. */
  perToken: boolean;
}

/** The joint probability of a text by the chain rule. Logarithms are natural. */
export interface TextScore {
  /** How many tokens were scored, `</s>` among them. */
  tokens: number;
  /** Σ log P; -Infinity where one is 0, NaN where the estimator has none. */
  logProbability: number;
  /** How many of the tokens are not in the vocabulary, whether or not `<unk>` stands for them. */
  outOfVocabulary: number;
  /** Σ log P of the others. */
  inVocabularyLogProbability: number;
}

export interface TokenScore {
  token: string;
  logProbability: number;
  inVocabulary: boolean;
  /**
   * The length of the longest n-gram that ends here and that the corpus has, with `<unk>` in the place of unknown words
   * where it is counted; 0 where there is none.
   */
  order: number;
}

/** exp(-log P / tokens); NaN where there are none. */
export function perplexity(logProbability: number, tokens: number): number {
  return tokens === 0 ? Number.NaN : Math.exp(-logProbability / tokens);
}

/** The perplexity of the words that the vocabulary has. */
export function inVocabularyPerplexity(score: TextScore): number {
  return perplexity(score.inVocabularyLogProbability, score.tokens - score.outOfVocabulary);
}

/** Takes scores as they are found, in the order of the texts. */
export interface ScoreVisitor {
  /** The next token of the text; called where the options have `perToken`. */
  token(score: TokenScore): void;
  /** The text has ended. */
  text(score: TextScore): void;
}

/** Where the scoring of a text stopped; it goes on from there in another thread too. */
export interface ScoringState {
  /** The version of the corpus that the text is scored by. */
  version: number;
  tokenizer: TokenizerState;
  walker: WalkerState;
  score: TextScore;
  product: number;
}

/** What text a scorer takes. */
export interface TextPlace {
  isOfLines: boolean;
  isStart: boolean;
  state?: ScoringState | undefined;
}

/**
 * Scores a text that comes in parts. In a corpus of lines each line that has tokens stands between `<s>` and `</s>`; a
 * text without any is an empty line.
 */
export class TextScorer {
  readonly #reader: SequenceReader;
  readonly #scorer: Scorer;
  readonly #version: number;

  /**
   * Begins a text, or goes on from `state`. `isOfLines` says whether each line is a text of its own, and `isStart` is as
   * in `createTokenizer`. Throws `index-not-ready` where the state is of another version of the corpus.
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

  /** Takes the next bytes. Throws `invalid-text` where they are not UTF-8 or hold the marks of lines. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#reader.write(bytes);
  }

  /** Ends lines that are texts. Throws `invalid-text` where they end inside a character. */
  async endLines(): Promise<void> {
    await this.#reader.end();
    await this.#scorer.finish();
  }

  /** Ends a text of any lines; another can begin. Throws `invalid-text` where it ends inside a character. */
  async endText(): Promise<void> {
    await this.#reader.end();
    this.#endText();
    await this.#scorer.finish();
  }

  /** Where the text is, after its last part. */
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

/** An answer is of one version. An index in memory keeps its version; the file goes on to the next. */
export function changedMeanwhile(): NgramdError {
  return new NgramdError(
    'index-not-ready',
    'The corpus was changed while it was being scored by, and its index was not in memory. Ask again.',
  );
}

/** The sum of scores, added up in their order. */
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
  /** How many tokens had come when each text ended that is not yet handed on. */
  #ends: number[] = [];
  /** The next of the ends. */
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

  /** Hands on the tokens that have come. */
  flush(): void | Promise<void> {
    const seen = this.#seen?.flush();
    return seen === undefined ? this.#levels.flush() : seen.then(() => this.#levels.flush());
  }

  endText(): void {
    this.#ends.push(this.#tokens);
  }

  /** Hands on all that has come, and the texts that have ended. */
  async finish(): Promise<void> {
    const flushed = this.flush();
    if (flushed !== undefined) await flushed;
    while (this.#text < this.#ends.length) this.#nextText();
    this.#ends = [];
    this.#text = 0;
  }

  /** What is known of the text that has not ended, with the tokens before the next one. */
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

  /** Takes a word of the vocabulary into the score. Logarithms cost as much as a level, so one is taken for several words. */
  #multiply(probability: number): void {
    const product = this.#product * probability;
    // Not where the product is too small to be exact, and not where it is no number.
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

/** The least product of probabilities whose digits are all there, with room for more than one. */
const leastProduct = 1e-200;

/** Tokens as they are written, with the length of the longest n-gram that ends with each and that the corpus has. */
class SeenTokens {
  readonly #levels: LevelBatches;
  /** Those that were not taken yet; the orders of some are not known yet. */
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

  /** The next of the tokens whose orders are known. */
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
