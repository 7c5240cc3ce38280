import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { callerKey } from '../access/caller.ts';
import { listedCorpora } from '../listed-corpora.ts';
import { cursorDecoder, isText, pageOf } from '../paging.ts';
import { CorpusAnswer, CorpusList, CorpusPath } from '../schemas/corpora.ts';
import { ListQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { answerList, type PartQuery } from '../tables.ts';
import { corpusView } from '../views.ts';

const tags = ['Corpora'];

/** Where the list continues: after a name. */
const decodeCursor = cursorDecoder<[name: string]>(isText);

/** Lists, reads and deletes corpora. */
export function corpora(services: Services): FastifyPluginAsyncTypebox {
  const { corpora, ingest, access, bulk } = services;
  const corporaPage = async (request: FastifyRequest, { cursor, limit }: PartQuery) => {
    const [after] = decodeCursor(cursor) ?? [''];
    const key = callerKey(access, request);
    const names = (await corpora.store.names()).filter(
      (name) => name > after && access.allows(key, 'read', name),
    );
    const page = pageOf(names, limit, (name) => [name]);
    return { ...page, items: await listedCorpora(services, request, page.items, corpusView) };
  };
  return async (app) => {
    app.get(
      '/corpora',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listCorpora',
          summary: 'List the corpora that the caller may read',
          tags,
          querystring: ListQuery,
          response: {
            200: CorpusList,
            ...problemResponses(400, 406),
          },
        },
      },
      async (request, reply) =>
        answerList(bulk, request, reply, {
          subject: 'Corpora',
          file: 'corpora',
          columns: columns.corpora,
          page: (query) => corporaPage(request, query),
        }),
    );

    app.get(
      '/corpora/:corpus',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getCorpus',
          summary: 'Read a corpus: its settings and sizes',
          tags,
          params: CorpusPath,
          response: {
            200: CorpusAnswer,
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params }) =>
        corpusView(params.corpus, await corpora.read(params.corpus, (snapshot) => snapshot.summary())),
    );

    app.delete(
      '/corpora/:corpus',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'deleteCorpus',
          summary: 'Delete a corpus permanently',
          tags,
          params: CorpusPath,
          response: {
            204: { description: 'The corpus was deleted', type: 'null' },
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params }, reply) => {
        await ingest.remove(params.corpus);
        return reply.code(204).send(null);
      },
    );
  };
}
