import {
  type EstimatorName,
  type EstimatorParameters,
  readsAdjustedCounts,
} from '../../estimators/catalogue.ts';
import type { Corpora, Needs } from '../../index/corpora.ts';
import type { AnyCorpus, CorpusAddress } from '../../index/corpus.ts';
import { hasCounts, requireCounts } from '../../index/kinds.ts';
import type { ModelChoice } from '../../model/count-model.ts';
import type { LanguageModel } from '../../model/language-model.ts';
import { languageModel } from '../../model/language-models.ts';
import type { CorpusSettings, MixedCorpus } from '../../store/store.ts';
import { belowPart, invalidField } from '../invalid-fields.ts';

/** Which order and estimator are asked for. */
export interface EstimatorChoice {
  order?: number | undefined;
  /** Undefined if the request names none. */
  estimator?: EstimatorName | undefined;
  /** The estimator of a request that names none; laplace, if this is left out. */
  standard?: EstimatorName;
  min_version?: number;
}

/** The estimator that a corpus with counts is asked for. */
export function estimatorOf({ estimator, standard = 'laplace' }: EstimatorChoice): EstimatorName {
  return estimator ?? standard;
}

/**
 * Asks a corpus a question, with the counts that the chosen estimator needs. `part` is the request's part that the
 * choice came in. Throws what `Corpora.ask` throws, and `invalid-request` for a version above the corpus's.
 */
export function askCorpus<T>(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  question: (corpus: AnyCorpus) => T | Promise<T>,
): T | Promise<T> {
  const ask = (minVersion?: number) =>
    corpora.askModel(
      name,
      { adjusted: readsAdjustedCounts(estimatorOf(choice)), minVersion, ofPart: needsOfPart },
      question,
    );
  if (choice.min_version === undefined) return ask();
  return readMinVersion(corpora, name, part, choice).then(ask);
}

/**
 * The chosen model of a corpus. `part` is the request's part that the choice came in. Throws `invalid-request` for an
 * order above the corpus's and for parameters that the estimator does not take.
 */
export function modelOf(
  corpus: AnyCorpus,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
): LanguageModel | Promise<LanguageModel> {
  const order = choice.order ?? corpus.settings.order;
  checkOrder(corpus.settings, order, part);
  if (!hasCounts(corpus.settings)) checkListed(corpus.settings, part, choice, parameters);
  const fail = (error: unknown): never => {
    throw belowPart(part, error);
  };
  try {
    const model = languageModel(corpus, { order, estimator: estimatorOf(choice), parameters });
    return model instanceof Promise ? model.catch(fail) : model;
  } catch (error) {
    return fail(error);
  }
}

/**
 * Whether the counts of a model must be in a trie: `if it fits` in memory or the store has no adjusted counts, so that
 * nothing else is possible.
 */
export type TrieNeed = 'always' | 'if it fits';

/**
 * What a question to the model workers is asked of: any model, one of counts, or one of a version whose counts are in a
 * trie. Throws what `Corpora.ask` throws, and `invalid-request` for an order above the corpus's and for parameters that
 * the model does not take.
 */
export async function chooseModel(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
  needs?: 'counts' | TrieNeed,
): Promise<{ corpus: CorpusAddress; choice: ModelChoice }> {
  const { settings } = await corpora.open(name);
  const order = choice.order ?? settings.order;
  checkOrder(settings, order, part);
  if (needs !== undefined) requireCounts(settings);
  if (!hasCounts(settings)) checkListed(settings, part, choice, parameters);
  const minVersion = await readMinVersion(corpora, name, part, choice);
  const inMemory = needs === 'always';
  const whole = inMemory || needs === 'if it fits';
  const estimator = estimatorOf(choice);
  const adjusted = whole || readsAdjustedCounts(estimator);
  const read = { adjusted, minVersion, whole, inMemory, ofPart: needsOfPart };
  const corpus = await (hasCounts(settings) ? corpora.address(name, read) : corpora.modelAddress(name, read));
  return { corpus, choice: { order, estimator, parameters } };
}

/** What a mixture needs of one of its parts. */
function needsOfPart({ estimator }: MixedCorpus): Needs {
  return { adjusted: estimator === undefined || readsAdjustedCounts(estimator as EstimatorName) };
}

/** The lowest version at which a corpus may answer. Throws `invalid-request` if the corpus has not reached it. */
export async function readMinVersion(
  corpora: Corpora,
  name: string,
  part: string,
  { min_version: minVersion }: Pick<EstimatorChoice, 'min_version'>,
): Promise<number | undefined> {
  if (minVersion === undefined) return undefined;
  const version = await corpora.read(name, async (snapshot) => snapshot.version);
  if (minVersion <= version) return minVersion;
  throw invalidField(
    `${part}/min_version`,
    `The corpus is at version ${version}, and has not reached ${minVersion}.`,
  );
}

/** What models are that are not made of counts. */
const listed = 'This corpus is not made of counts: it has the probabilities of its ARPA file';
const mixed =
  'This corpus is not made of counts: it has those models of its parts that were chosen when it was created';

/**
 * Throws `invalid-request` for what changes nothing about a model that is not made of counts: any estimator,
 * parameters, and an order that is not its own.
 */
export function checkListed(
  { order, content }: CorpusSettings,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
): void {
  const named = Object.entries(parameters).filter(([, value]) => value !== undefined);
  if (choice.estimator !== undefined) named.unshift(['estimator', choice.estimator]);
  if (choice.order !== undefined && choice.order !== order) named.unshift(['order', choice.order]);
  const [first] = named;
  if (first === undefined) return;
  const [name] = first;
  throw invalidField(
    `${part}/${name}`,
    `${content?.kind === 'mixture' ? mixed : listed}, of order ${order}. Leave ${name} out.`,
  );
}

/** Throws `invalid-request` for an order above the corpus's. */
export function checkOrder({ order: highest }: CorpusSettings, order: number, part: string): void {
  if (order <= highest) return;
  throw invalidField(`${part}/order`, `This corpus counts n-grams up to order ${highest}, not ${order}.`);
}
