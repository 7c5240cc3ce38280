import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Text } from '../../ingest/ingest.ts';
import type { DocumentLabels } from '../../store/store.ts';
import { invalidField } from '../invalid-fields.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import {
  AddedDocuments,
  DocumentPath,
  documentText,
  documentTexts,
  PutDocument,
} from '../schemas/documents.ts';
import { Accepted } from '../schemas/jobs.ts';
import { problemResponses } from '../schemas/problems.ts';
import { DocumentFields, LabelsSchema, PostHeaders, PutHeaders } from '../schemas/uploads.ts';
import type { Services } from '../services.ts';
import { answerUpload } from '../uploads/answer.ts';
import { refuseDocuments } from '../uploads/documents.ts';
import { readLabels } from '../uploads/labels.ts';
import { readUpload } from '../uploads/read-upload.ts';

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
            'The server chooses the id. A form with several files adds a document for each, all or nothing, and returns `items`. `application/x-ndjson` or `application/jsonl`, also as a file of a form: a document per line, a JSON object with its text in `field` and, if it has one, its id in `id_field`; up to 250,000 of them, all or nothing, with lines of up to 16 MiB. Blank lines are skipped. The response has their number, and a line that is not a document refuses all of them.',
          tags,
          params: CorpusPath,
          querystring: DocumentFields,
          headers: PostHeaders,
          body: documentTexts,
          response: {
            201: AddedDocuments,
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const { texts, fields } = await readUpload<DocumentLabels>(request, DocumentFields, maxUploadBytes);
        const labels = readLabels(request, fields);
        const { id: requestId, headers } = request;
        const key = headers['idempotency-key'];
        const job = await ingest.append(request.params.corpus, texts, { key, requestId, labels });
        return answerUpload(ingest.jobs, request, reply, job);
      },
    );

    app.put(
      '/corpora/:corpus/documents/:id',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'putDocument',
          summary: 'Add a document under this id',
          description:
            'Safe to repeat: sending the same text again, with the same title and date if they are given, changes nothing (200).',
          tags,
          params: DocumentPath,
          querystring: LabelsSchema,
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
        const { texts, fields } = await readUpload<DocumentLabels>(request, LabelsSchema, maxUploadBytes);
        const labels = readLabels(request, fields);
        const job = await ingest.append(corpus, onlyOne(texts, id), { requestId: request.id, labels });
        return answerUpload(ingest.jobs, request, reply, job);
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
    if (text.documents !== undefined) refuseDocuments();
    text.id = id;
    yield text;
  }
}
