/** The errors that a caller can act on; `http/problems/kinds.ts` maps each to a status and a title. */
export type ProblemCode =
  | 'invalid-request'
  | 'invalid-text'
  | 'invalid-backup'
  | 'empty-text'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'corpus-not-found'
  | 'document-not-found'
  | 'job-not-found'
  | 'backup-not-found'
  | 'corpus-exists'
  | 'document-exists'
  | 'no-counts'
  | 'no-text'
  | 'other-kind'
  | 'part-missing'
  | 'idempotency-key-reused'
  | 'cancelled'
  | 'job-not-cancellable'
  | 'content-too-large'
  | 'vocabulary-too-large'
  | 'unsupported-media-type'
  | 'not-acceptable'
  | 'upload-cut-off'
  | 'range-not-satisfiable'
  | 'expectation-failed'
  | 'too-many-requests'
  | 'request-timeout'
  | 'headers-too-large'
  | 'not-supported'
  | 'unavailable'
  | 'store-unavailable'
  | 'disk-full'
  | 'too-many-corpora'
  | 'schema-too-new'
  | 'backups-incomplete'
  | 'corpus-unreadable'
  | 'corpus-damaged'
  | 'corpus-busy'
  | 'index-not-ready'
  | 'index-too-large';

/** One invalid field of a request: `pointer` is a JSON pointer into `{path, query, headers, body}`. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** A corpus of a store: `store/store.ts` has the same as `CorpusRef`. */
export interface DamagedCorpus {
  readonly name: string;
  readonly id: string;
}

/** An error with a message for the caller, and the fields it is about; `corpus` is the one that was found damaged. */
export class NgramdError extends Error {
  override readonly name = 'NgramdError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly corpus?: DamagedCorpus | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    errors: readonly FieldError[] = [],
    corpus?: DamagedCorpus | undefined,
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.corpus = corpus;
  }
}

/** Whether an error is one of these problems. */
export function isProblem(error: unknown, ...codes: readonly ProblemCode[]): error is NgramdError {
  return error instanceof NgramdError && codes.includes(error.code);
}

/** The codes of file systems and SQLite for a write that fails because the disk is full. */
const fullDiskCodes = new Set([
  'ENOSPC',
  'EDQUOT',
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
]);

/** The codes of the system, SQLite and Node.js for a resource that is exhausted and may become free again. */
const shortageCodes = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
  'SQLITE_NOMEM',
  'SQLITE_IOERR_NOMEM',
  'ERR_WORKER_OUT_OF_MEMORY',
  'ERR_WORKER_INIT_FAILED',
  'ERR_MEMORY_ALLOCATION_FAILED',
]);

/** Whether an error reports a lack of memory or another resource. For arrays, V8 reports it only in the message. */
function isShortage(error: unknown): boolean {
  if (shortageCodes.has((error as NodeJS.ErrnoException | null)?.code ?? '')) return true;
  return error instanceof RangeError && error.message.includes('allocation failed');
}

/**
 * The error as one that the caller can act on, or undefined: a full disk becomes `disk-full`, a lack of memory
 * `unavailable`.
 */
export function asNgramdError(error: unknown): NgramdError | undefined {
  if (error instanceof NgramdError) return error;
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (isShortage(error)) {
    return new NgramdError(
      'unavailable',
      `The server ran out of memory, files or threads (${code ?? message}); nothing was changed. Try again.`,
    );
  }
  if (code === undefined || !fullDiskCodes.has(code)) return undefined;
  return new NgramdError('disk-full', `The disk of the server is full (${code}); nothing was changed.`);
}

/** Reads a field of a request: an error that a text in it cannot be read gets its pointer. */
export function inField<T>(pointer: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withField(pointer, error);
  }
}

/** The error with the pointer of a field, if it is that a text cannot be read and names no field. */
export function withField(pointer: string, error: unknown): unknown {
  if (!(error instanceof NgramdError) || error.code !== 'invalid-text' || error.errors.length > 0)
    return error;
  return new NgramdError(error.code, error.message, [{ pointer, detail: error.message }]);
}

/** How a call ended, in a form that can be sent between threads, unlike errors of our own classes. */
export type Outcome<T> =
  | { result: T }
  | { problem: Pick<NgramdError, 'code' | 'message' | 'errors' | 'corpus'> }
  | { error: unknown };

/** Makes a call and catches its error. */
export function outcomeOf<T>(call: () => T): Outcome<T> {
  try {
    return { result: call() };
  } catch (error) {
    return failureOf(error);
  }
}

/** As `outcomeOf`, of a call that has to be waited for. */
export async function asyncOutcomeOf<T>(call: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { result: await call() };
  } catch (error) {
    return failureOf(error);
  }
}

/** The outcome of a call that threw this error. */
export function failureOf(error: unknown): Outcome<never> {
  const known = asNgramdError(error);
  if (known === undefined) return { error };
  const { code, message, errors, corpus } = known;
  return { problem: { code, message, errors, corpus } };
}

/** The result of the call. Throws the error that it threw. */
export function resultOf<T>(outcome: Outcome<T>): T {
  if ('result' in outcome) return outcome.result;
  if ('error' in outcome) throw outcome.error;
  const { code, message, errors, corpus } = outcome.problem;
  throw new NgramdError(code, message, errors, corpus);
}
