import type { Test } from 'tap';
import { resultOf } from '../../src/errors.ts';
import type { EstimatorName, EstimatorParameters } from '../../src/estimators/catalogue.ts';
import compile from '../../src/index/resident/worker.ts';
import { type Counts, type Model, withModel } from '../../src/model/model.ts';
import type { CorpusSettings } from '../../src/store/corpus.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addDocument, createCorpus, takeBackDocument } from '../ingest/build-corpus.ts';

/**
 * Makes a corpus of the texts, and asks questions of models of it, as the service's threads do. Texts that are taken back
 * were documents of it before the question.
 */
export function corpusOf(
  t: Test,
  texts: readonly string[],
  settings: Partial<CorpusSettings> = {},
  takenBack: readonly string[] = [],
) {
  const whole: CorpusSettings = { tokenizer: 'whitespace', order: 3, sequences: 'document', ...settings };
  const path = createCorpus(temporaryFolder(t), texts, whole, {});
  for (const id of takenBack.map((text) => addDocument(path, text, {}))) takeBackDocument(path, id, {});
  const counts: Counts = { path, trie: resultOf(compile({ path })) };
  return {
    /** Asks a question of a model from the index in memory. */
    ask<T>(
      estimator: EstimatorName,
      question: (model: Model) => T,
      parameters: EstimatorParameters = {},
      order = whole.order,
    ): T {
      return withModel(counts, { estimator, parameters, order }, question);
    },
    /** Asks the same of the index in the file. */
    askStore<T>(
      estimator: EstimatorName,
      question: (model: Model) => T,
      parameters: EstimatorParameters = {},
    ): T {
      return withModel({ path: counts.path }, { estimator, parameters, order: whole.order }, question);
    },
  };
}

/** P(w|h) of a model, asked for by its words. */
export function probabilityOf(
  { index, estimator, vocabulary, order }: Model,
  context: readonly string[],
  word: string,
): number {
  const idOf = (token: string) => vocabulary.find(Buffer.from(token), 0, Buffer.byteLength(token));
  const ids = order === 1 ? [] : context.slice(1 - order).map(idOf);
  const levels = index.levels(ids, idOf(word), estimator.reads(ids.length + 1));
  return estimator.probability(levels) ?? Number.NaN;
}
