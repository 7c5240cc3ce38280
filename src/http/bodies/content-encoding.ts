import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { bodyTooLarge, uploadTooLarge } from './errors.ts';
import { gunzip } from './gunzip.ts';
import { leftOpen, limited } from './limited.ts';

/** The maximum number of times a body may be compressed: once, and once more if a compressed file is sent. */
export const maxLayers = 2;

/**
 * How often gzip was applied, according to a Content-Encoding header (RFC 9110, 8.4). `subject` begins the sentence of
 * an error. Throws `unsupported-media-type` for other codings, and for gzip more than twice.
 */
export function gzipLayers(header: string, subject = 'The body'): number {
  const codings = header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > maxLayers || codings.some((coding) => coding !== 'gzip' && coding !== 'x-gzip')) {
    throw new NgramdError(
      'unsupported-media-type',
      `${subject} has the Content-Encoding ${header.trim()} and may have gzip, at most twice, or identity.`,
    );
  }
  return codings.length;
}

/**
 * Decompresses the bodies of this scope's routes according to their Content-Encoding. A decompressed body has at most
 * `maxUploadBytes` or, for JSON, the limit of its route. Compressed forms are refused.
 */
export function decodeBodies(app: FastifyInstance, maxUploadBytes: number): void {
  const decode: preParsingHookHandler = (request, reply, payload, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined) return done(null, payload);
    try {
      // If another coding is refused, this header names the accepted one (RFC 9110, 12.5.3).
      reply.header('accept-encoding', 'gzip');
      const layers = gzipLayers(encoding);
      reply.removeHeader('accept-encoding');
      if (layers === 0) return done(null, payload);
      if (request.mediaType?.startsWith('multipart/')) {
        throw new NgramdError(
          'unsupported-media-type',
          'A form must not be compressed: compress the files in it, or send a single text or JSON with Content-Encoding: gzip.',
        );
      }
      const [most, tooLarge] = limitOf(request, maxUploadBytes);
      // Fastify compares the header content-length with this.
      const sent = { length: 0 };
      // The output of the last layer is limited where it is read.
      let bytes: AsyncIterable<Uint8Array> = counted(payload as Readable, sent);
      for (let layer = 1; layer <= layers; layer++) bytes = gunzip(limited(bytes, most, tooLarge));
      const body = Readable.from(bytes, { objectMode: false });
      Object.defineProperty(body, 'receivedEncodedLength', { get: () => sent.length });
      // A reader gets the error as well; if the request is refused meanwhile, this is the only listener.
      body.on('error', () => {});
      reply.raw.once('close', () => body.destroy());
      done(null, body);
    } catch (error) {
      done(error as Error);
    }
  };
  app.addHook('onRoute', (route) => {
    if (route.schema?.body === undefined) return;
    route.preParsing = [decode, ...[route.preParsing ?? []].flat()];
  });
}

/** The maximum size of a compressed body, and the error for larger ones. */
function limitOf(
  request: FastifyRequest,
  maxUploadBytes: number,
): [most: number, tooLarge: () => NgramdError] {
  return request.mediaType === 'application/json'
    ? [request.routeOptions.bodyLimit, () => bodyTooLarge(request)]
    : [maxUploadBytes, () => uploadTooLarge(maxUploadBytes)];
}

async function* counted(body: Readable, sent: { length: number }): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of leftOpen(body)) {
    sent.length += chunk.length;
    yield chunk;
  }
}
