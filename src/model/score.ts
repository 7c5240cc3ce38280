import { type Estimator, readsAllLevels } from '../estimators/estimator.ts';
import type { CountIndex, Level, TokenId } from '../index/count-index.ts';
import type { TokenSink } from '../text/token-sink.ts';
import { createTokenizer } from '../text/tokenizer.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { LevelBatches } from './level-batches.ts';
import type { Model } from './model.ts';
import { type Marks, readSequences, type SequenceVisitor, SequenceWalker } from './sequences.ts';

/** How texts are scored. */
export interface ScoreOptions extends Marks {
  /** Whether each token's score is kept. */
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
  perToken?: TokenScore[];
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

/**
 * Scores a text: one sequence, or in corpora of lines one for each line that is not empty.
 * Throws `invalid-text` where the text is not UTF-8 or holds the marks of lines.
 */
export function scoreText(model: Model, options: ScoreOptions, text: Uint8Array): TextScore {
  const scorer = new Scorer(model, options.perToken);
  readSequences(model, options, text, scorer);
  scorer.endText();
  return scorer.scores()[0];
}

/** Scores each line as a text; `isStart` as in `createTokenizer`. Throws what `scoreText` throws. */
export function scoreLines(
  model: Model,
  options: ScoreOptions,
  lines: Uint8Array,
  isStart: boolean,
): TextScore[] {
  const scorer = new Scorer(model, options.perToken);
  const walker = new SequenceWalker(model, options, scorer);
  const sink: TokenSink = {
    token: (bytes, start, end) => walker.token(bytes, start, end),
    lineEnd: () => {
      walker.endSequence();
      scorer.endText();
    },
  };
  const tokenizer = createTokenizer(model.settings, sink, isStart);
  tokenizer.write(lines);
  tokenizer.end();
  return scorer.scores();
}

/** The sum of scores. */
export function addScores(scores: readonly TextScore[]): TextScore {
  const sum = nothing();
  for (const score of scores) {
    sum.tokens += score.tokens;
    sum.logProbability += score.logProbability;
    sum.outOfVocabulary += score.outOfVocabulary;
    sum.inVocabularyLogProbability += score.inVocabularyLogProbability;
  }
  return sum;
}

function nothing(): TextScore {
  return { tokens: 0, logProbability: 0, outOfVocabulary: 0, inVocabularyLogProbability: 0 };
}

/** Sums up what the tokens of texts score. */
class Scorer implements SequenceVisitor {
  readonly #estimator: Estimator;
  readonly #levels: LevelBatches;
  readonly #seen: SeenTokens | undefined;
  readonly #scores: TextScore[] = [];
  /** How many tokens have come when each text ended. */
  readonly #ends: number[] = [];
  #tokens = 0;
  /** The text of the token that is scored, and its score. */
  #text = 0;
  #score = nothing();
  /** The probability of its last words whose logarithm is not yet in the score. */
  #product = 1;

  constructor({ index, estimator, order }: Model, perToken: boolean) {
    this.#estimator = estimator;
    this.#levels = new LevelBatches(
      index,
      order,
      (order) => estimator.reads(order),
      (levels, inVocabulary, place) => this.#add(levels, inVocabulary, place),
    );
    this.#seen = perToken ? new SeenTokens(index, order) : undefined;
  }

  begin(context: readonly TokenId[]): void {
    this.#levels.begin(context);
    this.#seen?.begin(context);
  }

  token(id: TokenId, bytes: Uint8Array, start: number, end: number): void {
    this.#seen?.token(id, bytes, start, end);
    this.#levels.token(id);
    this.#tokens++;
  }

  endText(): void {
    this.#ends.push(this.#tokens);
  }

  /** The scores of the texts that have ended. */
  scores(): TextScore[] {
    this.#levels.flush();
    while (this.#scores.length < this.#ends.length) this.#nextText();
    return this.#scores;
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
    const logProbability = Math.log(probability);
    score.perToken ??= [];
    score.perToken.push({ ...this.#seen.at(place), logProbability, inVocabulary });
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
    this.#scores.push(this.#score);
    this.#score = nothing();
    this.#text++;
  }
}

/** The least product of probabilities whose digits are all there, with room for more than one. */
const leastProduct = 1e-200;

/** Tokens as they are written, with the length of the longest n-gram that ends with each and that the corpus has. */
class SeenTokens implements SequenceVisitor {
  readonly #levels: LevelBatches;
  readonly #tokens: string[] = [];
  readonly #orders: number[] = [];

  constructor(index: CountIndex, order: number) {
    this.#levels = new LevelBatches(index, order, readsAllLevels, (levels) => {
      this.#orders.push(levels.findLast(({ count }) => count > 0)?.order ?? 0);
    });
  }

  begin(context: readonly TokenId[]): void {
    this.#levels.begin(context);
  }

  token(id: TokenId, bytes: Uint8Array, start: number, end: number): void {
    this.#tokens.push(decodeUtf8(bytes, start, end));
    this.#levels.token(id);
  }

  at(place: number): Pick<TokenScore, 'token' | 'order'> {
    if (place >= this.#orders.length) this.#levels.flush();
    return { token: this.#tokens[place], order: this.#orders[place] };
  }
}
