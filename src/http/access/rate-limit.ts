import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../../access/access.ts';
import { NgramdError } from '../../errors.ts';
import { callerKey } from './caller.ts';

/**
 * Limits the requests per minute of every route registered from now on, except those with `config: { rateLimit: false
 * }`: per key or, without a known key, per address (for IPv6, per /64 network).
 */
export async function limitRates(app: FastifyInstance, access: Access, perMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => {
      const key = callerKey(access, request);
      return key === undefined ? `address ${normalizeIP(request.ip)}` : `key ${key.name}`;
    },
    errorResponseBuilder: (_request, { max, after }) =>
      new NgramdError('too-many-requests', `More than ${max} requests in a minute: try again in ${after}.`),
  });
}
