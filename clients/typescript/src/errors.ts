import type { Problem, ProblemType } from './types.ts';

/** An answer with the status of an error. */
export class AnswerError extends Error {
  override readonly name: string = 'AnswerError';
  readonly status: number;
  /** The answer's body: JSON, or text that is none. */
  readonly body: unknown;

  constructor(status: number, body: unknown, message = `The service answered with the status ${status}.`) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

/** An error of the service that names its kind. Its message is the problem's `detail`. */
export class ProblemError<Type extends ProblemType = ProblemType> extends AnswerError {
  override readonly name = 'ProblemError';
  readonly problem: Problem & { type: Type };

  constructor(problem: Problem & { type: Type }) {
    super(problem.status, problem, problem.detail);
    this.problem = problem;
  }

  /** Whether the problem is of one of these kinds. */
  is<Kind extends ProblemType>(...types: Kind[]): this is ProblemError<Kind> {
    return (types as ProblemType[]).includes(this.problem.type);
  }
}

/** The error for the body of an answer with the status of an error. */
export function errorOf(status: number, body: unknown): AnswerError {
  if (isProblem(body)) return new ProblemError(body);
  const { message } = (body as { error?: { message?: string } } | undefined)?.error ?? {};
  return new AnswerError(status, body, message);
}

function isProblem(body: unknown): body is Problem {
  const { type, detail } = (body ?? {}) as Partial<Problem>;
  return type?.startsWith('/problems#') === true && typeof detail === 'string';
}
