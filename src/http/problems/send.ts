import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { bodyTooLarge } from '../bodies/errors.ts';
import { headError } from '../connection/expectations.ts';
import { openAiError } from '../openai/errors.ts';
import { queryError } from '../query.ts';
import { shortened } from '../quoted.ts';
import { OpenAiErrorSchema } from '../schemas/openai.ts';
import { type Problem, ProblemSchema } from '../schemas/problems.ts';
import { toProblem } from './problem.ts';

/** When to retry after a 503, in seconds. */
const retryAfterSeconds = 1;

/** Whether a route's errors have the form of OpenAI's API. */
function isOpenAi({ routeOptions }: FastifyRequest): boolean {
  return routeOptions?.config?.errors === 'openai';
}

function send(problem: Problem, request: FastifyRequest, reply: FastifyReply) {
  // For a path that the router cannot read, no hook adds it.
  reply.header('x-request-id', problem.instance);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', retryAfterSeconds);
  reply.code(problem.status);
  if (isOpenAi(request)) return reply.type('application/json; charset=utf-8').send(openAiError(problem));
  return reply.type('application/problem+json').send(problem);
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
  app.addSchema(ProblemSchema);
  app.addSchema(OpenAiErrorSchema);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request: FastifyRequest) => {
    throw noSuchRoute(request);
  });
}

/**
 * Rejects requests without a route, requests that HTTP/1.1 requires to be rejected, and malformed queries, before anything
 * of the body is read. Call it after adding the hooks that set headers of every response.
 */
export function refuseStrays(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(headError(request) ?? (request.is404 ? noSuchRoute(request) : queryError(request)));
  });
}

function noSuchRoute({ method, url }: FastifyRequest): NgramdError {
  return new NgramdError('not-found', `There is no ${method} ${shortened(url)}; /docs shows every route.`);
}
