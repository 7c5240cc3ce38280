import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { NgramdError, resultOf } from '../errors.ts';
import { type LineTotals, rankValues, type ScoredTexts } from '../model/bulk-scores.ts';
import type { ModelDescription } from '../model/language-model.ts';
import type { LogBase } from '../model/log-base.ts';
import { perplexity, ScoreSum, type TextScore } from '../model/score.ts';
import {
  bucketOf,
  differenceView,
  finiteOrNull,
  type LineProblem,
  type RecordOptions,
  type Records,
  scoreView,
} from '../model/score-json.ts';
import type { TextOutcome } from '../model/score-texts.ts';
import type { WorkerModel } from '../model/worker-model.ts';
import type { BufferPool } from '../platform/buffer-pool.ts';
import { jsonOfId } from '../text/json-lines.ts';
import { problemOf } from './problems/problem.ts';
import { type Piece, recycled } from './recycled.ts';
import { modelView } from './views.ts';

/** The total of the text at a place, of its score and what the request says of it. */
export type TotalOf = (score: TextScore, place: number) => number;

/**
 * The scores of texts, as JSON; `instance` is the request's id. They are ranked by their totals, if they have any. It is
 * written as a string, since Fastify's serializer takes longer, and blocks other requests meanwhile.
 */
export function textsJson(
  asked: WorkerModel,
  { model, texts, against }: ScoredTexts,
  { perToken, logBase, cutoffs }: RecordOptions,
  totalOf: TotalOf | undefined,
  instance: string,
): string {
  const totals = texts.map((text, i) =>
    'result' in text ? (totalOf ?? logProbabilityOf)(text.result.score, i) : Number.NaN,
  );
  const rankOf = rankValues(totals.filter((_, i) => 'result' in texts[i]));
  const results = texts.map(withPointer).map((text, i) => {
    if (!('result' in text)) return JSON.stringify({ problem: problemOf(text.problem, instance) });
    const { score, list } = text.result;
    const total = totalOf === undefined ? {} : { total: finiteOrNull(totals[i]) };
    const bucket = cutoffs && bucketOf(perplexity(score.logProbability, score.tokens), cutoffs);
    const difference = against && differenceView(score, resultOf(against.texts[i]).score, logBase);
    const json = JSON.stringify({
      ...scoreView(score, logBase),
      bucket,
      ...difference,
      ...total,
      rank: rankOf(totals[i]),
    });
    return perToken ? `${json.slice(0, -1)},"per_token":[${list}]}` : json;
  });
  const models = { ...modelView(model), ...againstView(asked, against?.model) };
  return `${JSON.stringify(models).slice(0, -1)},"results":[${results.join()}]}`;
}

/** The totals of texts. Throws the problem of a text. */
export function textsSummary(
  asked: WorkerModel,
  { model, texts, against }: ScoredTexts,
  base: LogBase | undefined,
) {
  const score = sumOf(texts);
  const other = against && { model: against.model, score: sumOf(against.texts) };
  return summaryView(asked, { model, lines: texts.length, score, against: other }, base);
}

/** The totals of lines. Throws `empty-text` if there are none. */
export function linesSummary(asked: WorkerModel, totals: LineTotals | undefined, base: LogBase | undefined) {
  if (totals === undefined) throw nothingToScore();
  return summaryView(asked, totals, base);
}

function sumOf(texts: readonly TextOutcome[]): TextScore {
  const sum = new ScoreSum();
  for (const text of texts.map(withPointer)) sum.add(resultOf(text).score);
  return sum.score;
}

function summaryView(asked: WorkerModel, { model, lines, score, against }: LineTotals, base?: LogBase) {
  const totals = { ...modelView(model), texts: lines, ...scoreView(score, base) };
  if (against === undefined) return totals;
  const difference = differenceView(score, against.score, base);
  const { against: other } = againstView(asked, against.model);
  return { ...totals, ...difference, against: { ...other, ...difference.against } };
}

/** What an answer says of the model that texts are scored against; nothing if there is none. */
function againstView({ chosen }: WorkerModel, model: ModelDescription | undefined) {
  if (chosen.against === undefined || model === undefined) return {};
  return { against: { name: chosen.against.corpus.corpus.name, ...modelView(model) } };
}

/**
 * The records of lines, as NDJSON; their buffers are returned to `free` when they have been sent. Resolves when the
 * first record is there: until then an error can still have its own status. Throws `empty-text` if there are none.
 */
export async function linesNdjson(
  blocks: AsyncIterable<Records>,
  free: BufferPool,
  reply: FastifyReply,
): Promise<Readable> {
  const bytes = recycled(toPieces(blocks, reply.request.id), free, reply.raw);
  const first = await bytes.next();
  if (first.done === true) throw nothingToScore();
  return Readable.from(startingWith(first.value, bytes), { highWaterMark: 1 });
}

function logProbabilityOf({ logProbability }: TextScore): number {
  return logProbability;
}

export function nothingToScore(): NgramdError {
  const detail = 'The body has no text: there is nothing to score.';
  return new NgramdError('empty-text', detail, [{ pointer: '/body', detail }]);
}

/** The outcome of a text with a pointer to the text in its problem, if it has one. */
function withPointer(outcome: TextOutcome, i: number): TextOutcome {
  if (!('problem' in outcome)) return outcome;
  const { code, message } = outcome.problem;
  return { problem: { code, message, errors: [{ pointer: `/body/texts/${i}`, detail: message }] } };
}

async function* toPieces(blocks: AsyncIterable<Records>, instance: string): AsyncGenerator<Piece, void> {
  for await (const block of blocks) {
    yield { bytes: withProblems(block, instance), memory: block.memory };
  }
}

/** The records of lines with those of the lines that have a problem, in order. */
function withProblems({ memory, length, problems }: Records, instance: string): Uint8Array {
  const records = Buffer.from(memory, 0, length);
  if (problems.length === 0) return records;
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { at, record, problem } of problems) {
    pieces.push(records.subarray(from, at));
    pieces.push(Buffer.from(problemRecord(record, problemOf(problem, instance))));
    from = at;
  }
  return Buffer.concat([...pieces, records.subarray(from)]);
}

/** The record of a line that has a problem. */
function problemRecord({ line, id, ...about }: LineProblem['record'], problem: object): string {
  const ofId = id === undefined ? '' : `,"id":${jsonOfId(id)}`;
  return `{"line":${line}${ofId},${JSON.stringify({ ...about, problem }).slice(1)}\n`;
}

async function* startingWith<Item>(first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item, void> {
  yield first;
  yield* rest;
}
