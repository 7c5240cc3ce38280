import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { negotiate } from '../negotiation.ts';
import { pageQuery } from '../paging.ts';
import { CollocatesPage, CollocatesQuery } from '../schemas/collocates.ts';
import { ConcordancePage, ConcordanceQuery } from '../schemas/concordance.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

/** Where words and phrases occur in the text of a corpus, and what is near them. */
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
            ...problemResponses(400, 404, 406, 409, 503),
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

    app.get(
      '/corpora/:corpus/collocates',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getCollocates',
          summary: 'The words near a word or phrase',
          description:
            'Words that occur within a window on each side of the node, in the same document and the same line. The measures compare the tokens near the node with all tokens: with O the count, R the tokens near the node, C the occurrences of the word, N all tokens of the corpus and E = R C / N they are `pmi` = log₂(O/E), `t` = (O - E) / √O, `dice` = 2 O / (R + C), and `log_likelihood` = 2 Σ O ln(O/E) over the four cells of the contingency table (Evert 2008, surface co-occurrence). A token that is near two occurrences counts once.',
          tags: ['Corpus linguistics'],
          params: CorpusPath,
          querystring: CollocatesQuery,
          response: {
            200: CollocatesPage,
            ...problemResponses(400, 404, 406, 409, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        if (negotiate(request, reply, 'Collocates', tableFormats) === 'csv') {
          const address = () => corpora.textAddress(params.corpus);
          const parts = questions.table(reply, 'collocates', query, address);
          const file = `${params.corpus}.collocates`;
          return sendTable(bulk, request, reply, { file, columns: columns.collocates, parts });
        }
        return questions.answerOfText(reply, 'collocates', params.corpus, pageQuery(query));
      },
    );
  };
}
