import type { MixtureVocabulary } from '../../index/mixture/mixture-vocabulary.ts';
import type { CorpusSettings } from '../../store/store.ts';
import type { LanguageModel } from '../language-model.ts';

/** One of the models of a mixture. */
export interface MixturePart {
  /** The name of its corpus. */
  readonly corpus: string;
  readonly weight: number;
  readonly model: LanguageModel;
}

/** The models of a mixture, with the tokens of all of them. */
export interface MixedModels {
  readonly settings: CorpusSettings;
  readonly vocabulary: MixtureVocabulary;
  readonly parts: readonly MixturePart[];
}
