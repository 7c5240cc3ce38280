import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { Text } from '../../ingest/ingest.ts';
import { cursorDecoder, PlaceNumber, pageOf } from '../paging.ts';
import { problemResponses } from '../schemas/problems.ts';
import {
  CorpusPath,
  DocumentPath,
  IdempotencyHeaders,
  PageQuery,
  pageSchema,
  replayedHeader,
  textStreams,
} from '../schemas.ts';
import type { Services } from '../services.ts';
import { Accepted, answerUpload, PreferHeader } from '../upload-answer.ts';
import { readUpload } from '../uploads.ts';
import { invalidField } from '../validation.ts';
import { documentView } from '../views.ts';

const tags = ['Documents'];
const noFields = Type.Object({}, { additionalProperties: false });

const textBody = {
  content: {
    'text/plain': {
      schema: {
        type: 'string',
        description: 'The text, in UTF-8',
        examples: ['the time traveller came back'],
      },
    },
    'application/json': {
      schema: Type.Object({ text: Type.String() }, { additionalProperties: false }),
    },
    'multipart/form-data': {
      schema: Type.Unsafe<object>({
        type: 'object',
        properties: { file: { type: 'array', items: { type: 'string', contentMediaType: 'text/plain' } } },
        required: ['file'],
      }),
    },
    ...textStreams('The text, in UTF-8'),
  },
};

const Added = (description: string) => ({
  description,
  headers: { Location: { type: 'string', description: 'Where the document is' } },
  content: { 'application/json': { schema: Type.Ref('Document') } },
});

/** Adding documents. Belongs into a scope that accepts texts. */
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
            'The server chooses the id. A form with several files adds a document for each, all or nothing, and is answered with `items`.',
          tags,
          params: CorpusPath,
          querystring: noFields,
          headers: Type.Object({ ...IdempotencyHeaders.properties, ...PreferHeader.properties }),
          body: textBody,
          response: {
            201: {
              description: 'The document, or the documents of a form with several files',
              headers: {
                Location: { type: 'string', description: 'Where the document is, if it is one' },
                ...replayedHeader,
              },
              content: {
                'application/json': {
                  schema: Type.Union([
                    Type.Ref('Document'),
                    Type.Object({ items: Type.Array(Type.Ref('Document')) }),
                  ]),
                },
              },
            },
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const { texts } = await readUpload(request, noFields, maxUploadBytes);
        const { id: requestId, headers } = request;
        const key = headers['idempotency-key'];
        const job = ingest.append(request.params.corpus, texts, { key, requestId });
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
          description: 'Safe to repeat: the same text again changes nothing (200).',
          tags,
          params: DocumentPath,
          querystring: noFields,
          headers: PreferHeader,
          body: textBody,
          response: {
            200: Added('The document was there already, with the same text'),
            201: Added('The document'),
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const { corpus, id } = request.params;
        const { texts } = await readUpload(request, noFields, maxUploadBytes);
        const job = ingest.append(corpus, onlyOne(texts, id), { requestId: request.id });
        return answerUpload(request, reply, job);
      },
    );
  };
}

/** The texts under an id, of which there can be but one. */
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

/** Listing, reading and taking back documents. */
export function documents({ corpora, ingest }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/corpora/:corpus/documents',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listDocuments',
          summary: 'List the documents of a corpus, in the order in which they came',
          tags,
          params: CorpusPath,
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: {
            200: pageSchema(Type.Ref('Document'), { version: Type.Integer() }),
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params, query: { cursor, limit } }) => {
        const [after] = decodeCursor(cursor) ?? [0];
        return corpora.read(params.corpus, ({ reader }) => {
          const page = pageOf(reader.documents(after, limit + 1), limit, ({ ordinal }) => [ordinal]);
          return { version: reader.version, ...page, items: page.items.map(documentView) };
        });
      },
    );

    app.get(
      '/corpora/:corpus/documents/:id',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getDocument',
          summary: 'Read about a document',
          tags,
          params: DocumentPath,
          response: {
            200: {
              description: 'The document',
              content: { 'application/json': { schema: Type.Ref('Document') } },
            },
            ...problemResponses(400, 404),
          },
        },
      },
      async ({ params: { corpus, id } }) => {
        const document = corpora.read(corpus, ({ reader }) => reader.document(id));
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
          summary: 'Take a document back',
          description:
            'The corpus is then as if it had never had the document, but that ids of words stay and the version grows: its counts are gone, and so are the words that nothing else has; later documents move up in the token stream.',
          tags,
          params: DocumentPath,
          response: {
            204: { description: 'The document is gone', type: 'null' },
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
