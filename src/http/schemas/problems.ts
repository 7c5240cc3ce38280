import { STATUS_CODES } from 'node:http';
import { type Static, Type } from 'typebox';
import { type ProblemKind, problems } from '../problems/kinds.ts';

/** How a problem names its kind: by the place where it is explained. */
export type ProblemType = `/problems#${ProblemKind}`;
const problemTypes = Object.keys(problems).map((kind) => `/problems#${kind}` as ProblemType);

export const ProblemTypeSchema = Type.Enum(problemTypes, { title: 'ProblemType', type: 'string' });

const fields = {
  type: ProblemTypeSchema,
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'What is wrong, and what was expected' }),
  instance: Type.String({ description: "The request's id, as in the log" }),
  errors: Type.Optional(
    Type.Array(
      Type.Object(
        {
          pointer: Type.String({
            description: 'JSON pointer into the request, which is {path, query, headers, body}',
          }),
          detail: Type.String(),
        },
        { title: 'FieldError' },
      ),
    ),
  ),
};

export const ProblemSchema = Type.Object(fields, { title: 'Problem', description: 'An error (RFC 9457)' });
export type Problem = Static<typeof ProblemSchema>;

/** The conditions of readiness. */
export const Checks = Type.Array(
  Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() }, { title: 'Check' }),
  { description: 'The conditions of readiness, and whether each holds' },
);

export const NotReadySchema = Type.Object(
  { ...fields, checks: Checks },
  { title: 'NotReady', description: 'A problem that lists the conditions of readiness' },
);

/** In the place of an answer: the problem of one of many questions. */
export const ProblemInPlace = Type.Object({ problem: ProblemSchema }, { title: 'ProblemInPlace' });

/** The response schemas of a route for these statuses of problems. */
export function problemResponses<Status extends number>(...statuses: Status[]) {
  const response = (status: number) => ({
    description: STATUS_CODES[status] ?? '',
    content: { 'application/problem+json': { schema: ProblemSchema } },
  });
  return Object.fromEntries(statuses.map((status) => [status, response(status)])) as Record<
    Status,
    ReturnType<typeof response>
  >;
}
