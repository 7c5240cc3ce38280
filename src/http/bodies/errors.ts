import type { FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';

/**
 * The error for a content type on a route that accepts texts, where `forms` shows how, also forms of texts, and with
 * `documents` NDJSON.
 */
export function unsupportedText(type: string, forms: string | undefined, documents = false): NgramdError {
  const what =
    type === 'application/x-www-form-urlencoded'
      ? `${type} (what curl -d sends, without the line ends) is not a text.`
      : `${type} is not accepted here.`;
  const form = forms === undefined ? '' : `, as multipart/form-data (curl -F ${forms})`;
  const lines = documents ? ', documents in JSON, one per line, as application/x-ndjson,' : '';
  return new NgramdError(
    'unsupported-media-type',
    `${what} Send the text as text/plain (curl --data-binary @book.txt -H 'content-type: text/plain', or curl -T book.txt)${form}${lines} or in application/json.`,
  );
}

/** The error for an upload of more than `maxBytes`. */
export function uploadTooLarge(maxBytes: number): NgramdError {
  return new NgramdError(
    'content-too-large',
    `The upload is larger than ${maxBytes} bytes, the limit of this server (MAX_UPLOAD_BYTES).`,
  );
}

/** The error for a body that is held in memory and larger than its route accepts. */
export function bodyTooLarge({ routeOptions }: FastifyRequest): NgramdError {
  return new NgramdError(
    'content-too-large',
    `This body is held in memory, and may have at most ${routeOptions.bodyLimit} bytes after decompression.`,
  );
}
