import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { Text } from '../../ingest/ingest.ts';
import { cursorDecoder, PlaceNumber, pageOf } from '../paging.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import {
  AddedDocuments,
  DocumentAnswer,
  DocumentList,
  DocumentPath,
  documentText,
  PutDocument,
} from '../schemas/documents.ts';
import { NoFields } from '../schemas/fields.ts';
import { ListQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { Accepted, PostHeaders, PutHeaders } from '../schemas/uploads.ts';
import type { Services } from '../services.ts';
import { answerUpload } from '../uploads/answer.ts';
import { readUpload } from '../uploads/read-upload.ts';
import { invalidField } from '../validation.ts';
import { documentView } from '../views.ts';

const tags = ['Documents'];

/** Adds documents. Register it in a scope that accepts texts. */
export function documentUploads({ ingest, maxUploadBytes }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/documents',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'addDocument',
          summary: 'Add a document',
          description:
            'The server chooses the id. A form with several files adds a document for each, all or nothing, and returns `items`.',
          tags,
          params: CorpusPath,
          querystring: NoFields,
          headers: PostHeaders,
          body: documentText,
          response: {
            201: AddedDocuments,
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const { texts } = await readUpload(request, NoFields, maxUploadBytes);
        const { id: requestId, headers } = request;
        const key = headers['idempotency-key'];
        const job = await ingest.append(request.params.corpus, texts, { key, requestId });
        return answerUpload(request, reply, job);
      },
    );

    app.put(
      '/corpora/:corpus/documents/:id',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'putDocument',
          summary: 'Add a document under this id',
          description: 'Safe to repeat: sending the same text again changes nothing (200).',
          tags,
          params: DocumentPath,
          querystring: NoFields,
          headers: PutHeaders,
          body: documentText,
          response: {
            200: PutDocument('The document already existed, with the same text'),
            201: PutDocument('The document'),
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const { corpus, id } = request.params;
        const { texts } = await readUpload(request, NoFields, maxUploadBytes);
        const job = await ingest.append(corpus, onlyOne(texts, id), { requestId: request.id });
        return answerUpload(request, reply, job);
      },
    );
  };
}

/** The texts under an id, of which there may be one only. */
async function* onlyOne(texts: AsyncIterable<Text>, id: string): AsyncIterable<Text> {
  let seen = 0;
  for await (const text of texts) {
    if (++seen > 1)
      throw invalidField('/body/file', 'One id takes one file: send the others under ids of their own.');
    text.id = id;
    yield text;
  }
}

/** Where the list continues: after the document with an ordinal. */
const decodeCursor = cursorDecoder<[ordinal: number]>(Type.Tuple([PlaceNumber]));

/** Lists, reads and deletes documents. */
export function documents({ corpora, ingest }: Services): FastifyPluginAsyncTypebox {
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
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query: { cursor, limit } }) => {
        const [after] = decodeCursor(cursor) ?? [0];
        return corpora.read(params.corpus, async (snapshot) => {
          const found = await snapshot.documents(after, limit + 1);
          const page = pageOf(found, limit, ({ ordinal }) => [ordinal]);
          return { version: snapshot.version, ...page, items: page.items.map(documentView) };
        });
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
