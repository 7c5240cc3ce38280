import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { NgramdError, resultOf } from '../errors.ts';
import { rankTexts, type scoreTexts, type sumLines } from '../model/bulk-scores.ts';
import { ScoreSum } from '../model/score.ts';
import { type Records, scoreView } from '../model/score-json.ts';
import type { TextOutcome } from '../model/score-texts.ts';
import type { BufferPool } from '../platform/buffer-pool.ts';
import { problemOf } from './problems/problem.ts';
import { type Piece, recycled } from './recycled.ts';
import { modelView } from './views.ts';

type ScoredTexts = Awaited<ReturnType<typeof scoreTexts>>;
type LineTotals = Awaited<ReturnType<typeof sumLines>>;

/**
 * The scores of texts, as JSON; `instance` is the request's id. It is written as a string, since Fastify's serializer takes
 * longer, and blocks other requests meanwhile.
 */
export function textsJson({ model, texts }: ScoredTexts, perToken: boolean, instance: string): string {
  const rankOf = rankTexts(texts);
  const results = texts.map(withPointer).map((text) => {
    if (!('result' in text)) return JSON.stringify({ problem: problemOf(text.problem, instance) });
    const { score, list } = text.result;
    const json = JSON.stringify({ ...scoreView(score), rank: rankOf(text.result) });
    return perToken ? `${json.slice(0, -1)},"per_token":[${list}]}` : json;
  });
  return `${JSON.stringify(modelView(model)).slice(0, -1)},"results":[${results.join()}]}`;
}

/** The totals of texts. Throws the problem of a text. */
export function textsSummary({ model, texts }: ScoredTexts) {
  const sum = new ScoreSum();
  for (const text of texts.map(withPointer)) sum.add(resultOf(text).score);
  return { ...modelView(model), texts: texts.length, ...scoreView(sum.score) };
}

/** The totals of lines. Throws `empty-text` if there are none. */
export function linesSummary(totals: LineTotals) {
  if (totals === undefined) throw nothingToScore();
  return { ...modelView(totals.model), texts: totals.lines, ...scoreView(totals.score) };
}

/**
 * The records of lines, as NDJSON; their buffers are given back to `free` when they have been sent. Resolves when the first
 * record is there: until then an error can still have its own status. Throws `empty-text` if there are none.
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

export function nothingToScore(): NgramdError {
  const detail = 'The body is empty: there is nothing to score.';
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
    pieces.push(Buffer.from(`${JSON.stringify({ ...record, problem: problemOf(problem, instance) })}\n`));
    from = at;
  }
  return Buffer.concat([...pieces, records.subarray(from)]);
}

async function* startingWith<Item>(first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item, void> {
  yield first;
  yield* rest;
}
