import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parse } from 'range-parser';
import { NgramdError } from '../errors.ts';

/** A file that is sent whole or in part. */
export interface SentFile {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly bytes: number;
  /** The hash of its content, in hexadecimal, if it is known. */
  readonly sha256: string | undefined;
  /** The bytes from `start` up to and including `end`. */
  read(start: number, end: number): Promise<Readable>;
}

/**
 * Sends a file, the part of it that the request asks for (RFC 9110, 14), or 304 if the client has it. Of several ranges
 * in one request, all is sent. Throws `range-not-satisfiable`.
 */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, file: SentFile) {
  const { name, type, bytes, sha256 } = file;
  const etag = sha256 === undefined ? undefined : `"${sha256}"`;
  reply.header('accept-ranges', 'bytes');
  if (sha256 !== undefined) {
    reply.header('etag', etag);
    reply.header('repr-digest', `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`);
  }
  if (etag !== undefined && isListed(etag, request.headers['if-none-match'])) return reply.code(304).send();
  const range = requestedRange(request, bytes, etag);
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${bytes}`);
    throw new NgramdError(
      'range-not-satisfiable',
      `The file has ${bytes} bytes, and the range is outside of them.`,
    );
  }
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
  reply.header('content-length', end - start + 1);
  // Of an answer without a body, the stream would be read to its end.
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : await file.read(start, end));
}

/** The only range of a request that concerns this file; undefined if all is to be sent. */
function requestedRange({ headers }: FastifyRequest, bytes: number, etag: string | undefined) {
  const { range, 'if-range': ifRange } = headers;
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const { code, type, ranges } = parse(bytes, range);
  if (type !== 'bytes' || (code & malformed) !== 0 || ranges.length > 1) return undefined;
  return ranges.length === 1 ? ranges[0] : ('unsatisfiable' as const);
}

/** The bit in the code of `parse` for a header that is to be ignored. */
const malformed = 1;

/** Whether a list of entity tags has this one. */
function isListed(etag: string, list: string | undefined): boolean {
  const tags = (list ?? '').split(',').map((tag) => tag.trim());
  return ['*', etag, `W/${etag}`].some((accepted) => tags.includes(accepted));
}
