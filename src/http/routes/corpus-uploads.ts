import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { nameCorpus } from '../access/caller.ts';
import { invalidField } from '../invalid-fields.ts';
import {
  CorpusPath,
  CreatedCorpus,
  CreatedOrReplayedCorpus,
  CreateFields,
  PutFields,
  settingsAndText,
} from '../schemas/corpora.ts';
import { Accepted } from '../schemas/jobs.ts';
import { problemResponses } from '../schemas/problems.ts';
import { PostHeaders, PutHeaders } from '../schemas/uploads.ts';
import type { Services } from '../services.ts';
import { answerUpload } from '../uploads/answer.ts';
import { type CorpusFields, createCorpus } from '../uploads/create-corpus.ts';
import { readUpload } from '../uploads/read-upload.ts';

const tags = ['Corpora'];

/** Creates corpora. Register it in a scope that accepts texts. */
export function corpusUploads(services: Services): FastifyPluginAsyncTypebox {
  const { ingest, maxUploadBytes, access } = services;
  return async (app) => {
    app.post(
      '/corpora',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'createCorpus',
          summary: 'Create a corpus',
          description:
            'Creates a corpus from the texts in the body, all or nothing. A JSON body without `text` creates an empty corpus, or with `mixture` a mixture of the models of other corpora.',
          tags,
          querystring: CreateFields,
          headers: PostHeaders,
          body: settingsAndText('CreateCorpus', CreateFields),
          response: {
            201: CreatedOrReplayedCorpus,
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusFields & { name?: string }>(
          request,
          CreateFields,
          maxUploadBytes,
          { createsCorpus: true },
        );
        const { name } = upload.fields;
        if (name === undefined) {
          throw invalidField(
            '/query/name',
            'The corpus has no name: add ?name=… or send name as a field of the body.',
          );
        }
        nameCorpus(access, request, 'write', name);
        const key = request.headers['idempotency-key'];
        const job = await createCorpus(services, request, name, upload, { key });
        return answerUpload(ingest.jobs, request, reply, job);
      },
    );

    app.put(
      '/corpora/:corpus',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'putCorpus',
          summary: 'Create a corpus under this name',
          description:
            'Like createCorpus, and safe to repeat: sending the same texts with the same settings again changes nothing (200). A mixture is replaced by one with other parts or weights.',
          tags,
          params: CorpusPath,
          querystring: PutFields,
          headers: PutHeaders,
          body: settingsAndText('PutCorpus', PutFields),
          response: {
            200: CreatedCorpus,
            201: CreatedCorpus,
            202: Accepted,
            ...problemResponses(400, 404, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusFields>(request, PutFields, maxUploadBytes, {
          createsCorpus: true,
        });
        const { corpus } = request.params;
        const job = await createCorpus(services, request, corpus, upload, { unlessSame: true });
        return answerUpload(ingest.jobs, request, reply, job);
      },
    );
  };
}
