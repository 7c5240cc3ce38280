import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { NgramdError } from '../../errors.ts';
import type { DiskSpace } from '../../platform/disk-space.ts';
import type { Backup, Store } from '../../store/store.ts';
import { BackupAnswer } from '../schemas/backups.ts';
import { CorpusPath } from '../schemas/corpora.ts';
import { problemResponses } from '../schemas/problems.ts';
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
          summary: 'Back up a corpus',
          description:
            'Copies one version of the corpus to a file in the folder `backups` of the data folder, and verifies the copy. It blocks neither readers nor writers. To restore, copy the file back (docs/operations.md).',
          tags: ['Corpora'],
          params: CorpusPath,
          response: {
            201: BackupAnswer,
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
