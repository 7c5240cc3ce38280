import { NgramdError } from '../errors.ts';
import type { FoundJob } from '../store/store.ts';
import type { JobStatus } from './job.ts';

/** What is written of an error. */
interface WrittenError {
  readonly error: { message: string; code?: never; statusCode?: number; errors?: NgramdError['errors'] };
  readonly isProblem: boolean;
}

/** The status as JSON, with which `decodeStatus` makes it in another process. */
export function encodeStatus(status: JobStatus): string {
  const { id, task, state, received, countedTokens, totalBytes, createdAt, changedAt, outcome } = status;
  const written = { id, task, state, received, countedTokens, totalBytes, createdAt, changedAt, outcome };
  return JSON.stringify(written, (_, value) => (value instanceof Error ? writtenError(value) : value));
}

/** The status of a job; it has failed if its process is dead. */
export function decodeStatus({ number, status, isOrphaned }: FoundJob): JobStatus {
  const read = JSON.parse(status, (key, value) =>
    key === 'error' && typeof value?.isProblem === 'boolean' ? readError(value) : value,
  ) as JobStatus;
  if (!isOrphaned) return { ...read, number };
  const error = new NgramdError(
    'unavailable',
    'The process that worked on this job has ended, or cannot reach the database. What it has committed is in the corpus. Repeat the request: with the same Idempotency-Key, or as a PUT, nothing is added twice.',
  );
  return { ...read, number, state: 'failed', outcome: { error } };
}

function writtenError(value: Error): WrittenError {
  const { message, code, statusCode, errors } = value as WrittenError['error'];
  return { error: { message, code, statusCode, errors } as never, isProblem: value instanceof NgramdError };
}

function readError({ error, isProblem }: WrittenError): Error {
  const { message, code, errors, ...more } = error;
  if (isProblem) return new NgramdError(code as never, message, errors);
  return Object.assign(new Error(message), { code, ...more });
}
