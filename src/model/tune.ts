import { NgramdError } from '../errors.ts';
import { createEstimator, type EstimatorName, type EstimatorParameters } from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import type { Level } from '../index/count-index.ts';
import { searchByDividing } from './direct.ts';
import { LevelBatches, type VisitLevels } from './level-batches.ts';
import type { Model } from './model.ts';
import { perplexity } from './score.ts';
import { SequenceReader } from './sequences.ts';

/** The maximum number of tokens of a held-out text. */
const maxTokens = 100_000;
/** The number of evaluations after which the search ends. */
const enoughEvaluations = 400;

/** Parameters and the resulting perplexity of the held-out text. */
export interface TuningStep {
  readonly parameters: EstimatorParameters;
  readonly perplexity: number;
}

export interface Tuning {
  readonly best: TuningStep;
  /** All parameters tried, in order; the first are the requested ones, or the estimator's own. */
  readonly curve: readonly TuningStep[];
  /** The number of tokens of the text that the perplexities include. */
  readonly tokens: number;
  /** The number of tokens that are not in the vocabulary. */
  readonly outOfVocabulary: number;
}

/** The parameters of an estimator as points of a box, `dimensions` numbers between `lowest` and `highest`. */
interface SearchBox {
  dimensions(order: number): number;
  lowest: number;
  highest: number;
  toParameters(point: number[]): EstimatorParameters;
}

const decades = { lowest: Math.log(1e-4), highest: Math.log(1e4) };

const searchBoxes: Partial<Record<EstimatorName, SearchBox>> = {
  laplace: {
    ...decades,
    dimensions: (order) => order,
    toParameters: (point) => ({ epsilon: point.map(Math.exp) }),
  },
  additive: { ...decades, dimensions: () => 1, toParameters: ([k]) => ({ k: Math.exp(k) }) },
  'absolute-discounting': {
    lowest: 0,
    highest: 1,
    dimensions: (order) => order,
    toParameters: (point) => ({ discount: point }),
  },
  // Each number is the share that its order takes of what remains for it and all lower orders; order 1 takes the rest.
  'jelinek-mercer': {
    lowest: 0,
    highest: 1,
    dimensions: (order) => order - 1,
    toParameters: (shares) => {
      let left = 1;
      const lambda: number[] = [];
      for (const share of shares.toReversed()) {
        lambda.unshift(left * share);
        left -= left * share;
      }
      return { lambda: [left, ...lambda] };
    },
  },
};

/**
 * The parameters with which a held-out text has the lowest perplexity, found by dividing rectangles (DIRECT; Jones,
 * Perttunen & Stuckman 1993), or the model's own if none are better. Jelinek–Mercer gives words without a count no
 * probability with any weights; they are excluded there.
 * Throws `empty-text` for a corpus without a text, and `invalid-request` for an estimator that has no parameters to
 * tune and for a text that is too long or has no token to tune by. `checkpoint` is called between evaluations; an error
 * that it throws ends the search.
 */
export async function tune(model: Model, text: Uint8Array, checkpoint = () => {}): Promise<Tuning> {
  const { order, counts } = model;
  const name = model.estimator.name as EstimatorName;
  const box = searchBoxes[name];
  if (counts.totals.tokens === 0) {
    throw new NgramdError('empty-text', 'This corpus has no text yet: there is no model to tune.');
  }
  if (box === undefined) {
    throw invalid(
      '/estimator',
      `${name} has no parameters that a perplexity could tell apart; ${Object.keys(searchBoxes).join(', ')} have.`,
    );
  }
  const { tokens, outOfVocabulary } = await readLevels(model, text, name === 'jelinek-mercer');
  // None of its parameters is then estimated from the counts.
  const index = await counts.prepare({});
  const curve: TuningStep[] = [];
  const evaluate = (estimator: Estimator, parameters: EstimatorParameters): number => {
    checkpoint();
    let logProbability = 0;
    for (const levels of tokens) logProbability += Math.log(estimator.probability(levels) ?? 0);
    curve.push({ parameters, perplexity: perplexity(logProbability, tokens.length) });
    return -logProbability / tokens.length;
  };
  evaluate(model.estimator, model.estimator.parameters);
  const dimensions = box.dimensions(order);
  if (dimensions > 0) {
    searchByDividing(dimensions, enoughEvaluations, (point) => {
      const within = point.map((share) => box.lowest + share * (box.highest - box.lowest));
      const parameters = box.toParameters(within);
      return evaluate(createEstimator(name, parameters, order, index), parameters);
    });
  }
  const best = curve.reduce((best, step) => (step.perplexity < best.perplexity ? step : best));
  return { best, curve, tokens: tokens.length, outOfVocabulary };
}

/** The levels that the estimator reads for each token of a text, read once for all evaluations. */
async function readLevels(
  model: Model,
  text: Uint8Array,
  leavesOutUnseen: boolean,
): Promise<{ tokens: Level[][]; outOfVocabulary: number }> {
  const { counts, estimator, order } = model;
  const tokens: Level[][] = [];
  let outOfVocabulary = 0;
  const visit: VisitLevels = (levels, inVocabulary, place) => {
    if (place >= maxTokens) {
      throw invalid(
        '/text',
        `The text has more than ${maxTokens} tokens, the most that are tuned by: take a part of it.`,
      );
    }
    if (!inVocabulary) outOfVocabulary++;
    if (leavesOutUnseen && levels[0].count === 0) return;
    const { followers } = estimator.reads(levels[levels.length - 1].order);
    tokens.push(levels.map((level) => copyOf(level, followers)));
  };
  const batches = new LevelBatches(counts, order, (order) => estimator.reads(order), visit);
  const marks = { bos: true, eos: true };
  const reader = new SequenceReader(model, batches, { marks, withTexts: false, isStart: true });
  await reader.write(text);
  await reader.end();
  reader.walker.endSequence();
  await batches.flush();
  if (tokens.length === 0) {
    throw invalid('/text', 'The text has no token that the corpus has: there is nothing to tune by.');
  }
  return { tokens, outOfVocabulary };
}

/** A copy of a level, with its sums over the words after the context if these are read. */
function copyOf(level: Level, withFollowers: boolean): Level {
  const { order, count, contextCount } = level;
  const { followers, once, twice } = withFollowers ? level : noFollowers;
  return { order, count, contextCount, followers, once, twice };
}

const noFollowers = { followers: 0, once: 0, twice: 0 };

function invalid(pointer: string, detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer, detail }]);
}
