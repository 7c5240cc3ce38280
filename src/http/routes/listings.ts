import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { versionOf } from '../../index/corpus.ts';
import { kindOf } from '../../index/kinds.ts';
import { negotiate } from '../negotiation.ts';
import { pageQuery } from '../paging.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { NGramsPage, NGramsQuery, VocabularyPage, VocabularyQuery } from '../schemas/listings.ts';
import { tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';

const tags = ['Listings'];

/** The vocabulary and the n-grams of a corpus. */
export function listings({ corpora, questions, bulk }: Services): FastifyPluginAsyncTypebox {
  const addressOf = (corpus: string) => () => corpora.address(corpus, { adjusted: false });
  const anyAddressOf = (corpus: string) => () => corpora.snapshotAddress(corpus);
  const counts = { adjusted: false };
  const needs = { ...counts, ofPart: () => counts };
  return async (app) => {
    app.get(
      '/corpora/:corpus/vocabulary',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listVocabulary',
          summary: 'List the vocabulary by id',
          description:
            'Ids never change. Reserved ids: 0 `<unk>`; with `sequences=line` also 1 `<s>` and 2 `</s>`. The new words of a document are numbered by decreasing count. Words that no remaining document contains are not listed; their ids stay reserved for them. A mixture lists the tokens of its parts, without counts; there, a token gets another id when a part that is named before those that have it gets it too, and the earlier id still stands for it.',
          tags,
          params: CorpusPath,
          querystring: VocabularyQuery,
          response: {
            200: VocabularyPage,
            ...problemResponses(400, 404, 406, 409, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        const isMixture = kindOf((await corpora.open(params.corpus)).settings) === 'mixture';
        if (negotiate(request, reply, 'Vocabularies', tableFormats) === 'csv') {
          const parts = isMixture
            ? questions.table(reply, 'mixedVocabulary', query, () =>
                corpora.modelAddress(params.corpus, needs),
              )
            : questions.table(reply, 'vocabulary', query, anyAddressOf(params.corpus));
          const file = `${params.corpus}.vocabulary`;
          return sendTable(bulk, request, reply, { file, columns: columns.vocabulary, parts });
        }
        if (!isMixture)
          return questions.answerOfSnapshot(reply, 'vocabulary', params.corpus, pageQuery(query));
        return questions.answer(reply, 'mixedVocabulary', pageQuery(query), (ask) =>
          corpora.askModel(params.corpus, needs, (corpus) => {
            request.asked = versionOf(corpus);
            return ask(corpus);
          }),
        );
      },
    );

    app.get(
      '/corpora/:corpus/ngrams',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listNGrams',
          summary: 'List the n-grams of one order, or those that match a pattern',
          description:
            'By decreasing count, or by how strongly their words are associated; ties are ordered by the ids of their tokens. The measures are those of NLTK’s `BigramAssocMeasures`, from the counts n of the n-gram and of its words and the number N of all tokens: `pmi` = log₂(n(w1 w2) N / (n(w1) n(w2))), `log_likelihood` = 2 Σ O ln(O/E) over the four cells of the contingency table (Dunning 1993), `t` = (O - E) / √O, `dice` = 2 n(w1 w2) / (n(w1) + n(w2)). `pmi` and `t` are also defined for longer n-grams, with N^(k-1) and the product of k counts; `log_likelihood` and `dice` are defined for two words only. Rare pairs have the highest `pmi`: `min_count` leaves them out.',
          tags,
          params: CorpusPath,
          querystring: NGramsQuery,
          response: {
            200: NGramsPage,
            ...problemResponses(400, 404, 406, 503),
          },
        },
      },
      async (request, reply) => {
        const { params, query } = request;
        if (negotiate(request, reply, 'N-grams', tableFormats) === 'csv') {
          const { order, pattern, sort } = query;
          const all = pattern === undefined ? 'ngrams' : 'matches';
          const name = sort === 'count' ? all : 'associations';
          const parts = questions.table(reply, name, query, addressOf(params.corpus));
          const file = `${params.corpus}.${order === undefined ? 'n' : `${order}-`}grams`;
          const list = sort === 'count' ? columns.ngrams : columns.associations;
          return sendTable(bulk, request, reply, { file, columns: list, parts });
        }
        return questions.answer(reply, 'ngrams', pageQuery(query), (ask) =>
          corpora.ask(params.corpus, { adjusted: false }, ask),
        );
      },
    );
  };
}
