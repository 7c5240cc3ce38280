import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NgramdError } from '../errors.ts';
import { areOfSameVersions } from '../model/language-model.ts';
import { csvHeader, csvLines, csvType } from './csv.ts';
import { holdSlot, type Slots } from './limits/concurrency.ts';
import { negotiate } from './negotiation.ts';
import { type Page, pageQuery } from './paging.ts';
import { tableFormats } from './schemas/pages.ts';

/** Some rows of a table. */
export interface TablePart {
  /** As CSV. */
  lines: Uint8Array | string;
  rows: number;
  /** Where the next part begins; undefined after the last. */
  next: string | undefined;
  /** The version of the corpus that the rows are of, if they are of one. */
  version?: number;
  /** Those of the parts of a mixture. */
  partVersions?: readonly number[] | undefined;
}

/** Which rows of a list are requested: from a place on, all if there is no limit. */
interface TableQuery {
  cursor?: string;
  limit?: number | undefined;
}

/** Which rows a part has. */
export interface PartQuery {
  cursor?: string;
  limit: number;
}

/** About how many bytes a part has, and at most how many rows. */
export interface PartSize {
  bytes: number;
  rows: number;
}

const defaultSize: PartSize = { bytes: 2 ** 18, rows: 4096 };

/** How many rows the first part has: nothing is known of their length. */
const firstRows = 256;

/**
 * A list part by part, each requested when the one before has been sent. Throws `index-not-ready` if the corpus changes
 * meanwhile: a table is of one version.
 */
export async function* tableParts(
  { cursor, limit = Number.POSITIVE_INFINITY }: TableQuery,
  ask: (query: PartQuery) => Promise<TablePart>,
  size = defaultSize,
): AsyncGenerator<TablePart, void> {
  let first: TablePart | undefined;
  let rows = firstRows;
  let left = limit;
  for (let next = cursor; ; ) {
    const part = await ask({ ...(next === undefined ? {} : { cursor: next }), limit: Math.min(rows, left) });
    first ??= part;
    if (!areOfSameVersions(part, first)) throw changedMeanwhile();
    yield part;
    left -= part.rows;
    next = part.next;
    if (next === undefined || left === 0) return;
    rows = rowsAfter(part, size);
  }
}

/** How many rows the part after this one has. */
function rowsAfter({ lines, rows }: TablePart, size: PartSize): number {
  if (rows === 0) return firstRows;
  return Math.max(1, Math.min(size.rows, Math.floor((size.bytes * rows) / lines.length)));
}

/** A page of a list as a part of a table. */
export function partOf<Item extends object>(columns: readonly string[], page: Page<Item>): TablePart {
  return { lines: csvLines(columns, page.items), rows: page.items.length, next: page.next_cursor };
}

/** A table as it is answered. */
interface Table {
  /** The name of its file, without the ending. */
  file: string;
  columns: readonly string[];
  parts: AsyncGenerator<TablePart, void>;
}

/**
 * Sends a table as CSV, no faster than it is read. The first part is there before the response begins: until then, an
 * error has its own status. Later ones cut the response off. It holds one of the slots.
 */
export async function sendTable(
  slots: Slots,
  request: FastifyRequest,
  reply: FastifyReply,
  { file, columns, parts }: Table,
): Promise<FastifyReply> {
  holdSlot(reply, slots);
  // There is one, also of an empty list.
  const first = (await parts.next()).value as TablePart;
  const isHead = request.method === 'HEAD';
  if (isHead) await parts.return();
  if (first.version !== undefined) reply.header('corpus-version', first.version);
  return reply
    .type(csvType)
    .header('content-disposition', `attachment; filename="${file}.csv"`)
    .send(Readable.from(isHead ? [] : lines(columns, first, parts), { highWaterMark: 1 }));
}

/** A list that the event loop reads page by page. */
interface List {
  /** Begins the sentence of an error. */
  subject: string;
  /** The name of its file, without the ending. */
  file: string;
  columns: readonly string[];
  page(query: PartQuery): Page<object> | Promise<Page<object>>;
}

/** Answers with a page of a list in JSON, or with all of it as CSV. */
export async function answerList(
  slots: Slots,
  request: FastifyRequest,
  reply: FastifyReply,
  { subject, file, columns, page }: List,
) {
  const query = request.query as TableQuery;
  if (negotiate(request, reply, subject, tableFormats) === 'json') return page(pageQuery(query));
  const parts = tableParts(query, async (part) => partOf(columns, await page(part)));
  return sendTable(slots, request, reply, { file, columns, parts });
}

async function* lines(
  columns: readonly string[],
  first: TablePart,
  rest: AsyncIterable<TablePart>,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(csvHeader(columns));
  yield bytesOf(first);
  for await (const part of rest) yield bytesOf(part);
}

function bytesOf({ lines }: TablePart): Uint8Array {
  return typeof lines === 'string' ? Buffer.from(lines) : lines;
}

function changedMeanwhile(): NgramdError {
  return new NgramdError(
    'index-not-ready',
    'The corpus was changed while it was being listed, and its index was not in memory. Ask again.',
  );
}
