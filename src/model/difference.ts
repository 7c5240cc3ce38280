import { NgramdError } from '../errors.ts';
import type { ModelDescription } from './language-model.ts';
import type { TextScore } from './score.ts';
import type { DocumentVisitor } from './score-documents.ts';

/**
 * The cross-entropy of a text under a model less that under another, in nats per token: with H_M(s) = −log P_M(s) /
 * tokens, H_in(s) − H_general(s) (Moore & Lewis 2010, "Intelligent Selection of Language Model Training Data", section
 * 2). The lower it is, the more the text is like the texts of the first model. Both models must score the same tokens.
 * NaN if there are none, or if both probabilities are 0.
 */
export function crossEntropyDifference(score: TextScore, against: TextScore): number {
  return (against.logProbability - score.logProbability) / score.tokens;
}

/** Scores that another model gave to the texts of a block, by which they are scored against it. */
export interface OtherScores {
  readonly model: ModelDescription;
  /** In the order of the texts. */
  readonly outcomes: readonly OtherOutcome[];
}

/** A score, or why there is none. */
export type OtherOutcome = TextScore | NgramdError;

/** Collects the scores of one model, against which another scores the same texts. */
export class ScoreCollector implements DocumentVisitor, OtherScores {
  readonly model: ModelDescription;
  outcomes: OtherOutcome[] = [];

  constructor(model: ModelDescription) {
    this.model = model;
  }

  begin(): void {}

  identify(): void {}

  tokens(): void {}

  text(score: TextScore): void {
    this.outcomes.push(score);
  }

  problem(error: NgramdError): void {
    this.outcomes.push(error);
  }

  reset(): void {
    this.outcomes = [];
  }
}

/** The score in an outcome. Throws the error. */
export function scoreOf(outcome: OtherOutcome): TextScore {
  if (outcome instanceof NgramdError) throw outcome;
  return outcome;
}
