import { asyncOutcomeOf, NgramdError, type Outcome } from '../errors.ts';
import type { LanguageModel } from './language-model.ts';
import {
  type ScoredTokens,
  type ScoreOptions,
  type ScoreVisitor,
  type TextScore,
  TextScorer,
} from './score.ts';
import { TokenList } from './token-list.ts';

/** The score of a text and, if requested, the scores of its tokens as a JSON list without its brackets. */
export interface ScoredText {
  score: TextScore;
  list: string;
}

/** The score of a text, or its problem. */
export type TextOutcome = Exclude<Outcome<ScoredText>, { error: unknown }>;

/**
 * Scores texts of any number of lines, each separately; one that cannot be read has a problem. Throws
 * `content-too-large` if their lists have more than `maxListed` tokens in total.
 */
export async function scoreEachText(
  model: LanguageModel,
  options: ScoreOptions,
  texts: readonly string[],
  maxListed: number,
): Promise<TextOutcome[]> {
  const visitor = new TextLists(options, maxListed);
  const outcomes: TextOutcome[] = [];
  let scorer: TextScorer | undefined;
  for (const text of texts) {
    const outcome = await asyncOutcomeOf(async () => {
      scorer ??= new TextScorer(model, options, visitor, { isOfLines: false, isStart: true });
      await scorer.write(Buffer.from(text));
      await scorer.endText();
      return visitor.take();
    });
    if (!('result' in outcome)) {
      if (visitor.isFull) throw tooManyTokens(maxListed);
      if ('error' in outcome) throw outcome.error;
      // The scorer is in the middle of a text and cannot be reused.
      scorer = undefined;
      visitor.drop();
    }
    outcomes.push(outcome);
  }
  return outcomes;
}

/** The error for lists of more tokens than `maxListed`. */
export function tooManyTokens(maxListed: number): NgramdError {
  const detail = `With per_token, the texts of a JSON body may have ${maxListed} tokens together, and these have more. Send them as lines (text/plain), which are answered as they come in and have no such limit, or leave out per_token.`;
  return new NgramdError('content-too-large', detail, [{ pointer: '/texts', detail }]);
}

class TextLists implements ScoreVisitor {
  readonly #maxListed: number;
  #listed = 0;
  readonly #list: TokenList;
  #score: TextScore | undefined;

  constructor({ logBase }: ScoreOptions, maxListed: number) {
    this.#list = new TokenList(logBase);
    this.#maxListed = maxListed;
  }

  /** Whether there have been too many tokens. */
  get isFull(): boolean {
    return this.#listed > this.#maxListed;
  }

  tokens(scores: ScoredTokens, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#listed += scores.isWord[i];
    if (this.isFull) throw tooManyTokens(this.#maxListed);
    this.#list.add(scores, from, to);
  }

  text(score: TextScore): void {
    this.#score = score;
  }

  /** The text that has ended. */
  take(): ScoredText {
    return { score: this.#score as TextScore, list: Buffer.from(this.#list.take()).toString() };
  }

  /** Discards a text that has not ended. */
  drop(): void {
    this.#list.take();
  }
}
