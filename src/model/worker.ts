import { asyncOutcomeOf, NgramdError, type Outcome } from '../errors.ts';
import type { AnyCorpus, Corpus, CorpusAddress } from '../index/corpus.ts';
import type { TokenId } from '../index/count-index.ts';
import { withAnyCorpus, withCorpora, withCorpus } from '../index/thread-corpora.ts';
import { type Bytes, movedOutcomeOf } from '../platform/moved.ts';
import type { MixtureContent } from '../store/store.ts';
import type { DocumentFields } from '../text/json-lines.ts';
import { type ArpaOutline, arpaModel, arpaOutline } from './arpa.ts';
import { type ArpaPart, arpaLines, partBytes } from './arpa-level.ts';
import { type FamiliesPart, keptLines } from './arpa-pruning/entropy-passes.ts';
import { type EntropyStep, makeStep } from './arpa-pruning/entropy-steps.ts';
import type { Pruning } from './arpa-pruning/pruning.ts';
import { type Cancellable, throwIfCancelled } from './cancelling.ts';
import {
  type ChoiceOptions,
  type CompletedPrompts,
  completePrompts,
  type PromptSlice,
} from './complete-prompts.ts';
import {
  type BegunCompletion,
  beginCompletion,
  type CompletedPart,
  type CompletingModel,
  type CompletionOptions,
  continueCompletion,
  type ListedToken,
  listTokens,
} from './completion.ts';
import { type ChoiceFields, CodePoints, choiceFields } from './completion-json.ts';
import { type CountModel, createModel, type ModelChoice } from './count-model.ts';
import { ScoreCollector } from './difference.ts';
import {
  beginGeneration,
  continueGeneration,
  type GeneratedPart,
  type Generation,
  type Sampling,
} from './generate.ts';
import { JsonBytes } from './json-bytes.ts';
import { describeModel, type LanguageModel, type ModelDescription, type Versions } from './language-model.ts';
import { languageModel } from './language-models.ts';
import { LineSummer, type LineSums } from './line-sums.ts';
import { MixtureModel } from './mixture/mixture-model.ts';
import { type MixtureTuning, tuneMixture } from './mixture/tune-mixture.ts';
import { afterStart, type PromptSource, readPrompt } from './prompt.ts';
import type { ScoreOptions, ScoringState } from './score.ts';
import { type DocumentVisitor, scoreDocuments } from './score-documents.ts';
import { type RecordOptions, type Records, RecordWriter } from './score-json.ts';
import { type LineBlock, scoreBlock } from './score-lines.ts';
import { scoreEachText, type TextOutcome } from './score-texts.ts';
import { type Tuning, tune } from './tune.ts';

/** A model, by the address of its counts and the choice of an estimator. */
export interface ChosenModel {
  corpus: CorpusAddress;
  choice: ModelChoice;
}

/** The fields of every question of this thread: its model. */
interface Question extends Cancellable, ChosenModel {}

/** The fields of a question that may have another model, against which it scores. */
interface ScoringQuestion extends Question {
  against?: ChosenModel | undefined;
}

/**
 * Scores texts, each separately, and `against` another model if there is one. Throws `content-too-large` if they have
 * more than `maxTokens` in total.
 */
export function scoreTexts({
  options,
  texts,
  maxTokens,
  ...question
}: ScoringQuestion & { options: ScoreOptions; texts: string[]; maxTokens: number }): Promise<
  Outcome<{
    model: ModelDescription;
    against: ModelDescription | undefined;
    texts: TextOutcome[];
    /** The outcomes of the other model. */
    others: TextOutcome[] | undefined;
  }>
> {
  return answerOfBoth(question, async (model, against) => ({
    model: describeModel(model),
    against: against && describeModel(against),
    texts: await scoreEachText(model, options, texts, maxTokens),
    others: against && (await scoreEachText(against, { ...options, perToken: false }, texts, maxTokens)),
  }));
}

/**
 * A block of lines; `before` is the state of the line that it continues. With `documents` each line is whole and is a
 * document with these fields.
 */
export interface LinesQuestion extends ScoringQuestion {
  options: RecordOptions;
  documents?: DocumentFields | undefined;
  block: LineBlock;
  before?: LineState | undefined;
}

/** The state of a line after a block. */
export interface LineState {
  scoring: ScoringState;
  /** The part of its list of tokens that is not yet in a record. */
  list: Uint8Array;
  /** The state of the other model's scoring, if there is one. */
  against?: ScoringState | undefined;
}

/** The records of a block. */
export interface ScoredLines extends Records {
  /** Undefined if no line is continued, or it has a problem. */
  state: LineState | undefined;
}

/** Scores each line of a block, into `memory` as long as it is large enough. */
export function scoreLines({
  memory,
  ...question
}: LinesQuestion & { memory?: ArrayBuffer | undefined }): Promise<Outcome<ScoredLines>> {
  return movedOutcomeOf(() =>
    askBoth(question, async (model, against) => {
      const json = new JsonBytes(memory);
      const { options, block, before } = question;
      const other = against && (await collectScores(against, question));
      const description = describeModel(model);
      const place = { firstLine: block.firstLine, list: before?.list, against: other?.scores };
      const writer = new RecordWriter(description, options, place, json);
      if (other?.problem !== undefined) {
        writer.problem(other.problem);
        return { ...writer.records(), state: undefined };
      }
      const scoring = await visitLines(model, question, writer, before?.scoring);
      const state = scoring && { scoring, list: writer.takeList(), against: other?.state };
      return { ...writer.records(), state };
    }),
  );
}

/** The sums of the scores that a model gave to lines. */
export interface SummedLines {
  model: ModelDescription;
  sums: LineSums;
}

/** Scores the lines of a block for their sum. */
export function sumLines(
  question: LinesQuestion,
): Promise<Outcome<SummedLines & { against: SummedLines | undefined; state: LineState | undefined }>> {
  return answerOfBoth(question, async (model, against) => {
    const { before } = question;
    const other = against && (await sumOf(against, question, before?.against));
    const { scoring, ...own } = await sumOf(model, question, before?.scoring);
    return {
      ...own,
      against: other && { model: other.model, sums: other.sums },
      state: scoring && { scoring, list: new Uint8Array(0), against: other?.scoring },
    };
  });
}

async function sumOf(model: LanguageModel, question: LinesQuestion, before: ScoringState | undefined) {
  const summer = new LineSummer(question.block.firstLine);
  const scoring = await visitLines(model, question, summer, before);
  return { model: describeModel(model), sums: summer.sums(), scoring };
}

/**
 * The scores of another model for the lines of a block, with the state of a line that is continued; a `problem` if the
 * block is a part of a line that it cannot score.
 */
async function collectScores(model: LanguageModel, question: LinesQuestion) {
  const { options, block, before } = question;
  const scores = new ScoreCollector(describeModel(model));
  const totals = { ...question, options: { ...options, perToken: false } };
  const state = await visitLines(model, totals, scores, before?.against);
  const [first] = scores.outcomes;
  const isPart = block.continues || block.isContinued;
  return { scores, state, problem: isPart && first instanceof NgramdError ? first : undefined };
}

/**
 * Scores the lines, or documents, of a block; `before` is the state of a line that continues. Returns the state of a
 * line that is continued, if it can be scored.
 */
async function visitLines(
  model: LanguageModel,
  { options, documents, block }: LinesQuestion,
  visitor: DocumentVisitor,
  before: ScoringState | undefined,
): Promise<ScoringState | undefined> {
  if (documents === undefined) return scoreBlock(model, options, block, visitor, before);
  await scoreDocuments(model, options, block, documents, visitor);
  return undefined;
}

/** What the model's ARPA file begins with, and the parts that it has. */
export function outlineArpa({
  pruning,
  ...question
}: Question & { pruning: Pruning }): Promise<Outcome<ArpaOutline>> {
  return answerCounted(question, async (model, corpus) =>
    arpaOutline(await arpaModel(model, corpus.trie), pruning),
  );
}

/** Some lines of the model's ARPA file, as UTF-8. */
export function writeArpa({ part, ...question }: Question & { part: ArpaPart }): Promise<Outcome<Bytes>> {
  return movedOutcomeOf(() =>
    askCounted(question, async (model, corpus) => {
      const { buffer, length } = arpaLines(await arpaModel(model, corpus.trie), part);
      return { memory: buffer, length };
    }),
  );
}

/** Makes a step of `pruneByEntropy`. Returns how many n-grams it has found to be left out. */
export function pruneArpa({
  step,
  ...question
}: Question & { step: EntropyStep }): Promise<Outcome<{ pruned: number }>> {
  return answerCounted(question, async (model, corpus) => {
    return { pruned: makeStep(await arpaModel(model, corpus.trie), step) };
  });
}

/** Some lines of the ARPA file of a model that was pruned by entropy, as UTF-8. */
export function writePrunedArpa({
  part,
  ...question
}: Question & { part: Omit<FamiliesPart, 'selection'> }): Promise<Outcome<Bytes>> {
  return movedOutcomeOf(() =>
    askCounted(question, async (model, corpus) => {
      const { buffer, length } = keptLines(await arpaModel(model, corpus.trie), part, partBytes);
      return { memory: buffer, length };
    }),
  );
}

/** Begins a text after a prompt, with at most `limit` tokens, at one version of the corpus. */
export function beginText({
  prompt,
  seed,
  sampling,
  limit,
  ...question
}: Question & { prompt: string; seed: number; sampling: Sampling; limit: number }): Promise<
  Outcome<{
    model: ModelDescription;
    prompt: string[];
    part: GeneratedPart;
  }>
> {
  return answer(question, async (model) => {
    const { prompt: tokens, generation } = await beginGeneration(model, prompt, seed);
    const part = await continueGeneration(model, sampling, generation, limit);
    return { model: describeModel(model), prompt: tokens, part };
  });
}

/** Continues a text by at most `limit` tokens. */
export function continueText({
  sampling,
  generation,
  limit,
  ...question
}: Question & { sampling: Sampling; generation: Generation; limit: number }): Promise<
  Outcome<GeneratedPart>
> {
  return answer(question, (model) => continueGeneration(model, sampling, generation, limit));
}

/** Completes prompts, each with all of its completions. */
export function completeAll({
  slice,
  options,
  ...question
}: Question & { slice: PromptSlice; options: ChoiceOptions }): Promise<
  Outcome<CompletedPrompts & { model: ModelDescription }>
> {
  return answer(question, async (model, corpus) => {
    const completing = completingWith(question, model, corpus);
    return { model: describeModel(model), ...(await completePrompts(completing, slice, options)) };
  });
}

/** A prompt that is about to be completed. */
export interface BegunPrompt extends Pick<BegunCompletion, 'promptTokens' | 'joint' | 'context'> {
  model: ModelDescription;
  /** The prompt, if it is echoed. */
  echo: ChoiceFields | undefined;
  /** The number of code points of the prompt. */
  codePoints: number;
}

/** Begins the completion of a prompt, without a token. */
export function beginPrompt({
  prompt,
  options,
  ...question
}: Question & { prompt: PromptSource; options: Pick<CompletionOptions, 'echo' | 'logprobs'> }): Promise<
  Outcome<BegunPrompt>
> {
  return answer(question, async (model, corpus) => {
    const completing = completingWith(question, model, corpus);
    const { prompt: read, listed, ...begun } = await beginCompletion(completing, prompt, options);
    const { text } = read;
    const { echo, logprobs } = options;
    return {
      ...begun,
      model: describeModel(model),
      echo: echo ? choiceFields(text, logprobs === undefined ? undefined : listed, text) : undefined,
      codePoints: new CodePoints(text).until(text.length),
    };
  });
}

/** The next tokens of a completion, after `joint`. */
export interface PromptQuestion extends Question {
  sampling: Sampling;
  generation: Generation;
  limit: number;
  joint: string;
  /** Whether these are the last tokens. */
  isLast: boolean;
  logprobs?: number | undefined;
}

/** Continues a completion. Listed tokens have their places in the text of the part. */
export function continuePrompt({
  sampling,
  generation,
  limit,
  joint,
  isLast,
  logprobs,
  ...question
}: PromptQuestion): Promise<
  Outcome<CompletedPart & Versions & { listed: readonly ListedToken[] | undefined }>
> {
  return answer(question, async (model, corpus) => {
    const completing = completingWith(question, model, corpus);
    const part = await continueCompletion(completing, sampling, generation, limit, joint, isLast);
    const listed =
      logprobs === undefined
        ? undefined
        : await listTokens(completing, part.tokens, 0, generation.context, logprobs);
    return { ...part, listed, version: model.version, partVersions: model.partVersions };
  });
}

function completingWith({ cancelled }: Question, model: LanguageModel, corpus: AnyCorpus): CompletingModel {
  return { model, corpus, checkpoint: () => throwIfCancelled(cancelled) };
}

/** The ids of a text's tokens, with the tokens if requested, as JSON. */
export function tokenize({
  corpus,
  cancelled,
  text,
  begins,
  withTokens,
}: TokenizerQuestion & { text: string; begins: boolean; withTokens: boolean }): Promise<Outcome<Uint8Array>> {
  return asyncOutcomeOf(async () => {
    throwIfCancelled(cancelled);
    return withAnyCorpus(corpus, async (corpus) => {
      const prompt = await readPrompt(corpus, text);
      const { ids, tokens } = begins ? afterStart(corpus, prompt) : prompt;
      const strings = withTokens ? tokens : null;
      return Buffer.from(JSON.stringify({ tokens: ids, count: ids.length, token_strs: strings }));
    });
  });
}

/** The text that ids of tokens stand for, as JSON. */
export function detokenize({
  corpus,
  cancelled,
  ids,
}: TokenizerQuestion & { ids: TokenId[] }): Promise<Outcome<Uint8Array>> {
  return asyncOutcomeOf(async () => {
    throwIfCancelled(cancelled);
    return withAnyCorpus(corpus, async (corpus) => {
      const { text } = await readPrompt(corpus, ids);
      return Buffer.from(JSON.stringify({ prompt: text }));
    });
  });
}

/** The fields of questions that need no model. */
type TokenizerQuestion = Pick<Question, 'corpus' | 'cancelled'>;

/** Tunes the estimator's parameters on a held-out text. */
export function tuneParameters({
  text,
  ...question
}: Question & { text: Uint8Array }): Promise<Outcome<{ model: ModelDescription; tuning: Tuning }>> {
  return answerCounted(question, async (model) => ({
    model: describeModel(model),
    tuning: await tune(model, text, () => throwIfCancelled(question.cancelled)),
  }));
}

/** Tunes the weights of a mixture on a held-out text. */
export function tuneWeights({
  text,
  ...question
}: Question & { text: Uint8Array }): Promise<
  Outcome<{ model: ModelDescription; content: MixtureContent; tuning: MixtureTuning }>
> {
  return answer(question, async (model, corpus) => {
    if (!(model instanceof MixtureModel)) throw new Error('Only a mixture has weights.');
    return {
      model: describeModel(model),
      content: corpus.settings.content as MixtureContent,
      tuning: await tuneMixture(model, text, () => throwIfCancelled(question.cancelled)),
    };
  });
}

/** The outcome of a question to its model. */
function answer<T>(question: Question, answering: Answering<T>): Promise<Outcome<T>> {
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
function answerCounted<T>(question: Question, answering: CountedAnswering<T>): Promise<Outcome<T>> {
  return asyncOutcomeOf(() => askCounted(question, answering));
}

/** As `ask`, of a model of counts. */
async function askCounted<T>(
  { corpus, choice, cancelled }: Question,
  answering: CountedAnswering<T>,
): Promise<T> {
  throwIfCancelled(cancelled);
  return withCorpus(corpus, async (corpus) => answering(await createModel(corpus, choice), corpus));
}

/** The outcome of a question to its model and the one that it scores against. */
function answerOfBoth<T>(question: ScoringQuestion, answering: AnsweringBoth<T>): Promise<Outcome<T>> {
  return asyncOutcomeOf(() => askBoth(question, answering));
}

type AnsweringBoth<T> = (model: LanguageModel, against: LanguageModel | undefined) => Promise<T>;

/** As `ask`, with the model that the question scores against; pointers of its errors are below `/against`. */
async function askBoth<T>(
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
