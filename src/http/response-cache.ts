import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Access } from '../access/access.ts';
import type { Corpora } from '../index/corpora.ts';
import type { CorpusVersion } from '../index/corpus.ts';
import { callerKey } from './access/caller.ts';
import { wantsJson } from './negotiation.ts';
import { RecentUrls } from './recent-urls.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The corpus that the response was computed from, and others that the path does not name; null where the response
     * must not be cached.
     */
    asked: Source | null;
  }
}

/** The most characters, or bytes, of all cached responses and their URLs together. */
const maxCharacters = 2 ** 24;

/** What a response was computed from. */
interface Source extends CorpusVersion {
  readonly others?: readonly CorpusVersion[];
}

/** A response and its source. */
interface CachedResponse extends Source {
  readonly payload: string | Buffer;
  /** The header of this name, if the response has one. */
  readonly vary: string | undefined;
}

/**
 * Caches the responses of this scope's routes by URL, for as long as the corpora stay at the versions that they were
 * computed from. A route opts in by setting `request.asked`, as answers from threads do that say their version. A URL
 * is cached when it comes for the second time: if all differ, to keep their responses would take longer than to compute
 * them.
 */
export function cacheResponses(
  app: FastifyInstance,
  { corpora, access }: { corpora: Corpora; access: Access },
): void {
  const responses = new LRUCache<string, CachedResponse>({
    maxSize: maxCharacters,
    sizeCalculation: ({ payload }, url) => payload.length + url.length,
  });
  const recent = new RecentUrls();
  app.decorateRequest('asked', null);
  // After the hooks that check access, and before the question is parsed.
  app.addHook('preParsing', (request, reply, body, done) => {
    const cached =
      request.method === 'GET' && wantsJson(request) ? responses.get(request.originalUrl) : undefined;
    if (cached === undefined) return done(null, body);
    const answer = (isCurrent: boolean) => {
      if (!isCurrent) return done(null, body);
      if (cached.vary !== undefined) reply.header('vary', cached.vary);
      reply.type('application/json; charset=utf-8').send(cached.payload);
    };
    const { parts = [], others } = cached;
    // What the hooks have checked is the corpus that the path names, if it names one.
    if (others !== undefined) {
      const key = callerKey(access, request);
      const names = [cached, ...others].map(({ corpus }) => corpus.name);
      if (!names.every((name) => access.allows(key, 'read', name))) return done(null, body);
    }
    const more = [...parts, ...(others ?? [])];
    const isCurrent =
      more.length === 0 ? corpora.isCurrent(cached.corpus, cached.version) : areCurrent([cached, ...more]);
    if (isCurrent instanceof Promise) isCurrent.then(answer, done);
    else answer(isCurrent);
  });
  const areCurrent = async (sources: readonly CorpusVersion[]) =>
    (await Promise.all(sources.map(({ corpus, version }) => corpora.isCurrent(corpus, version)))).every(
      Boolean,
    );
  app.addHook('onSend', (request, reply, payload, done) => {
    const { asked } = request;
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload);
    if (asked !== null && reply.statusCode === 200 && isWhole) {
      const url = request.originalUrl;
      if (recent.add(url)) {
        const vary = reply.getHeader('vary')?.toString();
        responses.set(url, { ...asked, payload, vary });
      }
    }
    done(null, payload);
  });
}
