import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.ts';
import { callerKey, corpusOf } from './caller.ts';

/**
 * Adds an audit log to every changing route registered from now on: who called it, and how it was answered. The line is
 * written when the answer is decided, even if the caller has disconnected by then.
 */
export function auditWrites(app: FastifyInstance, access: Access): void {
  app.addHook('onRoute', (route) => {
    const scope = route.config?.scope;
    const isWrite =
      (scope === 'write' || scope === 'admin') && route.method !== 'GET' && route.method !== 'HEAD';
    if (!isWrite) return;
    const operation = (route.schema as { operationId?: string } | undefined)?.operationId;
    const log = async (request: FastifyRequest, reply: FastifyReply) => {
      const corpus = corpusOf(request);
      const caller = callerKey(access, request)?.name ?? 'anonymous';
      const { ip: remoteAddress } = request;
      request.log.info(
        { audit: true, operation, corpus, caller, remoteAddress, status: reply.statusCode },
        'write',
      );
    };
    route.onSend = [...[route.onSend ?? []].flat(), log];
  });
}
