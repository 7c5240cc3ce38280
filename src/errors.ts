/** Everything that can go wrong in a way the caller can act on; `http/problem.ts` gives each its status and title. */
export type ProblemCode =
  | 'invalid-request'
  | 'invalid-text'
  | 'empty-text'
  | 'unauthorized'
  | 'forbidden'
  | 'corpus-not-found'
  | 'document-not-found'
  | 'corpus-exists'
  | 'document-exists'
  | 'content-too-large'
  | 'unsupported-media-type'
  | 'not-acceptable'
  | 'upload-cut-off'
  | 'too-many-requests'
  | 'schema-too-new'
  | 'corpus-unreadable'
  | 'index-not-ready'
  | 'index-too-large';

/** One field of a request that is wrong: `pointer` is a JSON pointer into `{path, query, headers, body}`. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** An error with a message for the caller, and the fields it is about. */
export class NgramdError extends Error {
  override readonly name = 'NgramdError';

  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
  }
}

/** How a call ended, in a form that can go from thread to thread, which errors of our own classes cannot. */
export type Outcome<T> =
  | { result: T }
  | { problem: Pick<NgramdError, 'code' | 'message' | 'errors'> }
  | { error: unknown };

/** Makes a call and catches what it throws. */
export function outcomeOf<T>(call: () => T): Outcome<T> {
  try {
    return { result: call() };
  } catch (error) {
    if (!(error instanceof NgramdError)) return { error };
    const { code, message, errors } = error;
    return { problem: { code, message, errors } };
  }
}

/** What the call returned. Throws what it threw. */
export function resultOf<T>(outcome: Outcome<T>): T {
  if ('result' in outcome) return outcome.result;
  if ('error' in outcome) throw outcome.error;
  const { code, message, errors } = outcome.problem;
  throw new NgramdError(code, message, errors);
}
