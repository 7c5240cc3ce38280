import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { callerKey } from '../access/caller.ts';
import { negotiate } from '../negotiation.ts';
import { pageQuery } from '../paging.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { KeynessPage, KeynessQuery } from '../schemas/keyness.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

/** The words in which a corpus differs from another. */
export function keyness({ corpora, questions, bulk, access }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/keyness',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getKeyness',
          summary: 'The keywords of a corpus, compared with another',
          description:
            'With a and b the counts of a word in the corpus and in the reference, and c and d the numbers of their words: `log_likelihood` = 2 (a ln(a/E1) + b ln(b/E2)), where E1 = c (a + b) / (c + d) and E2 = d (a + b) / (c + d) (Rayson & Garside 2000), and `log_ratio` = log₂((a/c) / (b/d)), where a count of 0 counts as 0.5 (Hardie 2014). `min_count` applies to the corpus in which the word is more frequent. The key must be for both corpora.',
          tags: ['Corpus linguistics'],
          params: CorpusPath,
          querystring: KeynessQuery,
          response: {
            200: KeynessPage,
            ...problemResponses(400, 404, 406, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        access.require(callerKey(access, request), 'read', query.reference);
        const address = () => corpora.address(params.corpus, { adjusted: false });
        const { ref, version } = await corpora.read(query.reference, async ({ ref, version }) => ({
          ref,
          version,
        }));
        const question = { ...query, reference: { store: corpora.store.address, corpus: ref } };
        if (negotiate(request, reply, 'Keywords', tableFormats) === 'csv') {
          const parts = questions.table(reply, 'keyness', question, address);
          const file = `${params.corpus}.keyness`;
          return sendTable(bulk, request, reply, { file, columns: columns.keyness, parts });
        }
        const answer = await questions.answerOfSnapshotInThread(
          reply,
          'keyness',
          params.corpus,
          pageQuery(question),
        );
        // If the reference has changed since, the answer is of a later version, and is not given again.
        if (request.asked !== null) request.asked = { ...request.asked, others: [{ corpus: ref, version }] };
        return answer;
      },
    );
  };
}
