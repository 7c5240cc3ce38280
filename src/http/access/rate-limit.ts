import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../../access/access.ts';
import { NgramdError } from '../../errors.ts';
import { callerKey } from './caller.ts';

/**
 * Has each route that is added from now on, but for those with `config: { rateLimit: false }`, answer at most so many
 * requests a minute of a key or, where none of ours is shown, of an address (of IPv6, a /64 network).
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
      new NgramdError('too-many-requests', `More than ${max} requests in a minute: ask again in ${after}.`),
  });
}
