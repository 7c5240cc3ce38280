import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { CorpusSettings, DocumentLabels } from '../../store/store.ts';
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
import { readLabels } from '../uploads/labels.ts';
import { readUpload, type Upload } from '../uploads/read-upload.ts';
import { readArpaSettings, readSettings } from '../uploads/settings.ts';

const tags = ['Corpora'];

/** Creates corpora. Register it in a scope that accepts texts. */
export function corpusUploads({ ingest, maxUploadBytes, access }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    const create = (
      request: FastifyRequest,
      name: string,
      { fields, wordList, texts, given, isOfCounts }: Upload<CorpusSettings & DocumentLabels>,
      options: { unlessSame?: boolean; key?: string | undefined },
    ) =>
      ingest.create(name, readSettings(request, fields, wordList, isOfCounts), texts, {
        ...options,
        labels: readLabels(request, fields),
        wordList: wordList?.bytes,
        settingsOfArpa: (content) => readArpaSettings(request, fields, given, content),
        requestId: request.id,
      });

    app.post(
      '/corpora',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'createCorpus',
          summary: 'Create a corpus',
          description:
            'Creates a corpus from the texts in the body, all or nothing. A JSON body without `text` creates an empty corpus.',
          tags,
          querystring: CreateFields,
          headers: PostHeaders,
          body: settingsAndText('CreateCorpus', CreateFields),
          response: {
            201: CreatedOrReplayedCorpus,
            202: Accepted,
            ...problemResponses(400, 409, 413, 415, 422, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings & DocumentLabels & { name?: string }>(
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
        return answerUpload(ingest.jobs, request, reply, await create(request, name, upload, { key }));
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
            'Like createCorpus, and safe to repeat: sending the same texts with the same settings again changes nothing (200).',
          tags,
          params: CorpusPath,
          querystring: PutFields,
          headers: PutHeaders,
          body: settingsAndText('PutCorpus', PutFields),
          response: {
            200: CreatedCorpus,
            201: CreatedCorpus,
            202: Accepted,
            ...problemResponses(400, 409, 413, 415, 507),
          },
        },
      },
      async (request, reply) => {
        const upload = await readUpload<CorpusSettings & DocumentLabels>(request, PutFields, maxUploadBytes, {
          createsCorpus: true,
        });
        const { corpus } = request.params;
        return answerUpload(
          ingest.jobs,
          request,
          reply,
          await create(request, corpus, upload, { unlessSame: true }),
        );
      },
    );
  };
}
