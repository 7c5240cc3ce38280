import type { EstimatorName, EstimatorParameters } from '../estimators/catalogue.ts';
import type { AnyCorpus, MixtureCorpus } from '../index/corpus.ts';
import type { MixedCorpus, MixtureContent } from '../store/store.ts';
import { createModel, type ModelChoice } from './count-model.ts';
import type { LanguageModel } from './language-model.ts';
import { ListedModel } from './listed/listed-model.ts';
import { MixtureModel } from './mixture/mixture-model.ts';
import type { MixturePart } from './mixture/mixture-part.ts';

/** The model of a corpus of any kind, at once if it is in memory. Throws as `createModel`. */
export function languageModel(
  corpus: AnyCorpus,
  choice: ModelChoice,
): LanguageModel | Promise<LanguageModel> {
  if ('parts' in corpus) return mixtureModel(corpus);
  return 'index' in corpus ? new ListedModel(corpus) : createModel(corpus, choice);
}

/** The mixture of the models of corpora, as its settings choose them. */
async function mixtureModel(corpus: MixtureCorpus): Promise<MixtureModel> {
  const { parts } = corpus.settings.content as MixtureContent;
  const models: MixturePart[] = [];
  for (const [i, part] of parts.entries()) {
    const model = await languageModel(corpus.parts[i], choiceOf(part, corpus.parts[i].settings.order));
    models.push({ corpus: part.corpus, weight: part.weight, model });
  }
  return new MixtureModel(corpus, models);
}

/** How a part's model is chosen; what a corpus without counts does not need is not read. */
export function choiceOf(
  { order, estimator, parameters }: Omit<MixedCorpus, 'weight'>,
  highest: number,
): ModelChoice {
  return {
    order: order ?? highest,
    estimator: (estimator ?? defaultEstimator) as EstimatorName,
    parameters: (parameters ?? {}) as EstimatorParameters,
  };
}

const defaultEstimator: EstimatorName = 'modified-kneser-ney';
