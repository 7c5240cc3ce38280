import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ArpaPart, ArpaPlace } from '../../model/arpa.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { queryParameters } from '../estimator-parameters.ts';
import { chooseModel, inWorker } from '../questions/models.ts';
import { ArpaFile, ArpaQuery } from '../schemas/arpa.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

/** How many n-grams are written at a stretch. */
const partNGrams = 20_000;

/** The model as a file that other tools read. */
export function arpa({ corpora, workers }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/arpa',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getArpa',
          summary: 'The model as an ARPA file',
          description:
            'Streamed, from one version of the corpus; the same file each time. For estimators that are back-off models: modified-kneser-ney, kneser-ney, absolute-discounting, witten-bell, and laplace up to order 2.',
          tags: ['Export'],
          params: CorpusPath,
          querystring: ArpaQuery,
          response: {
            200: ArpaFile,
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      async ({ params: { corpus }, query }, reply) => {
        const part = '/query';
        const chosen = await chooseModel(corpora, corpus, part, query, queryParameters(query), true);
        const signal = disconnectSignal(reply);
        const ask = (place?: ArpaPlace) =>
          inWorker(part, workers.ask('writeArpa', { ...chosen, place, limit: partNGrams }, signal));
        const file = `${corpus}.${chosen.choice.order}.${query.estimator}.arpa`;
        const first = await ask();
        return reply
          .type('text/plain; charset=utf-8')
          .header('content-disposition', `attachment; filename="${file}"`)
          .send(Readable.from(allParts(first, ask)));
      },
    );
  };
}

/** The parts of a file, each asked for while the one before is sent. */
async function* allParts(
  first: ArpaPart,
  ask: (place: ArpaPlace) => Promise<ArpaPart>,
): AsyncGenerator<string, void> {
  for (let part: ArpaPart | undefined = first; part !== undefined; ) {
    const next: Promise<ArpaPart> | undefined = part.next && ask(part.next);
    next?.catch(() => {});
    yield part.text;
    part = await next;
  }
}
