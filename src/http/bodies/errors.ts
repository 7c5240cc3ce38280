import type { FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';

/** What a route accepts beside plain texts: forms, as `curl -F` sends them, NDJSON, counts of n-grams and ARPA files. */
interface AlsoAccepted {
  forms?: string;
  documents?: boolean;
  counts?: boolean;
  arpa?: boolean;
}

/** The error for a content type on a route that accepts texts. */
export function unsupportedText(
  type: string,
  { forms, documents, counts, arpa }: AlsoAccepted = {},
): NgramdError {
  const what =
    type === 'application/x-www-form-urlencoded'
      ? `${type} (what curl -d sends, without the line ends) is not a text.`
      : `${type} is not accepted here.`;
  const ways = [
    "text/plain (curl --data-binary @book.txt -H 'content-type: text/plain', or curl -T book.txt)",
    ...(forms === undefined ? [] : [`multipart/form-data (curl -F ${forms})`]),
    ...(documents ? ['application/x-ndjson (documents in JSON, one per line)'] : []),
    ...(counts ? ['text/tab-separated-values (counts of n-grams)'] : []),
    ...(arpa ? ['text/x-arpa (an ARPA file)'] : []),
  ];
  const listed = ways.map((way) => `as ${way}`).join(', ');
  return new NgramdError('unsupported-media-type', `${what} Send the text ${listed} or in application/json.`);
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
