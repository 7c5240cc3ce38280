import {
  type EstimatorName,
  type EstimatorParameters,
  readsAdjustedCounts,
} from '../../estimators/catalogue.ts';
import type { Corpora } from '../../index/corpora.ts';
import type { AnyCorpus, CorpusAddress } from '../../index/corpus.ts';
import type { ModelChoice } from '../../model/count-model.ts';
import type { LanguageModel } from '../../model/language-model.ts';
import { languageModel } from '../../model/language-models.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { belowPart, invalidField } from '../invalid-fields.ts';

/** Which order and estimator are asked for. */
export interface EstimatorChoice {
  order?: number | undefined;
  estimator: EstimatorName;
  min_version?: number;
}

/**
 * Asks a corpus a question, with the counts that the chosen estimator needs. `part` is the request's part that the choice
 * came in. Throws what `Corpora.ask` throws, and `invalid-request` for a version above the corpus's.
 */
export function askCorpus<T>(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  question: (corpus: AnyCorpus) => T | Promise<T>,
): T | Promise<T> {
  const ask = (minVersion?: number) =>
    corpora.askModel(name, { adjusted: readsAdjustedCounts(choice.estimator), minVersion }, question);
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
  const fail = (error: unknown): never => {
    throw belowPart(part, error);
  };
  try {
    const model = languageModel(corpus, { order, estimator: choice.estimator, parameters });
    return model instanceof Promise ? model.catch(fail) : model;
  } catch (error) {
    return fail(error);
  }
}

/**
 * Whether the counts of a model must be in a trie: `if it fits` in memory or the store has no adjusted counts, so that nothing
 * else is possible.
 */
export type TrieNeed = 'always' | 'if it fits';

/**
 * What a question to the model workers is asked of; with `needsTrie` of a version whose counts are in a trie.
 * Throws what `Corpora.ask` throws, and `invalid-request` for an order above the corpus's.
 */
export async function chooseModel(
  corpora: Corpora,
  name: string,
  part: string,
  choice: EstimatorChoice,
  parameters: EstimatorParameters,
  needsTrie?: TrieNeed,
): Promise<{ corpus: CorpusAddress; choice: ModelChoice }> {
  const { settings } = await corpora.open(name);
  const order = choice.order ?? settings.order;
  checkOrder(settings, order, part);
  const minVersion = await readMinVersion(corpora, name, part, choice);
  const whole = needsTrie !== undefined;
  const adjusted = whole || readsAdjustedCounts(choice.estimator);
  const inMemory = needsTrie === 'always';
  const corpus = await corpora.modelAddress(name, { adjusted, minVersion, whole, inMemory });
  return { corpus, choice: { order, estimator: choice.estimator, parameters } };
}

/** The version from which on a corpus may answer. Throws `invalid-request` where it has not come to it. */
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
    `The corpus is at version ${version}, and has not come to ${minVersion}.`,
  );
}

/** Throws `invalid-request` for an order above the corpus's. */
export function checkOrder({ order: highest }: CorpusSettings, order: number, part: string): void {
  if (order <= highest) return;
  throw invalidField(`${part}/order`, `This corpus counts n-grams up to order ${highest}, not ${order}.`);
}
