import { NgramdError } from '../errors.ts';
import { createEpoch, dealt, type Epoch, type EpochParameters } from './epoch.ts';
import { JsonWriter, rowsBytes, TokenStrings } from './json.ts';
import { createNpy } from './npy.ts';

/** Which minibatches of an epoch a page has. */
export interface PageChoice extends Omit<EpochParameters, 'tokens'> {
  /** The first batch among those of this worker, and how many at most. */
  start: number;
  limit: number;
  /** Which of how many workers this is; it gets each batch whose index is `rank` modulo `worldSize`. */
  rank: number;
  worldSize: number;
}

/** The token stream that a page is read from. */
export interface PageSource {
  /** T, of which the epoch is made. */
  readonly tokens: number;
  /** Whether it is read in any order as fast as in its own. */
  readonly isKept: boolean;
  /** Copies `length` tokens from position `first` on into `target`, beginning at `start`. */
  read(first: number, length: number, target: Int32Array, start: number): void;
}

/** Memory for bytes, whatever is in it. It begins where a number can. */
export type Allocate = (bytes: number) => Buffer;

/** A page of minibatches. */
export interface BatchPage {
  /** How many tokens at the beginning of the stream are left out. */
  readonly offset: number;
  /** In the epoch, of this worker. */
  readonly numBatches: number;
  /** Why this worker has no batches; undefined where it has some. */
  readonly note: string | undefined;
  /** Behind the last batch of the page, among those of this worker. */
  readonly end: number;
  /** The index in the epoch of the page's batch i. */
  indexOf(i: number): number;
  /** Of each batch the rows of x, then those of y; int32 [batches, 2, batch_size, num_steps]. */
  readonly ids: Int32Array;
  /** The same as a NumPy file, in whose memory the ids are. */
  readonly npy: Buffer;
  readonly batchSize: number;
  readonly numSteps: number;
}

/** The most bytes of a page of tokens. */
const maxTokenBytes = 2 ** 28;

/** Reads a page, in memory of `allocate`. */
export function readPage(source: PageSource, choice: PageChoice, allocate: Allocate): BatchPage {
  const { batchSize, numSteps, start, rank, worldSize } = choice;
  const epoch = createEpoch({ ...choice, tokens: source.tokens });
  const numBatches = dealt(epoch.numBatches, rank, worldSize);
  const end = Math.min(start + choice.limit, numBatches);
  const batches = Math.max(0, end - start);
  const { bytes, numbers: ids } = createNpy([batches, 2, batchSize, numSteps], allocate);
  const indexOf = (i: number) => (start + i) * worldSize + rank;
  const half = batchSize * numSteps;
  const readRow = (batch: number, row: number, first: number) => {
    const x = 2 * batch * half + row * numSteps;
    const y = x + half;
    // The row of y is that of x, moved on by one token.
    source.read(first, numSteps, ids, x);
    source.read(first + numSteps, 1, ids, y + numSteps - 1);
    for (let step = 1; step < numSteps; step++) ids[y + step - 1] = ids[x + step];
  };
  if (source.isKept) {
    for (let batch = 0; batch < batches; batch++) {
      const index = indexOf(batch);
      for (let row = 0; row < batchSize; row++) readRow(batch, row, epoch.rowStart(index, row));
    }
  } else {
    const firsts = new Float64Array(batches * batchSize);
    for (let i = 0; i < firsts.length; i++) {
      firsts[i] = epoch.rowStart(indexOf(Math.floor(i / batchSize)), i % batchSize);
    }
    const inOrder = Uint32Array.from(firsts.keys()).sort((a, b) => firsts[a] - firsts[b]);
    for (const i of inOrder) readRow(Math.floor(i / batchSize), i % batchSize, firsts[i]);
  }
  const note = numBatches > 0 ? undefined : emptyNote(choice, source.tokens, epoch);
  return { offset: epoch.offset, numBatches, note, end, indexOf, ids, npy: bytes, batchSize, numSteps };
}

/** Why a worker gets no batches of an epoch: there are fewer than workers, or there is none at all. */
function emptyNote(
  { batchSize, numSteps, rank, worldSize }: PageChoice,
  tokens: number,
  { offset, numBatches }: Epoch,
): string {
  if (numBatches > 0) {
    return `This epoch has ${numBatches} batches for ${worldSize} workers, so that the one with rank ${rank} gets none.`;
  }
  // Both strategies leave out `offset` tokens, and y needs one token more than x.
  const needed = offset + batchSize * numSteps + 1;
  return `One batch of ${batchSize} × ${numSteps} takes ${needed} tokens with the offset ${offset} of this epoch, and there are ${tokens}: ask for a smaller batch_size or num_steps.`;
}

/** A page as JSON: what is said about it, then its `batches` and where the `next` one is. */
export function jsonPage(
  about: object,
  page: BatchPage,
  next: string | null,
  token: ((id: number) => string) | undefined,
  allocate: Allocate,
): Buffer {
  const head = `${JSON.stringify(about).slice(0, -1)},"batches":[`;
  const tail = `],"next":${JSON.stringify(next)}}`;
  const room = Buffer.byteLength(head) + Buffer.byteLength(tail);
  const writer = writerFor(page, room, token, allocate);
  writer.text(head);
  writeBatches(writer, page, (i) => writer.ascii(i > 0 ? ',' : ''));
  writer.text(tail);
  return writer.written;
}

/** A page as NDJSON: a batch a line. */
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

/** What stands around the rows of a batch, at most. */
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

function tooLongPage(): NgramdError {
  const detail = `The tokens of this page have more than ${maxTokenBytes} bytes: ask for fewer batches, or with as=ids.`;
  return new NgramdError('invalid-request', detail, [{ pointer: '/query/limit', detail }]);
}
