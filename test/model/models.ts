import type { Test } from 'tap';
import { resultOf } from '../../src/errors.ts';
import type { EstimatorName, EstimatorParameters } from '../../src/estimators/catalogue.ts';
import type { CorpusAddress } from '../../src/index/corpus.ts';
import type { TokenId } from '../../src/index/count-index.ts';
import type { ResidentIndex } from '../../src/index/resident/resident-index.ts';
import compile from '../../src/index/resident/worker.ts';
import { withCorpus } from '../../src/index/thread-corpora.ts';
import { type CountModel, createModel } from '../../src/model/count-model.ts';
import type { CorpusSettings } from '../../src/store/store.ts';
import { storedCorpus } from '../index/stored-corpora.ts';

/** A model whose counts are in memory, with its tokens one by one. */
export interface ResidentModel extends CountModel {
  readonly index: ResidentIndex;
  idOf(token: string): TokenId;
  tokenOf(id: TokenId): string;
}

/**
 * Makes a corpus of the texts, and asks questions of models of it, as the service's threads do. Texts that are taken
 * back were documents of it before the question.
 */
export function corpusOf(
  t: Test,
  texts: readonly string[],
  settings: Partial<CorpusSettings> = {},
  takenBack: readonly string[] = [],
) {
  const whole: CorpusSettings = { tokenizer: 'whitespace', order: 3, sequences: 'document', ...settings };
  let opened: Promise<CorpusAddress> | undefined;
  const open = async (): Promise<CorpusAddress> => {
    const { address, stored } = await storedCorpus(t, texts, whole, {}, takenBack);
    const task = { store: address, corpus: stored.ref };
    return { ...task, trie: resultOf(await compile(task)) };
  };
  const address = () => {
    opened ??= open();
    return opened;
  };
  return {
    /** Its address for threads, with the index. */
    address,
    /** Asks a question of a model from the index in memory. */
    async ask<T>(
      estimator: EstimatorName,
      question: (model: ResidentModel) => T | Promise<T>,
      parameters: EstimatorParameters = {},
      order = whole.order,
    ): Promise<T> {
      return withCorpus(await address(), async (corpus) => {
        const index = corpus.counts as ResidentIndex;
        const model = await createModel(corpus, { estimator, parameters, order });
        return question(
          Object.assign(model, {
            index,
            idOf: (token: string) => index.vocabulary.tokenIds([token])[0],
            tokenOf: (id: TokenId) => index.vocabulary.tokens([id])[0],
          }),
        );
      });
    },
    /** Asks the same of the counts in the store. */
    async askStore<T>(
      estimator: EstimatorName,
      question: (model: CountModel) => T | Promise<T>,
      parameters: EstimatorParameters = {},
    ): Promise<T> {
      const { trie, ...stored } = await address();
      const choice = { estimator, parameters, order: whole.order };
      return withCorpus(stored, async (corpus) => question(await createModel(corpus, choice)));
    },
  };
}

/** P(w|h) of a model, asked for by its words. */
export function probabilityOf(
  { index, estimator, order, idOf }: ResidentModel,
  context: readonly string[],
  word: string,
): number {
  const ids = order === 1 ? [] : context.slice(1 - order).map(idOf);
  const levels = index.levels(ids, idOf(word), estimator.reads(ids.length + 1));
  return estimator.probability(levels) ?? Number.NaN;
}
