import {
  createEstimator,
  type EstimatorName,
  type EstimatorParameters,
  readsAdjustedCounts,
} from '../../estimators/catalogue.ts';
import type { Estimator } from '../../estimators/estimator.ts';
import type { Corpora, Corpus } from '../../index/corpora.ts';
import type { Counts, ModelChoice } from '../../model/model.ts';
import type { CorpusSettings } from '../../store/corpus.ts';
import { inPart, invalidField } from '../validation.ts';

/** Which order and estimator are asked for. */
export interface EstimatorChoice {
  order?: number;
  estimator: EstimatorName;
  min_version?: number;
}

/** A model: a corpus, of which an order is used, and an estimator. */
export interface Model {
  version: number;
  corpus: Corpus;
  order: number;
  estimator: Estimator;
}

/**
 * Asks a corpus a question, with the counts that the chosen estimator needs. `part` is the request's part that the choice
 * came in. Throws what `Corpora.ask` throws, and `invalid-request` for a version above the corpus's.
 */
export async function askCorpus<T>(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  question: (corpus: Corpus) => T,
): Promise<T> {
  const minVersion = readMinVersion(corpora, name, part, choice);
  return corpora.ask(
    name,
    { adjusted: readsAdjustedCounts(choice.estimator), minVersion },
    question,
  ) as Promise<T>;
}

/**
 * The chosen model of a corpus. `part` is the request's part that the choice came in. Throws `invalid-request` for an
 * order above the corpus's and for parameters that the estimator does not take.
 */
export function modelOf(
  corpus: Corpus,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
): Model {
  const { settings } = corpus.reader;
  const order = choice.order ?? settings.order;
  checkOrder(settings, order, part);
  const estimator = inPart(part, () => createEstimator(choice.estimator, parameters, order, corpus.index));
  return { version: corpus.index.totals.version, corpus, order, estimator };
}

/**
 * What a question to the model workers is asked of; with `needsIndex` always of one version that is in memory.
 * Throws what `Corpora.ask` throws, and `invalid-request` for an order above the corpus's.
 */
export async function chooseModel(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
  needsIndex = readsAdjustedCounts(choice.estimator),
): Promise<{ counts: Counts; choice: ModelChoice }> {
  const order = corpora.read(name, ({ reader: { settings } }) => {
    const order = choice.order ?? settings.order;
    checkOrder(settings, order, part);
    return order;
  });
  const minVersion = readMinVersion(corpora, name, part, choice);
  const counts = await corpora.counts(name, { adjusted: needsIndex, minVersion });
  return { counts, choice: { order, estimator: choice.estimator, parameters } };
}

/** The version from which on a corpus may answer. Throws `invalid-request` where it has not come to it. */
function readMinVersion(
  corpora: Corpora,
  name: string,
  part: string,
  { min_version: minVersion }: EstimatorChoice,
): number | undefined {
  if (minVersion === undefined) return undefined;
  const version = corpora.read(name, ({ reader }) => reader.version);
  if (minVersion <= version) return minVersion;
  throw invalidField(
    `${part}/min_version`,
    `The corpus is at version ${version}, and has not come to ${minVersion}.`,
  );
}

/** Throws `invalid-request` for an order above the corpus's. */
export function checkOrder({ order: highest }: CorpusSettings, order: number, part: string): void {
  if (order <= highest) return;
  throw invalidField(`${part}/order`, `This corpus counts n-grams up to order ${highest}, not ${order}.`);
}
