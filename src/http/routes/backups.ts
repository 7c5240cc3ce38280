import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath } from '../schemas.ts';
import type { Services } from '../services.ts';

/** Backups of corpora. */
export function backups({ backups }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/corpora/:corpus/backup',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'backUpCorpus',
          summary: 'Back a corpus up',
          description:
            'Copies the corpus, as it is at one version, into a file of the folder `backups` in the data folder, and checks the copy. Nobody who reads or writes waits. Restoring is copying the file back (docs/operations.md).',
          tags: ['Corpora'],
          params: CorpusPath,
          response: {
            201: Type.Object(
              {
                file: Type.String({ description: 'Its path below the data folder' }),
                corpus: Type.String(),
                version: Type.Integer({ description: "The corpus's version that it holds" }),
                bytes: Type.Integer({ description: 'Size of the file' }),
                sha256: Type.String({ description: 'Of the file' }),
                created_at: Type.String({ format: 'date-time' }),
              },
              { description: 'The backup, which is on disk' },
            ),
            ...problemResponses(400, 404, 413, 415, 500, 507),
          },
        },
      },
      async ({ params: { corpus } }, reply) => {
        const { file, version, bytes, sha256, createdAt } = await backups.create(corpus);
        return reply.code(201).send({ file, corpus, version, bytes, sha256, created_at: createdAt });
      },
    );
  };
}
