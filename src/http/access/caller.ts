import type { FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.ts';
import { type ApiKey, findKey, shownSecret } from '../../access/api-keys.ts';
import type { Scope } from '../../access/scopes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the caller showed, null where it is none of ours; absent until somebody asks. */
    apiKey?: ApiKey | null;
    /** The corpus that the request is about, where its path does not name it. */
    namedCorpus?: string;
  }
}

/** The key of the caller, undefined where it showed none of ours. */
export function callerKey({ keys }: Access, request: FastifyRequest): ApiKey | undefined {
  if (keys.length === 0) return undefined;
  if (request.apiKey === undefined) {
    const secret = shownSecret(request.headers);
    request.apiKey = (secret === undefined ? undefined : findKey(keys, secret)) ?? null;
  }
  return request.apiKey ?? undefined;
}

/** The corpus that a request is about, as far as it is known yet. */
export function corpusOf(request: FastifyRequest): string | undefined {
  return request.namedCorpus ?? (request.params as { corpus?: string }).corpus;
}

/**
 * Says which corpus a request is about whose path does not name it. Throws `forbidden` where its caller may not do with
 * this one what needs the scope.
 */
export function nameCorpus(access: Access, request: FastifyRequest, needed: Scope, corpus: string): void {
  request.namedCorpus = corpus;
  access.require(callerKey(access, request), needed, corpus);
}
