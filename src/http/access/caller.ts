import type { FastifyRequest } from 'fastify';
import type { Access } from '../../access/access.ts';
import { type ApiKey, findKey, shownSecret } from '../../access/api-keys.ts';
import type { Scope } from '../../access/scopes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's key, null if it is unknown; absent until it is first needed. */
    apiKey?: ApiKey | null;
    /** The corpus of the request, if its path does not name one. */
    namedCorpus?: string;
  }
}

/** The key of the caller; undefined if it sent no key, or an unknown one. */
export function callerKey({ keys }: Access, request: FastifyRequest): ApiKey | undefined {
  if (keys.length === 0) return undefined;
  if (request.apiKey === undefined) {
    const secret = shownSecret(request.headers);
    request.apiKey = (secret === undefined ? undefined : findKey(keys, secret)) ?? null;
  }
  return request.apiKey ?? undefined;
}

/** The corpus of a request, if it is already known. */
export function corpusOf(request: FastifyRequest): string | undefined {
  return request.namedCorpus ?? (request.params as { corpus?: string }).corpus;
}

/**
 * Records the corpus of a request whose path does not name one. Throws `forbidden` if its caller does not have the
 * route's scope for this corpus.
 */
export function nameCorpus(access: Access, request: FastifyRequest, needed: Scope, corpus: string): void {
  request.namedCorpus = corpus;
  access.require(callerKey(access, request), needed, corpus);
}
