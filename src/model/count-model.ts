import { LRUCache } from 'lru-cache';
import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  lowCountsRead,
} from '../estimators/catalogue.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { rowProbabilities } from '../estimators/evaluation/row-probabilities.ts';
import type { Corpus } from '../index/corpus.ts';
import type { CountIndex, TokenId, Totals } from '../index/count-index.ts';
import { type CountSource, countedIds, type RowReader, type TokenRow } from '../index/count-source.ts';
import type { Vocabulary } from '../index/vocabulary.ts';
import { whenThere } from '../platform/when-there.ts';
import type { CorpusSettings } from '../store/store.ts';
import { type Selection, topContinuations } from './continuations.ts';
import { readCountedPlaces } from './counted-places.ts';
import { distribution, distributionNeed } from './distribution.ts';
import { explain, explainedReading } from './explain.ts';
import type { IdQuery, LanguageModel, RowScorer, ScoredRowShape, WordPlace } from './language-model.ts';
import { scorePlaces } from './score-places.ts';

/** The choice of a model: an order and an estimator with its parameters. */
export interface ModelChoice {
  readonly order: number;
  readonly estimator: EstimatorName;
  readonly parameters: EstimatorParameters;
}

/** A corpus with counts, as far as a model is made of it. */
type CountedCorpus = Pick<Corpus, 'settings' | 'counts' | 'vocabulary'>;

/** A model made of counts: a corpus, of which n-grams up to an order are used, with an estimator. */
export class CountModel implements LanguageModel {
  readonly settings: CorpusSettings;
  readonly counts: CountSource;
  readonly vocabulary: Vocabulary;
  readonly order: number;
  readonly estimator: Estimator;

  constructor({ settings, counts, vocabulary }: CountedCorpus, order: number, estimator: Estimator) {
    this.settings = settings;
    this.counts = counts;
    this.vocabulary = vocabulary;
    this.order = order;
    this.estimator = estimator;
  }

  get version(): number {
    return this.counts.totals.version;
  }

  countedIds(ids: readonly TokenId[], kept: TokenId | undefined) {
    return countedIds(this.counts, ids, kept);
  }

  nextWords(ids: readonly TokenId[]): TokenId[] | Promise<TokenId[]> {
    return whenThere(this.counts.prepare({ words: ids }), (index) => ids.filter((id) => index.hasWord(id)));
  }

  probabilities(queries: readonly IdQuery[], isExplained: boolean) {
    const { estimator } = this;
    const need = {
      words: queries.map(({ own }) => own),
      levels: queries.map(({ context, word }) => {
        const order = context.length + 1;
        const reading = isExplained ? explainedReading(estimator, order) : estimator.reads(order);
        return { context, word, reading };
      }),
    };
    return whenThere(this.counts.prepare(need), (index) =>
      queries.map(({ context, word, own }) => ({
        probability: estimator.probability(index.levels(context, word, estimator.reads(context.length + 1))),
        inVocabulary: index.hasWord(own),
        explanation: isExplained
          ? { of: 'counts' as const, levels: explain(estimator, index, context, word) }
          : undefined,
      })),
    );
  }

  continuations(context: readonly TokenId[], selection: Selection) {
    return topContinuations(this.estimator, this.counts, context, selection);
  }

  distribution(context: readonly TokenId[]) {
    const { estimator } = this;
    return whenThere(this.counts.prepare(distributionNeed(estimator, context)), (index) =>
      distribution(estimator, index, context),
    );
  }

  scorePlaces(places: readonly WordPlace[], k: number, checkpoint?: () => void) {
    return scorePlaces(places, k, (some) => readCountedPlaces(this, some), checkpoint);
  }

  rows(shape: ScoredRowShape): RowScorer {
    return new CountedRows(this, shape);
  }
}

/** Scores rows by their counts. */
class CountedRows implements RowScorer {
  readonly probabilities: Float64Array;
  readonly inVocabulary: Uint8Array;
  readonly seen: Uint8Array;
  readonly #reader: RowReader;
  readonly #numbers: Estimator['numbers'];

  constructor({ counts, estimator, order }: CountModel, shape: ScoredRowShape) {
    this.#numbers = estimator.numbers;
    this.#reader = counts.reader({ order, ...shape, reads: (order) => estimator.reads(order) });
    this.inVocabulary = this.#reader.inVocabulary;
    this.seen = this.#reader.seen;
    this.probabilities = new Float64Array(shape.capacity);
  }

  read(row: TokenRow): void | Promise<void> {
    const read = this.#reader.read(row);
    if (read !== undefined) return read.then(() => this.#compute(row));
    this.#compute(row);
  }

  #compute({ before, length }: TokenRow): void {
    rowProbabilities(this.#numbers, { levels: this.#reader.levels, before, length }, this.probabilities);
  }
}

/** The number of estimators cached for each version of a corpus. */
const maxEstimators = 16;

/** The cached estimators, by the totals of the counts that they were made from. */
const estimators = new WeakMap<Totals, LRUCache<string, Estimator>>();

/**
 * Creates a model of a corpus, at once if the counts are in memory. Throws `invalid-request` for parameters that the
 * estimator does not take.
 */
export function createModel(corpus: CountedCorpus, choice: ModelChoice): CountModel | Promise<CountModel> {
  const { counts } = corpus;
  const { order, estimator: name, parameters } = choice;
  const key = keyOf(choice);
  const modelWith = (estimator: Estimator) => new CountModel(corpus, order, estimator);
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
