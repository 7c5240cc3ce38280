import type { FastifyError } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { invalidFields, type SchemaError } from '../invalid-fields.ts';

/** The largest size of the request line and the headers together, in bytes. */
export const maxHeaderBytes = 16 * 1024;

/**
 * The error that an error of Fastify, its plugins, the HTTP parser or the socket stands for; undefined if it is ours.
 */
export function asClientError(error: unknown): NgramdError | undefined {
  const { code, message, statusCode, validation, validationContext } = error as FastifyError;
  if (validation !== undefined) {
    const part = { querystring: '/query', params: '/path', body: '/body', headers: '/headers' };
    return invalidFields(part[validationContext as keyof typeof part], validation as SchemaError[]);
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const detail =
      'The Content-Type header is malformed. Send application/json or, where a text is accepted, text/plain.';
    return new NgramdError('unsupported-media-type', detail);
  }
  if (statusCode === 413) return new NgramdError('content-too-large', `${message}.`);
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') {
    return new NgramdError('invalid-request', 'A part of the path is longer than any name or id.');
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
    return new NgramdError('request-timeout', 'The request line and the headers were not received in time.');
  }
  if (code?.startsWith('HPE_')) return new NgramdError('invalid-request', `This is not HTTP: ${message}.`);
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new NgramdError('upload-cut-off', 'The connection was closed before the whole text was received.');
  }
  if (statusCode === 404) return new NgramdError('not-found', `${message}.`);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new NgramdError('invalid-request', message);
  }
  return undefined;
}
