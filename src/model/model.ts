import { LRUCache } from 'lru-cache';
import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  lowCountsRead,
} from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import type { Corpus } from '../index/corpus.ts';
import type { CountIndex, Totals } from '../index/count-index.ts';

/** The choice of a model: an order and an estimator with its parameters. */
export interface ModelChoice {
  readonly order: number;
  readonly estimator: EstimatorName;
  readonly parameters: EstimatorParameters;
}

/** An n-gram language model: a corpus, of which n-grams up to an order are used, with an estimator. */
export interface Model extends Pick<Corpus, 'settings' | 'counts' | 'vocabulary'> {
  readonly order: number;
  readonly estimator: Estimator;
}

/** What answers say about their model: the corpus's version and the estimator. */
export interface ModelDescription {
  readonly version: number;
  readonly estimator: Pick<Estimator, 'name' | 'parameters' | 'normalized'>;
}

export function describeModel({ counts, estimator }: Model): ModelDescription {
  const { name, parameters, normalized } = estimator;
  return { version: counts.totals.version, estimator: { name, parameters, normalized } };
}

/** The number of estimators cached for each version of a corpus. */
const maxEstimators = 16;

/** The cached estimators, by the totals of the counts that they were made from. */
const estimators = new WeakMap<Totals, LRUCache<string, Estimator>>();

/**
 * Creates a model of a corpus, at once if the counts are in memory. Throws `invalid-request` for parameters that the
 * estimator does not take.
 */
export function createModel(
  { settings, counts, vocabulary }: Pick<Corpus, 'settings' | 'counts' | 'vocabulary'>,
  choice: ModelChoice,
): Model | Promise<Model> {
  const { order, estimator: name, parameters } = choice;
  const key = keyOf(choice);
  const modelWith = (estimator: Estimator) => ({ settings, counts, vocabulary, order, estimator });
  const known = estimators.get(counts.totals)?.get(key);
  if (known !== undefined) return modelWith(known);
  const create = (index: CountIndex) => {
    const estimator = createEstimator(name, parameters, order, index);
    remember(counts.totals, key, estimator);
    return modelWith(estimator);
  };
  const index = counts.prepare({ lowCounts: lowCountsRead(name, parameters, order) });
  return index instanceof Promise ? index.then(create) : create(index);
}

/** The same for the same choices. Most name no parameters, and JSON would cost as much as the probability. */
function keyOf({ order, estimator, parameters }: ModelChoice): string {
  const { epsilon, k, lambda, discount, alpha } = parameters;
  const isPlain = (epsilon ?? k ?? lambda ?? discount ?? alpha) === undefined;
  return isPlain ? `${order} ${estimator}` : JSON.stringify([order, estimator, parameters]);
}

function remember(totals: Totals, key: string, estimator: Estimator): void {
  let ofVersion = estimators.get(totals);
  if (ofVersion === undefined) {
    ofVersion = new LRUCache({ max: maxEstimators });
    estimators.set(totals, ofVersion);
  }
  ofVersion.set(key, estimator);
}
