import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { asNgramdError, type FieldError, NgramdError, type ProblemCode } from '../errors.ts';
import { headError } from './connection/expectations.ts';
import { queryError } from './query.ts';
import { shortened } from './quoted.ts';
import { invalidFields, type SchemaError } from './validation.ts';

/** The largest request line and headers together, in bytes. */
export const maxHeaderBytes = 16 * 1024;

/** Each kind of problem with its status and title. */
export const problems: Record<ProblemCode | 'internal', [number, string]> = {
  'invalid-request': [400, 'The request is invalid'],
  'invalid-text': [400, 'The text cannot be read'],
  'empty-text': [400, 'The text has no tokens'],
  'upload-cut-off': [400, 'The upload ended early'],
  unauthorized: [401, 'A key is needed'],
  forbidden: [403, 'The key is not for this'],
  'not-found': [404, 'There is no such route'],
  'corpus-not-found': [404, 'There is no such corpus'],
  'document-not-found': [404, 'There is no such document'],
  'job-not-found': [404, 'There is no such job'],
  'not-acceptable': [406, 'The answer has no such format'],
  'request-timeout': [408, 'The request did not come in time'],
  'corpus-exists': [409, 'The name is taken'],
  'document-exists': [409, 'The document id is taken'],
  cancelled: [409, 'The upload was cancelled'],
  'job-not-cancellable': [409, 'It is too late to cancel the job'],
  'content-too-large': [413, 'The request is too large'],
  'vocabulary-too-large': [413, 'The text has too many distinct tokens'],
  'unsupported-media-type': [415, 'The content type is not supported'],
  'expectation-failed': [417, 'The expectation cannot be met'],
  'idempotency-key-reused': [422, 'The key was used for another request'],
  'too-many-requests': [429, 'There were too many requests'],
  'headers-too-large': [431, 'The request line and headers are too large'],
  'corpus-damaged': [500, 'The corpus file is damaged'],
  'corpus-unreadable': [500, 'The corpus file cannot be read'],
  'schema-too-new': [500, 'The corpus file is of a newer ngramd'],
  internal: [500, 'Something went wrong inside ngramd'],
  unavailable: [503, 'ngramd is too busy'],
  'corpus-busy': [503, 'Another process is writing to the corpus'],
  'index-not-ready': [503, 'The index in memory is being built'],
  'index-too-large': [507, 'The corpus is too large for an index in memory'],
  'too-many-corpora': [507, 'There are as many corpora as there may be'],
  'disk-full': [507, 'The disk has no room for this'],
};

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Names the kind of problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong here, and what was expected' }),
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

/** The response schemas of a route that can answer these statuses beside its success. */
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

/** Puts an error into the form in which it is sent; `instance` is the request's id. */
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

/** Puts a problem that was found elsewhere into the form in which it is sent; `instance` is the request's id. */
export function problemOf(
  { code, message, errors }: Pick<NgramdError, 'code' | 'message' | 'errors'>,
  instance: string,
): Problem {
  return describe(code, message, instance, errors);
}

/** The code of the problem that an error is. */
export function problemCode(error: unknown): string {
  return toProblem(error, '').type.slice('/problems#'.length);
}

function describe(
  code: keyof typeof problems,
  detail: string,
  instance: string,
  errors: readonly FieldError[] = [],
): Problem {
  const [status, title] = problems[code];
  const problem = { type: `/problems#${code}`, title, status, detail, instance };
  return errors.length === 0 ? problem : { ...problem, errors: [...errors] };
}

/** The problem behind an error of Fastify, its plugins, the HTTP parser or the socket. */
function asClientError(error: unknown): NgramdError | undefined {
  const { code, message, statusCode, validation, validationContext } = error as FastifyError;
  if (validation !== undefined) {
    const part = { querystring: '/query', params: '/path', body: '/body', headers: '/headers' };
    return invalidFields(part[validationContext as keyof typeof part], validation as SchemaError[]);
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const detail =
      'The header Content-Type is malformed. Send application/json or, where a text is taken, text/plain.';
    return new NgramdError('unsupported-media-type', detail);
  }
  if (statusCode === 413) return new NgramdError('content-too-large', `${message}.`);
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new NgramdError('invalid-request', 'A part of the path is longer than any name or id can be.');
  }
  if (code === 'FST_ERR_BAD_URL') {
    const detail = 'must be UTF-8 in percent-escapes, as %C3%A9 is é';
    return new NgramdError('invalid-request', `The path ${detail}: ${message}.`, [
      { pointer: '/path', detail },
    ]);
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new NgramdError(
      'headers-too-large',
      `The request line and the headers are larger than ${maxHeaderBytes} bytes together: send long texts in the body.`,
    );
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new NgramdError('request-timeout', 'The request line and the headers did not come in time.');
  }
  if (code?.startsWith('HPE_')) return new NgramdError('invalid-request', `This is not HTTP: ${message}.`);
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new NgramdError('upload-cut-off', 'The connection was closed before the whole text had come.');
  }
  if (statusCode === 404) return undefined;
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new NgramdError('invalid-request', message);
  }
  return undefined;
}

/** The error for a content type where a text is taken, or with `forms` also a form of texts. */
export function unsupportedText(type: string, forms: boolean): NgramdError {
  const what =
    type === 'application/x-www-form-urlencoded'
      ? `${type} (what curl -d sends, without the line ends) is not a text.`
      : `${type} is not taken here.`;
  const form = forms ? ', as multipart/form-data (curl -F file=@book.txt)' : '';
  return new NgramdError(
    'unsupported-media-type',
    `${what} Send the text as text/plain (curl --data-binary @book.txt -H 'content-type: text/plain', or curl -T book.txt)${form} or in application/json.`,
  );
}

/** The error for an upload of more than `maxBytes`. */
export function uploadTooLarge(maxBytes: number): NgramdError {
  return new NgramdError(
    'content-too-large',
    `The upload is larger than ${maxBytes} bytes, the limit of this server (MAX_UPLOAD_BYTES).`,
  );
}

/** The error for a body that is held in memory and larger than its route takes. */
export function bodyTooLarge({ routeOptions }: FastifyRequest): NgramdError {
  return new NgramdError(
    'content-too-large',
    `This body is held in memory, and may have at most ${routeOptions.bodyLimit} bytes after decompression.`,
  );
}

/** When to ask again where the service could not answer yet. */
const retryAfterSeconds = 1;

function send(problem: Problem, reply: FastifyReply) {
  // Where the router cannot read a path, no hook adds it.
  reply.header('x-request-id', problem.instance);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', retryAfterSeconds);
  return reply.code(problem.status).type('application/problem+json').send(problem);
}

/** Answers an error as `application/problem+json`, and logs it where it is ours. */
export function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const isTooLarge = error.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
  const problem = toProblem(isTooLarge ? bodyTooLarge(request) : error, request.id);
  if (problem.status === 500) request.log.error(error);
  else if (problem.status > 500) request.log.warn(problem.detail);
  return send(problem, reply);
}

/** Has every error of the service answered by `sendProblem`. */
export function sendProblems(app: FastifyInstance): void {
  app.addSchema(ProblemSchema);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request: FastifyRequest) => {
    throw noSuchRoute(request);
  });
}

/**
 * Refuses what no route answers, what HTTP/1.1 wants refused, and queries that cannot be read, before anything of the
 * body is read. Belongs behind the hooks that add headers to every answer.
 */
export function refuseStrays(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(headError(request) ?? (request.is404 ? noSuchRoute(request) : queryError(request)));
  });
}

function noSuchRoute({ method, url }: FastifyRequest): NgramdError {
  return new NgramdError('not-found', `There is no ${method} ${shortened(url)}; /docs shows every route.`);
}
