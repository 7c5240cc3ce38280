import { NgramdError } from '../errors.ts';
import { ordersTo } from '../estimators/estimator.ts';
import type { TokenId } from '../index/count-index.ts';
import { reservedId } from '../text/reserved.ts';
import type { TokenSink } from '../text/token-sink.ts';
import { createTokenizer } from '../text/tokenizer.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import type { Model } from './model.ts';

/** How texts are scored. */
export interface ScoreOptions {
  /** In corpora of lines, whether `<s>` stands before each line. */
  bos: boolean;
  /** In corpora of lines, whether `</s>` is scored after each line. */
  eos: boolean;
  /** Whether each token's score is kept. */
  perToken: boolean;
}

/** The joint probability of a text by the chain rule. Logarithms are natural. */
export interface TextScore {
  /** How many tokens were scored, `</s>` among them. */
  tokens: number;
  /** Σ log P; -Infinity where one is 0, NaN where the estimator has none. */
  logProbability: number;
  /** How many of the tokens are not in the vocabulary, and their part of `logProbability`. */
  outOfVocabulary: number;
  outOfVocabularyLogProbability: number;
  perToken?: TokenScore[];
}

export interface TokenScore {
  token: string;
  logProbability: number;
  inVocabulary: boolean;
  /** The length of the longest n-gram that ends here and that the corpus has; 0 for an unknown word. */
  order: number;
}

/** exp(-log P / tokens); NaN where there are none. */
export function perplexity(logProbability: number, tokens: number): number {
  return tokens === 0 ? Number.NaN : Math.exp(-logProbability / tokens);
}

/** The perplexity of the words that the vocabulary has. */
export function inVocabularyPerplexity(score: Omit<TextScore, 'perToken'>): number {
  // The part of an impossible word is infinite, and cannot be taken away again.
  const known = score.logProbability - (score.outOfVocabulary > 0 ? score.outOfVocabularyLogProbability : 0);
  return perplexity(known, score.tokens - score.outOfVocabulary);
}

/**
 * Scores a text: one sequence, or in corpora of lines one for each line that is not empty.
 * Throws `invalid-text` where the text is not UTF-8 or holds the marks of lines.
 */
export function scoreText(model: Model, options: ScoreOptions, text: Uint8Array): TextScore {
  const scorer = new Scorer(model, options);
  const isOfLines = model.settings.sequences === 'line';
  const tokenizer = createTokenizer(model.settings.tokenizer, {
    token: (bytes, start, end) => scorer.token(bytes, start, end),
    lineEnd: () => {
      if (isOfLines) scorer.endSequence();
    },
  });
  tokenizer.write(text);
  tokenizer.end();
  scorer.endSequence();
  return scorer.take();
}

/** Scores each line as a text. Throws what `scoreText` throws. */
export function scoreLines(model: Model, options: ScoreOptions, lines: Uint8Array): TextScore[] {
  const scores: TextScore[] = [];
  const scorer = new Scorer(model, options);
  const sink: TokenSink = {
    token: (bytes, start, end) => scorer.token(bytes, start, end),
    lineEnd: () => {
      scorer.endSequence();
      scores.push(scorer.take());
    },
  };
  const tokenizer = createTokenizer(model.settings.tokenizer, sink);
  tokenizer.write(lines);
  tokenizer.end();
  return scores;
}

/** The sum of scores. */
export function addScores(scores: readonly TextScore[]): TextScore {
  const sum = nothing();
  for (const score of scores) {
    sum.tokens += score.tokens;
    sum.logProbability += score.logProbability;
    sum.outOfVocabulary += score.outOfVocabulary;
    sum.outOfVocabularyLogProbability += score.outOfVocabularyLogProbability;
  }
  return sum;
}

function nothing(): TextScore {
  return { tokens: 0, logProbability: 0, outOfVocabulary: 0, outOfVocabularyLogProbability: 0 };
}

/** Scores sequences token by token. */
class Scorer {
  readonly #model: Model;
  readonly #options: ScoreOptions;
  readonly #sequenceStart: TokenId | undefined;
  readonly #sequenceEnd: TokenId | undefined;
  #context: TokenId[] = [];
  #isEmpty = true;
  #score: TextScore = nothing();

  constructor(model: Model, options: ScoreOptions) {
    this.#model = model;
    this.#options = options;
    this.#sequenceStart = reservedId(model.settings.sequences, '<s>');
    this.#sequenceEnd = reservedId(model.settings.sequences, '</s>');
    this.#beginSequence();
  }

  token(bytes: Uint8Array, start: number, end: number): void {
    const id = this.#model.vocabulary.find(bytes, start, end);
    if (id > 0 && (id === this.#sequenceStart || id === this.#sequenceEnd)) {
      throw new NgramdError(
        'invalid-text',
        `The text holds a literal ${this.#model.vocabulary.token(id)}, which is put around each line without being asked. Take it out.`,
      );
    }
    this.#add(id, () => decodeUtf8(bytes, start, end));
    this.#isEmpty = false;
  }

  /** Ends the sequence, if one has begun. */
  endSequence(): void {
    const end = this.#sequenceEnd;
    if (end !== undefined && this.#options.eos && !this.#isEmpty) this.#add(end, () => '</s>');
    this.#beginSequence();
  }

  /** The sum over all tokens since the last call. */
  take(): TextScore {
    const score = this.#score;
    this.#score = nothing();
    return score;
  }

  #beginSequence(): void {
    this.#isEmpty = true;
    const start = this.#sequenceStart;
    const begins = start !== undefined && this.#options.bos && this.#model.order > 1;
    this.#context = begins ? [start] : [];
  }

  #add(id: TokenId, token: () => string): void {
    const { index, estimator, order } = this.#model;
    const context = this.#context;
    const probability = estimator.probability(index.levels(context, id, estimator.reads(context.length + 1)));
    const logProbability = probability === null ? Number.NaN : Math.log(probability);
    const [unigram] = index.levels([], id, { orders: [1], adjustedBelow: 1 });
    const score = this.#score;
    score.tokens++;
    score.logProbability += logProbability;
    if (unigram.count === 0) {
      score.outOfVocabulary++;
      score.outOfVocabularyLogProbability += logProbability;
    }
    if (this.#options.perToken) {
      score.perToken ??= [];
      const inVocabulary = unigram.count > 0;
      score.perToken.push({ token: token(), logProbability, inVocabulary, order: this.#seenOrder(id) });
    }
    context.push(id);
    if (context.length === order) context.shift();
  }

  #seenOrder(id: TokenId): number {
    const orders = ordersTo(this.#context.length + 1);
    const levels = this.#model.index.levels(this.#context, id, { orders, adjustedBelow: 1 });
    return levels.findLast(({ count }) => count > 0)?.order ?? 0;
  }
}
