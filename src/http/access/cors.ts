import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** How long a browser may remember what it was allowed. */
const maxAgeSeconds = 600;

/** Lets pages of these origins, or of any where `*` is one, call the service; without cookies, with a key of their own. */
export async function allowOrigins(app: FastifyInstance, origins: string[]): Promise<void> {
  await app.register(cors, {
    origin: origins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: [
      'idempotent-replayed',
      'link',
      'location',
      'preference-applied',
      'retry-after',
      'x-request-id',
    ],
    maxAge: maxAgeSeconds,
    strictPreflight: false,
  });
}
