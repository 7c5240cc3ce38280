import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { negotiate } from '../negotiation.ts';
import { pageQuery } from '../paging.ts';
import { ConcordancePage, ConcordanceQuery } from '../schemas/concordance.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

/** Where words and phrases occur in the text of a corpus. */
export function concordance({ corpora, questions, bulk }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/concordance',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getConcordance',
          summary: 'A phrase in its contexts (KWIC)',
          description:
            'Every occurrence of a phrase with the tokens before and after it, which belong to the same document. Occurrences may overlap. In a corpus of lines the context includes the `</s>` at the ends of lines. A word that the corpus does not have occurs 0 times.',
          tags: ['Corpus linguistics'],
          params: CorpusPath,
          querystring: ConcordanceQuery,
          response: {
            200: ConcordancePage,
            ...problemResponses(400, 404, 406, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        if (negotiate(request, reply, 'Concordances', tableFormats) === 'csv') {
          const address = () => corpora.textAddress(params.corpus);
          const parts = questions.table(reply, 'concordance', query, address);
          const file = `${params.corpus}.concordance`;
          return sendTable(bulk, request, reply, { file, columns: columns.concordance, parts });
        }
        return questions.answerOfText(reply, 'concordance', params.corpus, pageQuery(query));
      },
    );
  };
}
