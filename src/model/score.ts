import { ordersTo } from '../estimators/estimator.ts';
import { type CountIndex, isInVocabulary, type TokenId } from '../index/count-index.ts';
import { createTokenizer } from '../text/tokenizer.ts';
import type { Model } from './model.ts';
import { type Marks, readSequences, SequenceWalker, type Visit } from './sequences.ts';

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
  /** How many of the tokens are not in the vocabulary. */
  outOfVocabulary: number;
  /** Σ log P of the others. */
  inVocabularyLogProbability: number;
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
export function inVocabularyPerplexity(score: TextScore): number {
  return perplexity(score.inVocabularyLogProbability, score.tokens - score.outOfVocabulary);
}

/**
 * Scores a text: one sequence, or in corpora of lines one for each line that is not empty.
 * Throws `invalid-text` where the text is not UTF-8 or holds the marks of lines.
 */
export function scoreText(model: Model, options: ScoreOptions, text: Uint8Array): TextScore {
  const scorer = new Scorer(model, options.perToken);
  readSequences(model, options, text, scorer.visit);
  return scorer.take();
}

/** Scores each line as a text. Throws what `scoreText` throws. */
export function scoreLines(model: Model, options: ScoreOptions, lines: Uint8Array): TextScore[] {
  const scores: TextScore[] = [];
  const scorer = new Scorer(model, options.perToken);
  const walker = new SequenceWalker(model, options, scorer.visit);
  const tokenizer = createTokenizer(model.settings.tokenizer, {
    token: (bytes, start, end) => walker.token(bytes, start, end),
    lineEnd: () => {
      walker.endSequence();
      scores.push(scorer.take());
    },
  });
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
    sum.inVocabularyLogProbability += score.inVocabularyLogProbability;
  }
  return sum;
}

function nothing(): TextScore {
  return { tokens: 0, logProbability: 0, outOfVocabulary: 0, inVocabularyLogProbability: 0 };
}

/** Sums up what the tokens of texts score. */
class Scorer {
  readonly #model: Model;
  readonly #perToken: boolean;
  #score: TextScore = nothing();

  constructor(model: Model, perToken: boolean) {
    this.#model = model;
    this.#perToken = perToken;
  }

  readonly visit: Visit = (context, id, token) => {
    const { index, estimator } = this.#model;
    const probability = estimator.probability(index.levels(context, id, estimator.reads(context.length + 1)));
    const logProbability = probability === null ? Number.NaN : Math.log(probability);
    const inVocabulary = isInVocabulary(index, id);
    const score = this.#score;
    score.tokens++;
    score.logProbability += logProbability;
    if (inVocabulary) score.inVocabularyLogProbability += logProbability;
    else score.outOfVocabulary++;
    if (this.#perToken) {
      score.perToken ??= [];
      const order = seenOrder(index, context, id);
      score.perToken.push({ token: token(), logProbability, inVocabulary, order });
    }
  };

  /** The sum over all tokens since the last call. */
  take(): TextScore {
    const score = this.#score;
    this.#score = nothing();
    return score;
  }
}

/** The length of the longest n-gram of a context's end and a word that the corpus has. */
function seenOrder(index: CountIndex, context: readonly TokenId[], id: TokenId): number {
  const levels = index.levels(context, id, { orders: ordersTo(context.length + 1), adjustedBelow: 1 });
  return levels.findLast(({ count }) => count > 0)?.order ?? 0;
}
