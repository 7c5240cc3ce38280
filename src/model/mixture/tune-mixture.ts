import { invalidTuning, readHeldOut } from '../held-out.ts';
import { perplexity } from '../score.ts';
import { rowTokens } from '../token-rows.ts';
import type { MixtureModel } from './mixture-model.ts';
import { MixtureRows } from './mixture-rows.ts';
import { bestWeights, type WeightsStep } from './weights.ts';

/** The maximum number of tokens of a held-out text. */
const maxTokens = 1_000_000;

/** Weights of the parts of a mixture, and what a held-out text has with them. */
export interface TunedWeights extends WeightsStep {
  readonly perplexity: number;
}

/** The weights that give a held-out text the highest probability. */
export interface MixtureTuning {
  readonly before: TunedWeights;
  readonly best: TunedWeights;
  /** The number of steps of expectation maximization. */
  readonly steps: number;
  /** The number of tokens of the text that the figures include: all but those to which no part gives a probability. */
  readonly tokens: number;
  /** The number of tokens that no part has. */
  readonly outOfVocabulary: number;
}

/**
 * Finds the weights of a mixture on a held-out text by `bestWeights`, beginning with its own. Throws `invalid-request`
 * for a text that is too long or has no token to tune by. `checkpoint` is called between steps; an error that it throws
 * ends the search.
 */
export async function tuneMixture(
  model: MixtureModel,
  text: Uint8Array,
  checkpoint = () => {},
): Promise<MixtureTuning> {
  const { probabilities, outOfVocabulary } = await readText(model, text);
  const tokens = probabilities[0].length;
  if (tokens === 0) {
    throw invalidTuning(
      '/text',
      'The text has no token to which a part of the mixture gives a probability: there is nothing to tune on.',
    );
  }
  const weights = model.parts.map(({ weight }) => weight);
  const steps = bestWeights(probabilities, weights, checkpoint);
  const withPerplexity = (step: WeightsStep) => ({
    ...step,
    perplexity: perplexity(step.logProbability, tokens),
  });
  const best = steps.reduce((best, step) => (step.logProbability > best.logProbability ? step : best));
  return {
    before: withPerplexity(steps[0]),
    best: withPerplexity(best),
    steps: steps.length - 1,
    tokens,
    outOfVocabulary,
  };
}

/** What each part gives to each token of a text. */
async function readText(model: MixtureModel, text: Uint8Array) {
  const probabilities: number[][] = model.parts.map(() => []);
  let outOfVocabulary = 0;
  const scorer = new MixtureRows(model, { capacity: rowTokens, seen: false });
  await readHeldOut(model, text, maxTokens, scorer, (words) => {
    for (const i of words) {
      if (scorer.inVocabulary[i] === 0) outOfVocabulary++;
      if (!scorer.parts.some(({ shares }) => shares[i] > 0)) continue;
      for (const [part, { shares }] of scorer.parts.entries()) probabilities[part].push(shares[i]);
    }
  });
  return { probabilities, outOfVocabulary };
}
