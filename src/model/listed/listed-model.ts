import type { ArpaIndex, Contexts } from '../../index/arpa/arpa-index.ts';
import type { ArpaCorpus } from '../../index/corpus.ts';
import type { TokenId } from '../../index/count-index.ts';
import type { Vocabulary } from '../../index/vocabulary.ts';
import type { CorpusSettings } from '../../store/store.ts';
import type { Continuation, Selection } from '../continuations.ts';
import type { WordGroup } from '../distribution.ts';
import type {
  IdQuery,
  LanguageModel,
  RowScorer,
  ScoredPlace,
  ScoredRowShape,
  WordPlace,
  WordProbability,
} from '../language-model.ts';
import { readPlaces, scorePlaces } from '../score-places.ts';
import { explainListed } from './explain-listed.ts';
import { listedContinuations } from './listed-continuations.ts';
import { listedDistribution } from './listed-distribution.ts';
import { ListedRows } from './listed-rows.ts';

/** What answers say about how probabilities are computed. */
const estimator = { name: 'arpa', parameters: {}, normalized: true };

/** A back-off model whose probabilities and back-off weights an ARPA file lists. */
export class ListedModel implements LanguageModel {
  readonly settings: CorpusSettings;
  readonly vocabulary: Vocabulary;
  readonly order: number;
  readonly version: number;
  readonly estimator = estimator;
  readonly #index: ArpaIndex;

  constructor({ settings, index }: Pick<ArpaCorpus, 'settings' | 'index'>) {
    this.settings = settings;
    this.vocabulary = index.vocabulary;
    this.order = index.order;
    this.version = index.version;
    this.#index = index;
  }

  countedIds(ids: readonly TokenId[], kept: TokenId | undefined): readonly TokenId[] {
    const { unknown } = this.#index;
    return ids.map((id) => (id === kept || this.#index.hasWord(id) ? id : unknown));
  }

  nextWords(ids: readonly TokenId[]): TokenId[] {
    return ids.filter((id) => this.#index.hasWord(id));
  }

  probabilities(queries: readonly IdQuery[], isExplained: boolean): WordProbability[] {
    const index = this.#index;
    return queries.map(({ context, word, own }) => {
      const contexts = index.contextsOf(context);
      return {
        probability: probabilityOf(index, contexts, word),
        inVocabulary: index.hasWord(own),
        explanation: isExplained ? explainListed(index, context, word) : undefined,
      };
    });
  }

  continuations(context: readonly TokenId[], selection: Selection): Continuation[] {
    return listedContinuations(this.#index, context, selection);
  }

  distribution(context: readonly TokenId[]): WordGroup[] {
    return listedDistribution(this.#index, context);
  }

  scorePlaces(places: readonly WordPlace[], k: number, checkpoint?: () => void): Promise<ScoredPlace[]> {
    return scorePlaces(places, k, (some) => readPlaces(this, some), checkpoint);
  }

  rows(shape: ScoredRowShape): RowScorer {
    return new ListedRows(this.#index, shape);
  }
}

function probabilityOf(index: ArpaIndex, contexts: Contexts, word: TokenId): number {
  return 10 ** index.logProbability(contexts, word);
}
