/** The weights of a mixture after some steps of expectation maximization. */
export interface WeightsStep {
  readonly weights: readonly number[];
  /** Σ log Σᵢ λᵢ Pᵢ(w|h) over the tokens, with these weights; natural. */
  readonly logProbability: number;
}

/** A step must gain this share of the log probability, or the search ends. */
const leastGain = 1e-9;
const maxSteps = 1000;

/**
 * The weights with which a mixture gives a text the highest probability, by expectation maximization (Dempster, Laird &
 * Rubin 1977; Jelinek & Mercer 1980), as SRILM's `compute-best-mix` does: each step takes as the weight of a part its
 * mean share of the probability of a token, λᵢ' = 1/T Σ λᵢ Pᵢ / Σⱼ λⱼ Pⱼ, and never makes the text less probable.
 * `probabilities[i][t]` is what part i gives to token t; tokens to which no part gives any are left out. The first step
 * is the given weights.
 */
export function bestWeights(
  probabilities: readonly ArrayLike<number>[],
  weights: readonly number[],
  checkpoint = () => {},
): WeightsStep[] {
  const steps: WeightsStep[] = [];
  let current = weights;
  for (;;) {
    checkpoint();
    const { logProbability, shares } = expectation(probabilities, current);
    const last = steps.at(-1);
    steps.push({ weights: current, logProbability });
    const hasGained =
      last === undefined || logProbability - last.logProbability > leastGain * Math.abs(logProbability);
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (!hasGained || total === 0 || steps.length > maxSteps) return steps;
    current = shares.map((share) => share / total);
  }
}

/** The log probability of the tokens, and for each part the sum of its shares. */
function expectation(
  probabilities: readonly ArrayLike<number>[],
  weights: readonly number[],
): { logProbability: number; shares: number[] } {
  const shares = weights.map(() => 0);
  let logProbability = 0;
  for (let t = 0; t < (probabilities[0]?.length ?? 0); t++) {
    let mixed = 0;
    for (let i = 0; i < weights.length; i++) mixed += weights[i] * probabilities[i][t];
    if (!(mixed > 0)) continue;
    logProbability += Math.log(mixed);
    for (let i = 0; i < weights.length; i++) shares[i] += (weights[i] * probabilities[i][t]) / mixed;
  }
  return { logProbability, shares };
}
