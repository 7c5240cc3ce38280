import type { FastifyInstance } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { readContentType } from './content-type.ts';
import { uploadTooLarge } from './errors.ts';

/** The content type of a body that is whatever the route expects. */
const anyFile = 'application/octet-stream';

/**
 * Makes the routes of this scope accept files of these types as streams, of at most `maxBytes`. A body without a content
 * type is a file as well.
 */
export function acceptFiles(app: FastifyInstance, types: readonly string[], maxBytes: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, payload, done) => {
    try {
      const { essence } = readContentType(request.headers['content-type'] ?? anyFile);
      if (essence !== anyFile && !types.includes(essence)) throw unsupported(essence, types);
      if (Number(request.headers['content-length']) > maxBytes) throw uploadTooLarge(maxBytes);
      done(null, payload);
    } catch (error) {
      done(error as Error);
    }
  });
}

function unsupported(type: string, types: readonly string[]): NgramdError {
  return new NgramdError(
    'unsupported-media-type',
    `${type} is not accepted here. Send the file as ${[...types, anyFile].join(' or ')} (curl -X POST -T file).`,
  );
}
