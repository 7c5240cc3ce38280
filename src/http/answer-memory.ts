import type { FastifyInstance } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Corpora, Corpus } from '../index/corpora.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The corpus that a question was asked of, at which version, where the answer may be given again. */
    asked: { corpus: Pick<Corpus, 'name' | 'reader'>; version: number } | null;
  }
}

/** How many characters the answers and their URLs have together at most. */
const maxCharacters = 2 ** 24;

/** An answer, and what it was read from: not the corpus itself, whose index would stay in memory with it. */
interface Answer {
  readonly from: Pick<Corpus, 'name' | 'reader'>;
  readonly version: number;
  readonly payload: string;
}

/**
 * Gives the answers of this scope's routes again, without a look at the question, as long as the corpus is at the
 * version that they are of. What is answered alike is what has the same URL; a route says with `request.asked` which
 * corpus it asked.
 */
export function rememberAnswers(app: FastifyInstance, corpora: Corpora): void {
  const answers = new LRUCache<string, Answer>({
    maxSize: maxCharacters,
    sizeCalculation: ({ payload }, url) => payload.length + url.length,
  });
  app.decorateRequest('asked', null);
  // After the hooks that let a caller in, and before anything is made of the question.
  app.addHook('preParsing', (request, reply, body, done) => {
    const known = request.method === 'GET' ? answers.get(request.originalUrl) : undefined;
    if (known === undefined || !corpora.isCurrent(known.from, known.version)) return done(null, body);
    reply.type('application/json; charset=utf-8').send(known.payload);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { asked } = request;
    if (asked !== null && reply.statusCode === 200 && typeof payload === 'string') {
      const { version, corpus } = asked;
      const from = { name: corpus.name, reader: corpus.reader };
      answers.set(request.originalUrl, { from, version, payload });
    }
    done(null, payload);
  });
}
