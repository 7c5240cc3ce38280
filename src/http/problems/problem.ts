import type { FastifyError } from 'fastify';
import { asNgramdError, type FieldError, type NgramdError } from '../../errors.ts';
import type { Problem } from '../schemas/problems.ts';
import { asClientError } from './framework-errors.ts';
import { type ProblemKind, problems } from './kinds.ts';

/** The problem that an error is sent as; `instance` is the request's id. */
export function toProblem(error: unknown, instance: string): Problem {
  const known = asNgramdError(error) ?? asClientError(error);
  if (known === undefined) {
    const status = (error as FastifyError).statusCode ?? 500;
    const code = status === 503 ? 'unavailable' : 'internal';
    const detail = status === 503 ? (error as Error).message : 'The error is in the log under this instance.';
    return describe(code, detail, instance);
  }
  return problemOf(known, instance);
}

/** The problem that a failure in a thread is sent as; `instance` is the request's id. */
export function problemOf(
  { code, message, errors }: Pick<NgramdError, 'code' | 'message' | 'errors'>,
  instance: string,
): Problem {
  return describe(code, message, instance, errors);
}

/** The code of the problem that an error is sent as. */
export function problemCode(error: unknown): string {
  return toProblem(error, '').type.slice('/problems#'.length);
}

function describe(
  code: ProblemKind,
  detail: string,
  instance: string,
  errors: readonly FieldError[] = [],
): Problem {
  const [status, title] = problems[code];
  const problem: Problem = { type: `/problems#${code}`, title, status, detail, instance };
  return errors.length === 0 ? problem : { ...problem, errors: [...errors] };
}
