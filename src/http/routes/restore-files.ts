import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { uploadTooLarge } from '../bodies/errors.ts';
import { limited } from '../bodies/limited.ts';
import { invalidField } from '../invalid-fields.ts';
import { answerRestored } from '../restored.ts';
import { backupBody, ReplacedCorpus, RestoreFileQuery } from '../schemas/backups.ts';
import { CorpusPath, CreatedCorpus } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
import type { Services } from '../services.ts';

/** Restores corpora from files that are sent. Register it in a scope that accepts files. */
export function restoreFiles({ backups, corpora, maxUploadBytes }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/restore',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'restoreFile',
          summary: 'Restore a corpus from the file of a backup',
          description:
            'The file is received completely and checked before anything is changed: its SHA-256, that it is the file of a corpus, its schema (files of older versions are migrated), and that it is intact.',
          tags: ['Backups'],
          params: CorpusPath,
          querystring: RestoreFileQuery,
          body: backupBody,
          response: {
            200: ReplacedCorpus,
            201: CreatedCorpus,
            ...problemResponses(400, 409, 413, 415, 422, 501, 507),
          },
        },
      },
      async (request, reply) => {
        const { body, params, query } = request;
        if (!(body instanceof Readable)) {
          throw invalidField('/body', 'The request has no body: there is no file to restore.');
        }
        const file = limited(body, maxUploadBytes, () => uploadTooLarge(maxUploadBytes));
        const target = { name: params.corpus, replace: query.replace };
        const outcome = await backups.restore({ file, sha256: query.sha256 }, target);
        return answerRestored(corpora, reply, params.corpus, outcome);
      },
    );
  };
}
