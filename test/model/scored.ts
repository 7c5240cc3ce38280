import type { LanguageModel } from '../../src/model/language-model.ts';
import {
  type ScoredTokens,
  type ScoreOptions,
  ScoreSum,
  type TextScore,
  TextScorer,
} from '../../src/model/score.ts';

/** The score of one token. */
export interface TokenScore {
  token: string;
  logProbability: number;
  inVocabulary: boolean;
  order: number;
}

/** The score of a text with the scores of its tokens. */
export type Scored = TextScore & { perToken: TokenScore[] };

/** Scores each line as a text. */
export async function scoreLines(
  model: LanguageModel,
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
export async function scoreText(
  model: LanguageModel,
  options: ScoreOptions,
  text: Uint8Array,
): Promise<Scored> {
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
    tokens: (
      { isWord, probabilities, inVocabulary, seen, json, starts, ends }: ScoredTokens,
      from: number,
      to: number,
    ) => {
      for (let i = from; i < to; i++) {
        if (isWord[i] === 0) continue;
        perToken.push({
          token: JSON.parse(Buffer.from(json.bytes.subarray(starts[i], ends[i])).toString()),
          logProbability: Math.log(probabilities[i]),
          inVocabulary: inVocabulary[i] === 1,
          order: seen[i],
        });
      }
    },
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
