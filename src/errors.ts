/** Everything that can go wrong in a way the caller can act on; `http/problem.ts` gives each its status and title. */
export type ProblemCode =
  | 'invalid-request'
  | 'invalid-text'
  | 'empty-text'
  | 'corpus-not-found'
  | 'document-not-found'
  | 'corpus-exists'
  | 'document-exists'
  | 'content-too-large'
  | 'unsupported-media-type'
  | 'not-acceptable'
  | 'upload-cut-off'
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
