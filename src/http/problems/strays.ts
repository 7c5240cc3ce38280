import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { headError } from '../connection/expectations.ts';
import { queryError } from '../query.ts';
import { shortened } from '../quoted.ts';

/**
 * Rejects requests without a route, requests that HTTP/1.1 requires to be rejected, and malformed queries, before
 * anything of the body is read. Call it after adding the hooks that set headers of every response, and before any
 * route.
 */
export function refuseStrays(app: FastifyInstance): void {
  const methodsOf = collectMethods(app);
  const strayError = ({ method, url }: FastifyRequest, reply: FastifyReply) => {
    const [path] = url.split('?', 1);
    const methods = methodsOf(path);
    // A page of /docs that does not exist has a route.
    if (methods.length === 0 || methods.includes(method)) {
      return new NgramdError(
        'not-found',
        `There is no ${method} ${shortened(url)}; /docs shows every route.`,
      );
    }
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    return new NgramdError(
      'method-not-allowed',
      `${shortened(path)} does not support ${method}, only ${allowed}.`,
    );
  };
  app.addHook('onRequest', (request, reply, done) => {
    done(headError(request) ?? (request.is404 ? strayError(request, reply) : queryError(request)));
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    throw strayError(request, reply);
  });
}

/** Notes every route that is registered from now on; returns a function that lists the methods of a path. */
function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // The plugin for CORS answers OPTIONS under every path.
    if (url === '*') return;
    let route = routes.get(url);
    if (route === undefined) {
      route = { pattern: patternOf(url), methods: new Set() };
      routes.set(url, route);
    }
    for (const each of [method].flat()) route.methods.add(each);
  });
  return (path) => {
    const matching = [...routes.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
  };
}

/** The paths of a route: `:name` stands for one part, `*` for the rest. */
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:[A-Za-z]+/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${source}$`);
}
