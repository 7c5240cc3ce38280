import type { Model } from '../../src/model/model.ts';
import {
  type ScoreOptions,
  ScoreSum,
  type TextScore,
  TextScorer,
  type TokenScore,
} from '../../src/model/score.ts';

/** The score of a text with the scores of its tokens. */
export type Scored = TextScore & { perToken: TokenScore[] };

/** Scores each line as a text. */
export async function scoreLines(
  model: Model,
  options: ScoreOptions,
  lines: Uint8Array,
  isStart = true,
): Promise<Scored[]> {
  const scores: Scored[] = [];
  const scorer = new TextScorer(model, options, gathering(scores), { isOfLines: true, isStart });
  await scorer.write(lines);
  await scorer.endLines();
  return scores;
}

/** Scores a text of any lines. */
export async function scoreText(model: Model, options: ScoreOptions, text: Uint8Array): Promise<Scored> {
  const scores: Scored[] = [];
  const scorer = new TextScorer(model, options, gathering(scores), { isOfLines: false, isStart: true });
  await scorer.write(text);
  await scorer.endText();
  return scores[0];
}

/** Gathers scores in a list. */
export function gathering(scores: Scored[]) {
  let perToken: TokenScore[] = [];
  return {
    token: (score: TokenScore) => perToken.push(score),
    text: (score: TextScore) => {
      scores.push({ ...score, perToken });
      perToken = [];
    },
  };
}

export function addScores(scores: readonly TextScore[]): TextScore {
  const sum = new ScoreSum();
  for (const score of scores) sum.add(score);
  return sum.score;
}
