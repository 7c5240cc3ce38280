import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NgramdError } from '../../errors.ts';
import { negotiate } from '../negotiation.ts';
import { pageQuery } from '../paging.ts';
import { documents as documentsPage } from '../questions/listings.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { DocumentAnswer, DocumentList, DocumentPath } from '../schemas/documents.ts';
import { ListQuery, tableFormats } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { sendTable } from '../tables.ts';
import { documentView } from '../views.ts';

const tags = ['Documents'];

/** Lists, reads and deletes documents. */
export function documents({ corpora, ingest, questions, bulk }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/documents',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listDocuments',
          summary: 'List the documents of a corpus in the order in which they were added',
          tags,
          params: CorpusPath,
          querystring: ListQuery,
          response: {
            200: DocumentList,
            ...problemResponses(400, 404, 406, 503),
          },
        },
      },
      async (request, reply) => {
        const { corpus } = request.params;
        if (negotiate(request, reply, 'Documents', tableFormats) === 'csv') {
          const address = () => corpora.snapshotAddress(corpus);
          const parts = questions.table(reply, 'documents', request.query, address);
          return sendTable(bulk, request, reply, {
            file: `${corpus}.documents`,
            columns: columns.documents,
            parts,
          });
        }
        const query = pageQuery(request.query);
        return corpora.read(corpus, (snapshot) => documentsPage(snapshot, query));
      },
    );

    app.get(
      '/corpora/:corpus/documents/:id',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getDocument',
          summary: 'Read the metadata of a document',
          tags,
          params: DocumentPath,
          response: {
            200: DocumentAnswer,
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params: { corpus, id } }) => {
        const document = await corpora.read(corpus, (snapshot) => snapshot.document(id));
        if (document === undefined) {
          throw new NgramdError(
            'document-not-found',
            `The corpus ${corpus} has no document ${JSON.stringify(id)}.`,
          );
        }
        return documentView(document);
      },
    );

    app.delete(
      '/corpora/:corpus/documents/:id',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'deleteDocument',
          summary: 'Delete a document',
          description:
            'Afterwards the corpus is as if the document had never been added, except that the ids of words stay and the version grows: its counts are removed, and so are words that no other document has; later documents move up in the token stream.',
          tags,
          params: DocumentPath,
          response: {
            204: { description: 'The document was deleted', type: 'null' },
            ...problemResponses(400, 404, 507),
          },
        },
      },
      async ({ params: { corpus, id } }, reply) => {
        await ingest.takeBack(corpus, id);
        return reply.code(204).send(null);
      },
    );
  };
}
