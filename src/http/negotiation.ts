import type { FastifyReply, FastifyRequest } from 'fastify';
import { NgramdError } from '../errors.ts';

/** The media types of the formats of answers, by the names that the parameter `format` has for them. */
export const mediaTypes = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  html: 'text/html',
  svg: 'image/svg+xml',
  npy: 'application/x-npy',
} as const;

export type Format = keyof typeof mediaTypes;

/**
 * Chooses among the formats of a response: that of the parameter `format`, or else by the request's `Accept`, which
 * `Vary` then names. Throws `not-acceptable`, with the formats of `subject`, if the client accepts none of them.
 */
export function negotiate<Name extends Format>(
  request: FastifyRequest,
  reply: FastifyReply,
  subject: string,
  formats: readonly Name[],
): Name {
  const { format } = request.query as { format?: Name };
  if (format !== undefined) return format;
  vary(reply, 'accept');
  const chosen = accepted(request, formats);
  if (chosen !== undefined) return chosen;
  const types = formats.map((name) => mediaTypes[name]);
  throw new NgramdError('not-acceptable', `${subject} are given as ${types.join(', ')}.`);
}

/** Whether a request gets JSON from a route that also has CSV. */
export function wantsJson(request: FastifyRequest): boolean {
  const { format } = request.query as { format?: string };
  return (format ?? accepted(request, ['json', 'csv'])) === 'json';
}

/** The format that the client prefers, the first of several that it likes equally; undefined if it accepts none. */
function accepted<Name extends Format>(request: FastifyRequest, formats: readonly Name[]): Name | undefined {
  const { accept } = request.headers;
  // What most clients send is recognized without parsing it.
  if (accept === undefined || accept === '*/*') return formats[0];
  const exact = formats.find((name) => mediaTypes[name] === accept);
  if (exact !== undefined) return exact;
  const type = request.accepts().type(formats.map((name) => mediaTypes[name]));
  return formats.find((name) => mediaTypes[name] === type);
}

/** Whether the client prefers HTML to JSON, as browsers do; sets `Vary` accordingly. */
export function prefersHtml(request: FastifyRequest, reply: FastifyReply): boolean {
  vary(reply, 'accept');
  return accepted(request, ['json', 'html']) === 'html';
}

/**
 * Whether the client prefers a response with the content coding gzip, by its `Accept-Encoding`; sets `Vary`
 * accordingly.
 */
export function prefersGzip(request: FastifyRequest, reply: FastifyReply): boolean {
  vary(reply, 'accept-encoding');
  return request.accepts().encoding(['gzip', 'identity']) === 'gzip';
}

function vary(reply: FastifyReply, header: string): void {
  const others = reply.getHeader('vary');
  reply.header('vary', others === undefined ? header : `${others}, ${header}`);
}
