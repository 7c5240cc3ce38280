import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { NgramdError } from '../../errors.ts';
import { checkGivenOnce } from '../query.ts';
import { readContentType } from './content-type.ts';
import { unsupportedText, uploadTooLarge } from './errors.ts';
import { maxJsonBytes } from './json.ts';
import { readText } from './text.ts';

/** The content types of compressed texts. */
export const gzipTypes = ['application/gzip', 'application/x-gzip'];

/** The content type of ARPA files. */
export const arpaType = 'text/x-arpa';

/** The content types of JSON values, one per line. */
export const ndjsonTypes = ['application/x-ndjson', 'application/jsonl'];

/** The content type of counts of n-grams. */
export const countsType = 'text/tab-separated-values';

/** The texts that the routes of a scope accept. */
export interface AcceptedTexts {
  maxUploadBytes: number;
  /** How `curl -F` sends a form, if forms are accepted. */
  forms?: string;
  /** Whether documents in JSON, one per line, are accepted, and counts of n-grams. */
  documents?: boolean;
  counts?: boolean;
  /** Whether ARPA files are accepted. */
  arpa?: boolean;
}

/**
 * Makes the routes of this scope accept texts: as a stream (`text/plain`, `application/octet-stream`,
 * `application/gzip` or no content type), in JSON and, with `forms`, as `multipart/form-data`; with `documents` also as
 * NDJSON.
 */
export function acceptTexts(app: FastifyInstance, { maxUploadBytes, ...accepted }: AcceptedTexts): void {
  const { forms, documents, counts, arpa } = accepted;
  const types = new Set(['text/plain', 'application/octet-stream', ...gzipTypes]);
  if (forms !== undefined) types.add('multipart/form-data');
  if (documents) for (const type of ndjsonTypes) types.add(type);
  if (counts) types.add(countsType);
  if (arpa) types.add(arpaType);
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', (request, payload, done) => {
    try {
      const { essence } = readContentType(request.headers['content-type'] ?? 'text/plain');
      if (!types.has(essence)) throw unsupportedText(essence, accepted);
      done(null, payload);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (Number(request.headers['content-length']) > maxUploadBytes) throw uploadTooLarge(maxUploadBytes);
    return payload;
  });
  app.addHook('preValidation', async (request) => {
    const { body } = request;
    if (typeof body === 'object' && body !== null && !(body instanceof Readable))
      checkGivenOnce(request, body);
  });
  app.addHook('onRoute', (route) => {
    route.bodyLimit = Math.min(route.bodyLimit ?? maxJsonBytes, maxUploadBytes);
  });
}

/**
 * The text that is a request's body, as it is received. Throws `tooLarge` after `most` bytes, and `invalid-text` as
 * `readText` does.
 */
export function textOfBody(
  request: FastifyRequest,
  most: number,
  tooLarge: () => NgramdError = () => uploadTooLarge(most),
): AsyncIterable<Uint8Array> {
  return readText(request.body as Readable, {
    most,
    tooLarge,
    isGzip: isDeclaredGzip(request),
    mayBeJson: isNdjson(request),
  });
}

/** Whether a body is JSON values, one per line, by its content type. */
export function isNdjson({ mediaType }: FastifyRequest): boolean {
  return ndjsonTypes.includes(mediaType ?? '');
}

/**
 * Whether a body is declared gzip by its content type alone. A client that also declares the encoding means the same
 * compression by both; a file that was compressed twice is detected by its content.
 */
export function isDeclaredGzip({ headers, mediaType }: FastifyRequest): boolean {
  return headers['content-encoding'] === undefined && gzipTypes.includes(mediaType ?? '');
}
