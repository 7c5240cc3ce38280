import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { ngramsByCount } from '../../analysis/ngrams-by-count.ts';
import { vocabularyPage } from '../../analysis/vocabulary-page.ts';
import { decodeIntegers, encodeCursor } from '../cursor.ts';
import { checkOrder } from '../model-query.ts';
import { problemResponses } from '../problem.ts';
import { CorpusPath, defaulted, PageQuery, pageOf } from '../schemas.ts';
import type { Services } from '../services.ts';

const tags = ['Listings'];

/** What a corpus counts: its vocabulary and its n-grams. */
export function listings({ corpora }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/vocabulary',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listVocabulary',
          summary: 'List the vocabulary by id',
          description:
            'Ids are stable for good. Reserved: 0 `<unk>`; with `sequences=line` also 1 `<s>` and 2 `</s>`. The words that a document brought are numbered by falling count. A word of which nothing is left since documents were taken back is not listed; its id is kept for it.',
          tags,
          params: CorpusPath,
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: {
            200: pageOf(Type.Object({ id: Type.Integer(), token: Type.String(), count: Type.Integer() }), {
              version: Type.Integer(),
            }),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query: { cursor, limit } }) => {
        const [from] = cursor === undefined ? [0] : decodeIntegers(cursor, 1, 1);
        return corpora.read(params.corpus, ({ reader }) => {
          const found = vocabularyPage(reader, from, limit + 1);
          const page = { version: reader.version, items: found.slice(0, limit) };
          return found.length > limit ? { ...page, next_cursor: encodeCursor([found[limit].id]) } : page;
        });
      },
    );

    app.get(
      '/corpora/:corpus/ngrams',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listNGrams',
          summary: 'List the n-grams of one order by falling count',
          description: 'Ties are listed by the ids of their tokens.',
          tags,
          params: CorpusPath,
          querystring: Type.Object(
            {
              order: defaulted(
                Type.Integer({
                  minimum: 1,
                  maximum: 6,
                  default: 1,
                  description: 'Length of the n-grams',
                }),
              ),
              ...PageQuery,
            },
            { additionalProperties: false },
          ),
          response: {
            200: pageOf(
              Type.Object({ rank: Type.Integer(), ngram: Type.Array(Type.String()), count: Type.Integer() }),
              { version: Type.Integer(), order: Type.Integer() },
            ),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query: { cursor, limit, order } }) => {
        const [rank, count, ...ids] = cursor === undefined ? [] : decodeIntegers(cursor, 2 + order, order);
        const last = cursor === undefined ? undefined : { rank, count, ngram: ids };
        return corpora.readIndexed(params.corpus, ({ reader, index, tokens }) => {
          checkOrder(reader.settings, order, '/query');
          const found = ngramsByCount(index, order, reader.countsOfCounts(order), last, limit + 1);
          const page = found.slice(0, limit);
          const items = page.map(({ rank, ngram, count }) => ({
            rank,
            ngram: ngram.map((id) => tokens.token(id)),
            count,
          }));
          const { version } = reader;
          if (found.length <= limit) return { version, order, items };
          const { rank, count, ngram } = page[limit - 1];
          return { version, order, items, next_cursor: encodeCursor([rank, count, ...ngram]) };
        });
      },
    );
  };
}
