import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Access } from '../../access/access.ts';
import { shownSecret } from '../../access/api-keys.ts';
import type { RouteScope, Scope } from '../../access/scopes.ts';
import { NgramdError } from '../../errors.ts';
import { callerKey, corpusOf } from './caller.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that the route requires. Each route must declare it. */
    scope?: RouteScope;
  }
}

/**
 * Adds an access check to every route registered from now on, before its body is read. Throws an error for a route that
 * does not declare its scope. Routes that everyone may call get no check.
 */
export function guardRoutes(app: FastifyInstance, access: Access): void {
  app.addHook('onRoute', (route) => {
    const scope = route.config?.scope;
    if (scope === undefined) {
      throw new Error(
        `${route.method} ${route.url} declares no scope: add config: { scope: … } to the route.`,
      );
    }
    if (scope === 'open' || !access.restricts(scope)) return;
    const check: onRequestHookHandler = (request, _reply, done) => {
      checkCaller(access, scope, request);
      done();
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), check];
  });
}

function checkCaller(access: Access, needed: Scope, request: FastifyRequest): void {
  const key = callerKey(access, request);
  if (key === undefined && shownSecret(request.headers) !== undefined) {
    throw new NgramdError('unauthorized', 'The key is not known to this server.');
  }
  access.require(key, needed, corpusOf(request));
}
