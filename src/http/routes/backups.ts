import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { DiskSpace } from '../../platform/disk-space.ts';
import type { Backup, Store } from '../../store/store.ts';
import { problemResponses } from '../schemas/problems.ts';
import { CorpusPath } from '../schemas.ts';
import type { Services } from '../services.ts';

/** Backups of corpora. */
export function backups({ store, disk }: Services): FastifyPluginAsyncTypebox {
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
        const { file, version, bytes, sha256, createdAt } = await backUp(store, disk, corpus);
        return reply.code(201).send({ file, corpus, version, bytes, sha256, created_at: createdAt });
      },
    );
  };
}

/** Has the store back a corpus up, where there is room on the disk. */
async function backUp(store: Store, disk: DiskSpace, name: string): Promise<Backup> {
  if (store.backup === undefined) throw new NgramdError('not-found', 'This store makes no backups itself.');
  const space = disk.reserve();
  try {
    return await store.backup(name, (bytes) => space.growTo(bytes));
  } catch (error) {
    throw await store.settle(error);
  } finally {
    space.release();
  }
}
