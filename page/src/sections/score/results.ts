import type { components, Scores } from '../../../../clients/typescript/src/index.ts';

export type TextScore = components['schemas']['TextScore'];
export type TokenScore = NonNullable<TextScore['per_token']>[number];

/** How many lines are shown at once: each word of them is an element of the page. */
export const linesAtOnce = 50;

/** The score of a line, or why it has none. */
export interface Line {
  /** From 1. */
  number: number;
  score?: TextScore;
  problem?: string;
}

/** The results in the order of the lines. */
export function linesOf({ results }: Scores): Line[] {
  return results.map((result, i) =>
    'problem' in result
      ? { number: i + 1, problem: result.problem.detail }
      : { number: i + 1, score: result },
  );
}

/** The surprisal of a token in bits, from its logarithm to base 2; infinite if its probability is 0. */
export function surprisal({ log_probability }: TokenScore): number {
  return log_probability === null ? Number.POSITIVE_INFINITY : Math.max(-log_probability, 0);
}
