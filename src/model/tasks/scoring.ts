import { NgramdError, type Outcome } from '../../errors.ts';
import { movedOutcomeOf } from '../../platform/moved.ts';
import type { DocumentFields } from '../../text/json-lines.ts';
import { ScoreCollector } from '../difference.ts';
import { JsonBytes } from '../json-bytes.ts';
import { describeModel, type LanguageModel, type ModelDescription } from '../language-model.ts';
import { LineSummer, type LineSums } from '../line-sums.ts';
import type { ScoreOptions, ScoringState } from '../score.ts';
import { type DocumentVisitor, scoreDocuments } from '../score-documents.ts';
import { type RecordOptions, type Records, RecordWriter } from '../score-json.ts';
import { type LineBlock, scoreBlock } from '../score-lines.ts';
import { scoreEachText, type TextOutcome } from '../score-texts.ts';
import { answerOfBoth, askBoth, type ScoringQuestion } from './asking.ts';

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
