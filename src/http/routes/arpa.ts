import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type ArpaRequest, sendArpa } from '../arpa-answers.ts';
import { invalidField } from '../invalid-fields.ts';
import { ArpaFile, ArpaQuery } from '../schemas/arpa.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

/** Writes the model as a file for other tools. */
export function arpa(services: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/arpa',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getArpa',
          summary: 'The model as an ARPA file',
          description:
            'Streamed, from one version of the corpus; the same file each time; compressed for clients that accept gzip. For estimators that are back-off models: modified-kneser-ney, kneser-ney, absolute-discounting, witten-bell, and laplace up to order 2. `prune`, `vocabulary` and `prune_entropy` make it smaller, one after the other.',
          tags: ['Export'],
          params: CorpusPath,
          querystring: ArpaQuery,
          response: {
            200: ArpaFile,
            ...problemResponses(400, 404, 503, 507),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        const vocabulary = query.vocabulary === undefined ? undefined : { top: readTop(query.vocabulary) };
        const requested: ArpaRequest = { corpus: params.corpus, query, vocabulary };
        return sendArpa(services, request, reply, requested);
      },
    );
  };
}

/** K of `top:K`. Throws `invalid-request` for everything else. */
function readTop(vocabulary: string): number {
  const [, digits] = /^top:([1-9][0-9]{0,8})$/.exec(vocabulary) ?? [];
  if (digits !== undefined) return Number(digits);
  throw invalidField(
    '/query/vocabulary',
    "The vocabulary in a query is top: and a number of words, such as top:50000. Send a list of words as the body of a POST request (curl --data-binary @words.txt -H 'content-type: text/plain').",
  );
}
