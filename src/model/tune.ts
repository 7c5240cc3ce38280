import { NgramdError } from '../errors.ts';
import { createEstimator, type EstimatorName, type EstimatorParameters } from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { type RowCounts, rowProbabilities } from '../estimators/evaluation/row-probabilities.ts';
import type { LevelColumns } from '../index/count-source.ts';
import type { CountModel } from './count-model.ts';
import { searchByDividing } from './direct.ts';
import { invalidTuning, readHeldOut } from './held-out.ts';
import { perplexity } from './score.ts';
import { rowTokens } from './token-rows.ts';

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
 * probability with any weights; they are excluded there. Throws `empty-text` for a corpus without a text, and
 * `invalid-request` for an estimator that has no parameters to tune and for a text that is too long or has no token to
 * tune by. `checkpoint` is called between evaluations; an error that it throws ends the search.
 */
export async function tune(model: CountModel, text: Uint8Array, checkpoint = () => {}): Promise<Tuning> {
  const { order, counts } = model;
  const name = model.estimator.name as EstimatorName;
  const box = searchBoxes[name];
  if (counts.totals.tokens === 0) {
    throw new NgramdError('empty-text', 'This corpus has no text yet: there is no model to tune.');
  }
  if (box === undefined) {
    throw invalidTuning(
      '/estimator',
      `${name} has no parameters on which a perplexity depends; ${Object.keys(searchBoxes).join(', ')} have.`,
    );
  }
  const heldOut = await readText(model, text, name === 'jelinek-mercer');
  // None of its parameters is then estimated from the counts.
  const index = await counts.prepare({});
  const curve: TuningStep[] = [];
  const evaluate = (estimator: Estimator, parameters: EstimatorParameters): number => {
    checkpoint();
    const logProbability = logProbabilityOf(estimator, heldOut.rows);
    curve.push({ parameters, perplexity: perplexity(logProbability, heldOut.tokens) });
    return -logProbability / heldOut.tokens;
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
  return { best, curve, tokens: heldOut.tokens, outOfVocabulary: heldOut.outOfVocabulary };
}

/** A held-out text, whose counts are read once for all evaluations. */
interface HeldOutText {
  readonly rows: readonly HeldOutRow[];
  /** The number of tokens in the perplexities. */
  readonly tokens: number;
  readonly outOfVocabulary: number;
}

/** A row of its tokens, and the positions of those in the perplexities. */
interface HeldOutRow extends RowCounts {
  readonly places: readonly number[];
}

async function readText(model: CountModel, text: Uint8Array, leavesOutUnseen: boolean): Promise<HeldOutText> {
  const { estimator, order, counts } = model;
  const rows: HeldOutRow[] = [];
  let tokens = 0;
  let outOfVocabulary = 0;
  const reads = (order: number) => estimator.reads(order);
  const counted = counts.reader({ order, capacity: rowTokens, reads, seen: false });
  const { levels, inVocabulary } = counted;
  await readHeldOut(model, text, maxTokens, counted, (words, { before, length }) => {
    const places = leavesOutUnseen ? words.filter((i) => levels[0].count[i] > 0) : words;
    tokens += places.length;
    outOfVocabulary += words.filter((i) => inVocabulary[i] === 0).length;
    rows.push({
      levels: levels.map((columns) => copyOf(columns, length)),
      before: before.slice(0, length),
      length,
      places,
    });
  });
  if (tokens === 0) {
    throw invalidTuning('/text', 'The text has no token of the corpus: there is nothing to tune on.');
  }
  return { rows, tokens, outOfVocabulary };
}

function copyOf(columns: LevelColumns, length: number): LevelColumns {
  const { count, contextCount, followers, once, twice } = columns;
  return {
    count: count.slice(0, length),
    contextCount: contextCount.slice(0, length),
    followers: followers.slice(0, length),
    once: once.slice(0, length),
    twice: twice.slice(0, length),
  };
}

function logProbabilityOf({ numbers }: Estimator, rows: readonly HeldOutRow[]): number {
  const probabilities = new Float64Array(rowTokens);
  let logProbability = 0;
  for (const row of rows) {
    rowProbabilities(numbers, row, probabilities);
    for (const i of row.places) {
      const probability = probabilities[i];
      logProbability += Math.log(Number.isNaN(probability) ? 0 : probability);
    }
  }
  return logProbability;
}
