import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bodyTooLarge } from '../bodies/errors.ts';
import { openAiError } from '../openai/errors.ts';
import type { Problem } from '../schemas/problems.ts';
import { toProblem } from './problem.ts';

/** When to retry after a 503, in seconds. */
export const retryAfterSeconds = 1;

/** A problem in the form of the route's errors, with its content type. */
export function formOf(problem: Problem, { routeOptions }: FastifyRequest): [type: string, body: object] {
  if (routeOptions?.config?.errors !== 'openai') return ['application/problem+json', problem];
  return ['application/json; charset=utf-8', openAiError(problem)];
}

function send(problem: Problem, request: FastifyRequest, reply: FastifyReply) {
  // For a path that the router cannot read, no hook adds it.
  reply.header('x-request-id', problem.instance);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', retryAfterSeconds);
  const [type, body] = formOf(problem, request);
  return reply.code(problem.status).type(type).send(body);
}

/** Sends an error as `application/problem+json`, and logs it if the server is at fault. */
export function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const isTooLarge = error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  const problem = toProblem(isTooLarge ? bodyTooLarge(request) : error, request.id);
  if (problem.status === 500) request.log.error(error);
  else if (problem.status > 500) request.log.warn(problem.detail);
  return send(problem, request, reply);
}

/** Makes `sendProblem` send all errors of the service. */
export function sendProblems(app: FastifyInstance): void {
  app.setErrorHandler(sendProblem);
}
