/** Everything that can go wrong in a way the caller can act on; `http/problem.ts` gives each its status and title. */
export type ProblemCode =
  | 'invalid-request'
  | 'invalid-text'
  | 'empty-text'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'corpus-not-found'
  | 'document-not-found'
  | 'job-not-found'
  | 'corpus-exists'
  | 'document-exists'
  | 'idempotency-key-reused'
  | 'cancelled'
  | 'job-not-cancellable'
  | 'content-too-large'
  | 'vocabulary-too-large'
  | 'unsupported-media-type'
  | 'not-acceptable'
  | 'upload-cut-off'
  | 'expectation-failed'
  | 'too-many-requests'
  | 'request-timeout'
  | 'headers-too-large'
  | 'unavailable'
  | 'disk-full'
  | 'too-many-corpora'
  | 'schema-too-new'
  | 'corpus-unreadable'
  | 'corpus-damaged'
  | 'corpus-busy'
  | 'index-not-ready'
  | 'index-too-large';

/** One field of a request that is wrong: `pointer` is a JSON pointer into `{path, query, headers, body}`. */
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

/** What file systems and SQLite say where there is no room for what is written. */
const fullDiskCodes = new Set([
  'ENOSPC',
  'EDQUOT',
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
]);

/** What the system, SQLite and Node.js say where they have nothing left of what can be free again later. */
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

/** Whether an error says that there is not enough memory, or another resource, which V8 says of arrays by their message. */
function isShortage(error: unknown): boolean {
  if (shortageCodes.has((error as NodeJS.ErrnoException | null)?.code ?? '')) return true;
  return error instanceof RangeError && error.message.includes('allocation failed');
}

/** The error, where the caller can act on it; a full disk as `disk-full`, a lack of memory as `unavailable`. */
export function asNgramdError(error: unknown): NgramdError | undefined {
  if (error instanceof NgramdError) return error;
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (isShortage(error)) {
    return new NgramdError(
      'unavailable',
      `This server has no memory, files or threads left for this (${code ?? message}); nothing was changed. Try again.`,
    );
  }
  if (code === undefined || !fullDiskCodes.has(code)) return undefined;
  return new NgramdError(
    'disk-full',
    `The disk of this server takes no more (${code}); nothing was changed.`,
  );
}

/** How a call ended, in a form that can go from thread to thread, which errors of our own classes cannot. */
export type Outcome<T> =
  | { result: T }
  | { problem: Pick<NgramdError, 'code' | 'message' | 'errors' | 'corpus'> }
  | { error: unknown };

/** Makes a call and catches what it throws. */
export function outcomeOf<T>(call: () => T): Outcome<T> {
  try {
    return { result: call() };
  } catch (error) {
    return failureOf(error);
  }
}

/** How a call ended that threw an error. */
export function failureOf(error: unknown): Outcome<never> {
  const known = asNgramdError(error);
  if (known === undefined) return { error };
  const { code, message, errors, corpus } = known;
  return { problem: { code, message, errors, corpus } };
}

/** What the call returned. Throws what it threw. */
export function resultOf<T>(outcome: Outcome<T>): T {
  if ('result' in outcome) return outcome.result;
  if ('error' in outcome) throw outcome.error;
  const { code, message, errors, corpus } = outcome.problem;
  throw new NgramdError(code, message, errors, corpus);
}
