import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { NpyPage, partBytes } from '../batches/npy-page.ts';
import { type PagePlan, placeRows, planPage } from '../batches/page.ts';
import type { Corpora } from '../index/corpora.ts';
import { findUnread, haveAll, type TokenPages } from '../index/token-stream.ts';
import type { BufferPool } from '../platform/buffer-pool.ts';
import { type BatchesQuestion, nextUrl, type SentPage } from './questions/batches.ts';
import type { QuestionThreads } from './questions/question-threads.ts';
import { type Piece, recycled } from './recycled.ts';

/** How many rows are placed in one turn of the event loop, which takes less than a millisecond. */
const rowsOfTurn = 8192;

/**
 * A page of ids as NPY, which the event loop copies from memory, part by part, while the client reads the parts before.
 * That costs less than to have a thread do it. Tokens that are not in memory are read by a thread. Returns undefined if
 * the corpus has more than fit into memory.
 */
export async function npyPage(
  { corpora, questions }: { corpora: Corpora; questions: QuestionThreads },
  name: string,
  { choice, maxTokens, url }: BatchesQuestion,
  free: BufferPool,
  reply: FastifyReply,
): Promise<SentPage | undefined> {
  for (;;) {
    const pages = await corpora.newestPages(name);
    if (!haveAll(pages)) return undefined;
    const tokens = Math.min(maxTokens ?? Number.POSITIVE_INFINITY, pages.tokens);
    const plan = planPage(tokens, choice);
    const { firsts, unread } = await place(plan, pages);
    // If the corpus was changed meanwhile, its stream is another one.
    if (unread.size > 0 && !(await questions.fillPages(name, pages, unread, reply))) continue;
    const page = new NpyPage(plan, pages.ids, firsts);
    const next = plan.end < plan.numBatches ? nextUrl(url, tokens, plan) : null;
    return { body: bodyOf(page, free, reply), bytes: page.bytes, next, note: plan.note };
  }
}

/** Where the rows of x begin, and the pages of tokens that are still to be read for them. */
async function place(
  plan: PagePlan,
  pages: TokenPages,
): Promise<{ firsts: Float64Array; unread: Set<number> }> {
  const { batches, batchSize, numSteps } = plan;
  const firsts = new Float64Array(batches * batchSize);
  const unread = new Set<number>();
  const batchesOfTurn = Math.ceil(rowsOfTurn / batchSize);
  for (let from = 0; from < batches; from += batchesOfTurn) {
    if (from > 0) await setImmediate();
    const to = Math.min(from + batchesOfTurn, batches);
    placeRows(plan, from, to, firsts);
    const rows = { from: from * batchSize, to: to * batchSize };
    findUnread(pages, firsts, rows, numSteps + 1, unread);
  }
  return { firsts, unread };
}

function bodyOf(page: NpyPage, free: BufferPool, reply: FastifyReply): Buffer | Readable {
  const allocate = (bytes: number) => {
    const taken = free.take();
    return taken !== undefined && taken.byteLength >= bytes
      ? taken
      : new ArrayBuffer(Math.max(bytes, partBytes));
  };
  if (page.bytes > partBytes) {
    return Readable.from(recycled(pieces(page, allocate), free, reply.raw), { highWaterMark: 1 });
  }
  const [{ memory, length }] = page.parts(allocate);
  reply.raw.once('finish', () => free.giveBack(memory));
  return Buffer.from(memory, 0, length);
}

/** The parts of a page, each in its own turn of the event loop. */
async function* pieces(page: NpyPage, allocate: (bytes: number) => ArrayBuffer): AsyncGenerator<Piece, void> {
  for (const { memory, length } of page.parts(allocate)) {
    yield { bytes: Buffer.from(memory, 0, length), memory };
    await setImmediate();
  }
}
