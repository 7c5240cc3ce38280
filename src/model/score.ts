import { NgramdError } from '../errors.ts';
import type { TokenId } from '../index/count-index.ts';
import type { TokenizerState } from '../text/tokenizer.ts';
import type { JsonBytes } from './json-bytes.ts';
import { areOfSameVersions, type LanguageModel, type RowScorer, type Versions } from './language-model.ts';
import type { LogBase } from './log-base.ts';
import { type Marks, SequenceReader, type WalkerState } from './sequences.ts';
import { rowTokens, TokenRows } from './token-rows.ts';
import type { TokenTexts } from './token-texts.ts';

/** Options of scoring. */
export interface ScoreOptions extends Marks {
  /** Whether each token's score is reported. */
  perToken: boolean;
  /** The base of the logarithms that are reported; undefined for natural ones. */
  logBase?: LogBase | undefined;
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

/** The scores of tokens; what belongs to token i is at index i. */
export interface ScoredTokens {
  /** 0 for tokens that are only contexts of others and are not scored. */
  readonly isWord: Uint8Array;
  readonly probabilities: Float64Array;
  readonly inVocabulary: Uint8Array;
  /**
   * The length of the longest n-gram of the corpus that ends with the token, with `<unk>` in place of unknown words if
   * it is counted; 0 if there is none.
   */
  readonly seen: Uint8Array;
  /**
   * The tokens as JSON strings: token i's are the bytes from `starts[i]` to `ends[i]` (not included), and some after
   * them.
   */
  readonly json: JsonBytes;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
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
  /** Called with the tokens from `from` to `to` (not included) of the text if the options have `perToken`. */
  tokens(scores: ScoredTokens, from: number, to: number): void;
  /** Called when the text has ended. */
  text(score: TextScore): void;
}

/** The state of scoring within a text, from which it can continue, also in another thread. */
export interface ScoringState extends Versions {
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
 * Scores a text that arrives in parts. In a corpus of lines each line with tokens is enclosed in `<s>` and `</s>`; a
 * text without tokens is an empty line.
 */
export class TextScorer {
  readonly #reader: SequenceReader;
  readonly #scorer: Scorer;
  readonly #versions: Versions;

  /**
   * Begins a text, or continues from `state`. `isOfLines` says whether each line is a separate text, and `isStart` is
   * as in `createTokenizer`. Throws `index-not-ready` if the state is of another version of the corpus.
   */
  constructor(
    model: LanguageModel,
    options: ScoreOptions,
    visitor: ScoreVisitor,
    { isOfLines, isStart, state }: TextPlace,
  ) {
    const { version, partVersions } = model;
    this.#versions = { version, partVersions };
    if (state !== undefined && !areOfSameVersions(state, model)) throw changedMeanwhile();
    this.#scorer = new Scorer(model, options.perToken, visitor, state);
    this.#reader = new SequenceReader(model, this.#scorer.rows, {
      marks: options,
      withTexts: options.perToken,
      onLineEnd: isOfLines ? () => this.#endText() : undefined,
      isStart,
      state,
    });
    this.#scorer.texts = this.#reader.texts;
  }

  /** Takes the next bytes. Throws `invalid-text` if they are not UTF-8 or contain the sentence markers. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#reader.write(bytes);
  }

  /** Ends lines that are texts. Throws `invalid-text` if they end inside a character. */
  async endLines(): Promise<void> {
    await this.#reader.end();
    await this.#scorer.rows.flush();
  }

  /** Ends a text of any number of lines; another can begin. Throws `invalid-text` if it ends inside a character. */
  async endText(): Promise<void> {
    await this.#reader.end();
    this.#endText();
    await this.#scorer.rows.flush();
  }

  /** The state after the last part. */
  async state(): Promise<ScoringState> {
    const { context, score, product } = await this.#scorer.state();
    return {
      ...this.#versions,
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
class Scorer {
  readonly rows: TokenRows;
  readonly #scorer: RowScorer;
  readonly #visitor: ScoreVisitor;
  /** The scores of a row's tokens, in the same arrays for every row. */
  #scored: ScoredTokens | undefined;
  /** The texts of the tokens, if these are reported. */
  texts: TokenTexts | undefined;
  /** For each text that has ended but has not been reported, the length of the row at its end. */
  #textEnds: number[] = [];
  #score: TextScore;
  /** The probability of its last words whose logarithm is not yet in the score. */
  #product: number;

  constructor(
    model: LanguageModel,
    perToken: boolean,
    visitor: ScoreVisitor,
    before: ScoringState | undefined,
  ) {
    this.#visitor = visitor;
    this.#scorer = model.rows({ capacity: rowTokens, seen: perToken });
    this.rows = new TokenRows(model.order, this.#scorer, () => this.#addRow());
    this.#score = before === undefined ? nothing() : { ...before.score };
    this.#product = before?.product ?? 1;
  }

  endText(): void {
    this.#textEnds.push(this.rows.length);
  }

  /** The state of the text that has not ended, with the context of the next token. */
  async state(): Promise<{ context: TokenId[]; score: TextScore; product: number }> {
    await this.rows.flush();
    return { context: this.rows.context(), score: this.#score, product: this.#product };
  }

  #addRow(): void {
    let from = 0;
    for (const to of this.#textEnds) {
      this.#addTokens(from, to);
      this.#endText();
      from = to;
    }
    this.#addTokens(from, this.rows.length);
    this.#textEnds = [];
  }

  /** Adds tokens of one text. A logarithm costs as much as an order, so one is taken for several words. */
  #addTokens(from: number, to: number): void {
    const { isWord } = this.rows;
    const { probabilities, inVocabulary } = this.#scorer;
    const score = this.#score;
    let product = this.#product;
    for (let i = from; i < to; i++) {
      if (isWord[i] === 0) continue;
      score.tokens++;
      const probability = probabilities[i];
      if (inVocabulary[i] === 0) {
        score.outOfVocabulary++;
        score.logProbability += Math.log(probability);
        continue;
      }
      const longer = product * probability;
      // Not if the product is too small to be exact, or not a number.
      if (longer > leastProduct) product = longer;
      else {
        addLogarithm(score, product);
        addLogarithm(score, probability);
        product = 1;
      }
    }
    this.#product = product;
    if (this.texts === undefined) return;
    this.#scored ??= { ...this.#columns(), json: this.texts.json };
    this.#visitor.tokens(this.#scored, from, to);
  }

  #columns(): Omit<ScoredTokens, 'json'> {
    const { isWord, starts, ends } = this.rows;
    const { probabilities, inVocabulary, seen } = this.#scorer;
    return { isWord, probabilities, inVocabulary, seen, starts, ends };
  }

  #endText(): void {
    addLogarithm(this.#score, this.#product);
    this.#product = 1;
    this.#visitor.text(this.#score);
    this.#score = nothing();
  }
}

/** Adds the probability of words of the vocabulary. */
function addLogarithm(score: TextScore, probability: number): void {
  const logProbability = Math.log(probability);
  score.logProbability += logProbability;
  score.inVocabularyLogProbability += logProbability;
}

/** The smallest product of probabilities with full precision, with a margin for one more factor. */
const leastProduct = 1e-200;
