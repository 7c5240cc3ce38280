import type { AnyCorpus } from '../index/corpus.ts';
import { createModel, type ModelChoice } from './count-model.ts';
import type { LanguageModel } from './language-model.ts';
import { ListedModel } from './listed/listed-model.ts';

/** The model of a corpus of any kind, at once if it is in memory. Throws as `createModel`. */
export function languageModel(
  corpus: AnyCorpus,
  choice: ModelChoice,
): LanguageModel | Promise<LanguageModel> {
  return 'index' in corpus ? new ListedModel(corpus) : createModel(corpus, choice);
}
