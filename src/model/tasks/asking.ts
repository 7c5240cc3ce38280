import { asyncOutcomeOf, NgramdError, type Outcome } from '../../errors.ts';
import type { AnyCorpus, Corpus, CorpusAddress } from '../../index/corpus.ts';
import { withAnyCorpus, withCorpora, withCorpus } from '../../index/thread-corpora.ts';
import { type Cancellable, throwIfCancelled } from '../cancelling.ts';
import { type CountModel, createModel, type ModelChoice } from '../count-model.ts';
import type { LanguageModel } from '../language-model.ts';
import { languageModel } from '../language-models.ts';

/** A model, by the address of its counts and the choice of an estimator. */
export interface ChosenModel {
  corpus: CorpusAddress;
  choice: ModelChoice;
}

/** The fields of every question of this thread: its model. */
export interface Question extends Cancellable, ChosenModel {}

/** The fields of a question that may have another model, against which it scores. */
export interface ScoringQuestion extends Question {
  against?: ChosenModel | undefined;
}

/** The outcome of a question to its model. */
export function answer<T>(question: Question, answering: Answering<T>): Promise<Outcome<T>> {
  return asyncOutcomeOf(() => ask(question, answering));
}

type Answering<T> = (model: LanguageModel, corpus: AnyCorpus) => Promise<T>;

/** Runs a question on its model. Throws `cancelled` if nobody is waiting for the answer any more. */
async function ask<T>({ corpus, choice, cancelled }: Question, answering: Answering<T>): Promise<T> {
  throwIfCancelled(cancelled);
  return withAnyCorpus(corpus, async (corpus) => answering(await languageModel(corpus, choice), corpus));
}

type CountedAnswering<T> = (model: CountModel, corpus: Corpus) => Promise<T>;

/** As `answer`, of a model of counts. */
export function answerCounted<T>(question: Question, answering: CountedAnswering<T>): Promise<Outcome<T>> {
  return asyncOutcomeOf(() => askCounted(question, answering));
}

/** As `ask`, of a model of counts. */
export async function askCounted<T>(
  { corpus, choice, cancelled }: Question,
  answering: CountedAnswering<T>,
): Promise<T> {
  throwIfCancelled(cancelled);
  return withCorpus(corpus, async (corpus) => answering(await createModel(corpus, choice), corpus));
}

/** The outcome of a question to its model and the one that it scores against. */
export function answerOfBoth<T>(question: ScoringQuestion, answering: AnsweringBoth<T>): Promise<Outcome<T>> {
  return asyncOutcomeOf(() => askBoth(question, answering));
}

type AnsweringBoth<T> = (model: LanguageModel, against: LanguageModel | undefined) => Promise<T>;

/** As `ask`, with the model that the question scores against; pointers of its errors are below `/against`. */
export async function askBoth<T>(
  { corpus, choice, against, cancelled }: ScoringQuestion,
  answering: AnsweringBoth<T>,
): Promise<T> {
  throwIfCancelled(cancelled);
  const addresses = against === undefined ? [corpus] : [corpus, against.corpus];
  return withCorpora(addresses, async ([own, other]) => {
    const model = await languageModel(own, choice);
    if (against === undefined) return answering(model, undefined);
    return answering(model, await createOther(other, against.choice));
  });
}

async function createOther(corpus: AnyCorpus, choice: ModelChoice): Promise<LanguageModel> {
  try {
    return await languageModel(corpus, choice);
  } catch (error) {
    if (!(error instanceof NgramdError)) throw error;
    const errors = error.errors.map(({ pointer, detail }) => ({ pointer: `/against${pointer}`, detail }));
    throw new NgramdError(error.code, error.message, errors, error.corpus);
  }
}
