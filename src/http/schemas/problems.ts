import { STATUS_CODES } from 'node:http';
import { type Static, Type } from 'typebox';

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'The kind of problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong, and what was expected' }),
    instance: Type.String({ description: "The request's id, as in the log" }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({
            description: 'JSON pointer into the request, which is {path, query, headers, body}',
          }),
          detail: Type.String(),
        }),
      ),
    ),
  },
  { $id: 'Problem', description: 'An error (RFC 9457)' },
);

export type Problem = Static<typeof ProblemSchema>;

/** The response schemas of a route for these statuses of problems. */
export function problemResponses<Status extends number>(...statuses: Status[]) {
  const response = (status: number) => ({
    description: STATUS_CODES[status] ?? '',
    content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
  });
  return Object.fromEntries(statuses.map((status) => [status, response(status)])) as Record<
    Status,
    ReturnType<typeof response>
  >;
}
