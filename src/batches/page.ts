import { NgramdError } from '../errors.ts';
import type { BatchShape } from './copy-rows.ts';
import { createEpoch, dealt, type Epoch, type EpochParameters } from './epoch.ts';
import { JsonWriter, rowsBytes, TokenStrings } from './json.ts';
import { createNpy } from './npy.ts';

/** The choice of the minibatches of a page. */
export interface PageChoice extends Omit<EpochParameters, 'tokens'> {
  /** The first batch among those of this worker, and the maximum number of batches. */
  start: number;
  limit: number;
  /** The number of this worker among `worldSize`; it gets each batch whose index is `rank` modulo `worldSize`. */
  rank: number;
  worldSize: number;
}

/** The token stream from which a page is read. */
export interface PageSource {
  /** Whether all tokens that are loaded stay loaded. */
  readonly isKept: boolean;
  /** Loads the `length` tokens from each position on, up to the end of the stream; drops what is not kept. */
  load(positions: ArrayLike<number>, length: number): Promise<void>;
  /** Copies `length` tokens from position `first`, which were loaded, into `target`, beginning at `start`. */
  copy(first: number, length: number, target: Int32Array, start: number): void;
}

/** Returns uninitialised, 4-byte-aligned memory. */
export type Allocate = (bytes: number) => Buffer;

/** Which minibatches of an epoch a page has. */
export interface PagePlan extends BatchShape {
  /** The number of tokens skipped at the beginning of the stream. */
  readonly offset: number;
  /** The number of this worker's batches in the epoch. */
  readonly numBatches: number;
  /** Why this worker has no batches; undefined if it has some. */
  readonly note: string | undefined;
  /** The end of the page (exclusive), among the batches of this worker. */
  readonly end: number;
  readonly batches: number;
  /** The index in the epoch of the page's batch i. */
  indexOf(i: number): number;
  /**
   * Sets `starts[at]` and the next ones to the positions in the stream where the rows of x of the page's batch i begin.
   */
  rowStarts(i: number, starts: Float64Array, at: number): void;
}

/** A page of minibatches in memory. */
export interface BatchPage extends PagePlan {
  /** For each batch the rows of x, then those of y; int32 [batches, 2, batch_size, num_steps]. */
  readonly ids: Int32Array;
  /** The same ids as a NumPy file, which shares their memory. */
  readonly npy: Buffer;
}

/** The maximum size of the tokens of a page, in bytes. */
export const maxTokenBytes = 2 ** 28;

/** How many rows are loaded at a time of a stream that is not kept. */
const rowsAtATime = 1024;

/** Finds the minibatches of a page of the epoch of the first `tokens` of a stream. */
export function planPage(tokens: number, choice: PageChoice): PagePlan {
  const { batchSize, numSteps, start, rank, worldSize } = choice;
  const epoch = createEpoch({ ...choice, tokens });
  const numBatches = dealt(epoch.numBatches, rank, worldSize);
  const end = Math.min(start + choice.limit, numBatches);
  const note = numBatches > 0 ? undefined : emptyNote(choice, tokens, epoch);
  const indexOf = (i: number) => (start + i) * worldSize + rank;
  const rowStarts = (i: number, starts: Float64Array, at: number) => epoch.rowStarts(indexOf(i), starts, at);
  const batches = Math.max(0, end - start);
  const { offset } = epoch;
  return { offset, numBatches, note, end, batches, indexOf, rowStarts, batchSize, numSteps };
}

/** Sets the positions where the rows of x of the batches from `from` to `to` (not included) begin. */
export function placeRows(plan: PagePlan, from: number, to: number, firsts: Float64Array): void {
  for (let batch = from; batch < to; batch++) plan.rowStarts(batch, firsts, batch * plan.batchSize);
}

/** Reads a page of the epoch of the first `tokens` of a stream into memory from `allocate`. */
export async function readPage(
  source: PageSource,
  tokens: number,
  choice: PageChoice,
  allocate: Allocate,
): Promise<BatchPage> {
  const plan = planPage(tokens, choice);
  const { batches, batchSize, numSteps } = plan;
  const { bytes: npy, numbers: ids } = createNpy([batches, 2, batchSize, numSteps], allocate);
  const firsts = new Float64Array(batches * batchSize);
  placeRows(plan, 0, batches, firsts);
  await readRows(source, firsts, choice, ids);
  return { ...plan, ids, npy };
}

/** Reads the rows of x that begin at `firsts`, batch by batch, and those of y. */
async function readRows(
  source: PageSource,
  firsts: Float64Array,
  { batchSize, numSteps }: PageChoice,
  ids: Int32Array,
): Promise<void> {
  const half = batchSize * numSteps;
  const readRow = (i: number) => {
    const x = 2 * Math.floor(i / batchSize) * half + (i % batchSize) * numSteps;
    const y = x + half;
    // The row of y is that of x, shifted by one token.
    source.copy(firsts[i], numSteps, ids, x);
    source.copy(firsts[i] + numSteps, 1, ids, y + numSteps - 1);
    for (let step = 1; step < numSteps; step++) ids[y + step - 1] = ids[x + step];
  };
  if (source.isKept) {
    await source.load(firsts, numSteps + 1);
    for (let i = 0; i < firsts.length; i++) readRow(i);
    return;
  }
  const inOrder = Uint32Array.from(firsts.keys()).sort((a, b) => firsts[a] - firsts[b]);
  for (let from = 0; from < inOrder.length; from += rowsAtATime) {
    const some = inOrder.subarray(from, from + rowsAtATime);
    await source.load(
      Float64Array.from(some, (i) => firsts[i]),
      numSteps + 1,
    );
    for (const i of some) readRow(i);
  }
}

/** Why a worker gets no batches of an epoch: there are fewer batches than workers, or none at all. */
function emptyNote(
  { batchSize, numSteps, rank, worldSize }: PageChoice,
  tokens: number,
  { offset, numBatches }: Epoch,
): string {
  if (numBatches > 0) {
    return `This epoch has ${numBatches} batches for ${worldSize} workers, so the worker with rank ${rank} gets none.`;
  }
  // Both strategies skip `offset` tokens, and y needs one token more than x.
  const needed = offset + batchSize * numSteps + 1;
  return `One batch of ${batchSize} rows of ${numSteps} tokens takes ${needed} tokens with the offset ${offset} of this epoch, but there are only ${tokens}: use a smaller batch_size or num_steps.`;
}

/** A page as JSON: its description, then its `batches` and the fields that lead to the next page. */
export function jsonPage(
  about: object,
  page: BatchPage,
  next: object,
  token: ((id: number) => string) | undefined,
  allocate: Allocate,
): Buffer {
  const head = `${JSON.stringify(about).slice(0, -1)},"batches":[`;
  const tail = `],${JSON.stringify(next).slice(1)}`;
  const room = Buffer.byteLength(head) + Buffer.byteLength(tail);
  const writer = writerFor(page, room, token, allocate);
  writer.text(head);
  writeBatches(writer, page, (i) => writer.ascii(i > 0 ? ',' : ''));
  writer.text(tail);
  return writer.written;
}

/** A page as NDJSON: one batch per line. */
export function ndjsonPage(
  page: BatchPage,
  token: ((id: number) => string) | undefined,
  allocate: Allocate,
): Buffer {
  const writer = writerFor(page, 1, token, allocate);
  writeBatches(writer, page, (i) => writer.ascii(i > 0 ? '\n' : ''));
  if (page.ids.length > 0) writer.ascii('\n');
  return writer.written;
}

/** The maximum number of bytes around the rows of a batch. */
const aroundBatch = '\n{"index":,"x":,"y":}'.length + String(Number.MAX_SAFE_INTEGER).length + 4;

/** A writer with room for all batches and for `more` bytes. */
function writerFor(
  { ids, batchSize, numSteps }: BatchPage,
  more: number,
  token: ((id: number) => string) | undefined,
  allocate: Allocate,
): JsonWriter {
  const strings = token && new TokenStrings(ids, token, maxTokenBytes, tooLongPage);
  const batches = ids.length / (2 * batchSize * numSteps);
  const rows = ids.length / numSteps;
  return new JsonWriter(more + rowsBytes(ids, rows, strings) + batches * aroundBatch, allocate, strings);
}

function writeBatches(writer: JsonWriter, page: BatchPage, begin: (i: number) => void): void {
  const { ids, batchSize, numSteps, indexOf } = page;
  const half = batchSize * numSteps;
  for (let at = 0, i = 0; at < ids.length; at += 2 * half, i++) {
    begin(i);
    writer.ascii('{"index":');
    writer.number(indexOf(i));
    writer.ascii(',"x":');
    writer.rows(ids, at, at + half, numSteps);
    writer.ascii(',"y":');
    writer.movedRows(ids, at + half, at + 2 * half, numSteps);
    writer.ascii('}');
  }
}

/** The error for a page of tokens that is too long. */
export function tooLongPage(): NgramdError {
  const detail = `The tokens of this page have more than ${maxTokenBytes} bytes: request fewer batches, or use as=ids.`;
  return new NgramdError('invalid-request', detail, [{ pointer: '/query/limit', detail }]);
}
