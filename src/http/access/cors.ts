import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** How long a browser may cache the permission. */
const maxAgeSeconds = 600;

/** Lets pages of these origins, or of any with `*`, call the service: with their own key, and without cookies. */
export async function allowOrigins(app: FastifyInstance, origins: string[]): Promise<void> {
  await app.register(cors, {
    origin: origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: [
      'content-disposition',
      'corpus-version',
      'idempotent-replayed',
      'link',
      'location',
      'note',
      'preference-applied',
      'retry-after',
      'x-request-id',
    ],
    maxAge: maxAgeSeconds,
    strictPreflight: false,
  });
}
