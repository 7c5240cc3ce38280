import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { isProblem } from '../../errors.ts';
import type { Backup, BackupEntry, StoreBackups } from '../../store/store.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { sendFile } from '../file-parts.ts';
import { cursorDecoder, isText, pageOf } from '../paging.ts';
import { answerRestored } from '../restored.ts';
import {
  BackupFile,
  BackupHeaders,
  BackupList,
  BackupPart,
  BackupPath,
  BegunBackups,
  backupType,
  CreatedBackup,
  ReplacedCorpus,
  RestoreQuery,
} from '../schemas/backups.ts';
import { CorpusPath, CreatedCorpus } from '../schemas/corpora.ts';
import { ListQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import type { Services } from '../services.ts';
import { answerList, type PartQuery } from '../tables.ts';
import { jobView } from '../uploads/views.ts';

const tags = ['Backups'];

/** Where a list continues: after a backup, by its time, its corpus and its name. */
const decodeCursor = cursorDecoder<Place>(isText, isText, isText);
type Place = [createdAt: string, corpus: string, name: string];

/** Makes, lists, sends and deletes backups. */
export function backups({ backups, corpora, access, bulk }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    const pageOfBackups = async (found: BackupEntry[], { cursor, limit }: PartQuery) => {
      const after = decodeCursor(cursor);
      const left = after === undefined ? found : found.filter((entry) => isAfter(placeOf(entry), after));
      const page = pageOf(left, limit, placeOf);
      const items = await Promise.all(page.items.map((entry) => describe(backups.stored, entry)));
      return { ...page, items: items.flat().map(backupView) };
    };

    app.get(
      '/backups',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'listBackups',
          summary: 'List the backups of the corpora that the caller may back up, newest first',
          tags,
          querystring: ListQuery,
          response: { 200: BackupList, ...problemResponses(400, 406, 501) },
        },
      },
      async (request, reply) => {
        const key = callerKey(access, request);
        const found = await backups.stored.list();
        const allowed = found.filter(({ corpus }) => access.allows(key, 'admin', corpus));
        return answerList(bulk, request, reply, {
          subject: 'Backups',
          file: 'backups',
          columns: columns.backups,
          page: (query) => pageOfBackups(allowed, query),
        });
      },
    );

    app.post(
      '/backups',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'createBackups',
          summary: 'Back up all corpora that the caller may back up',
          description:
            'In a job: one corpus after the other. If one fails, the others are backed up nevertheless; the job then fails, and its result names those that failed.',
          tags,
          response: { 202: BegunBackups, ...problemResponses(400, 413, 415, 501) },
        },
      },
      async (request, reply) => {
        const key = callerKey(access, request);
        const names = (await corpora.store.names()).filter((name) => access.allows(key, 'admin', name));
        const job = await backups.createAll(names, request.id);
        return reply.code(202).header('location', `/v1/jobs/${job.id}`).send(jobView(job));
      },
    );

    app.get(
      '/corpora/:corpus/backups',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'listCorpusBackups',
          summary: 'List the backups of a corpus, newest first',
          description: 'Those of a corpus that was deleted or found damaged are listed, too.',
          tags,
          params: CorpusPath,
          querystring: ListQuery,
          response: { 200: BackupList, ...problemResponses(400, 406, 501) },
        },
      },
      async (request, reply) => {
        const { corpus } = request.params;
        const found = await backups.stored.list(corpus);
        return answerList(bulk, request, reply, {
          subject: 'Backups',
          file: `${corpus}.backups`,
          columns: columns.backups,
          page: (query) => pageOfBackups(found, query),
        });
      },
    );

    app.post(
      '/corpora/:corpus/backups',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'createBackup',
          summary: 'Back up a corpus',
          description:
            'Copies one version of the corpus to a file in the folder `backups` of the data folder, and checks the copy. It blocks neither readers nor writers.',
          tags,
          params: CorpusPath,
          response: { 201: CreatedBackup, ...problemResponses(400, 404, 413, 415, 500, 501, 507) },
        },
      },
      async ({ params: { corpus } }, reply) => {
        const backup = await backups.create(corpus);
        reply.header('location', `/v1/corpora/${corpus}/backups/${backup.name}`);
        return reply.code(201).send(backupView(backup));
      },
    );

    app.get(
      '/corpora/:corpus/backups/:backup',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'getBackup',
          summary: 'The file of a backup',
          description:
            'A SQLite file, as it is on disk. A download that was interrupted is continued with `Range` and `If-Range`.',
          tags,
          params: BackupPath,
          headers: BackupHeaders,
          response: {
            200: BackupFile,
            206: BackupPart,
            304: { description: 'The caller has this file', type: 'null' },
            ...problemResponses(400, 404, 416, 501),
          },
        },
      },
      async (request, reply) => {
        const { corpus, backup } = request.params;
        const { bytes, sha256 } = await backups.stored.describe(corpus, backup);
        const read = (start: number, end: number) => backups.stored.read(corpus, backup, start, end);
        const name = `${corpus}-${backup}.sqlite`;
        return sendFile(request, reply, { name, type: backupType, bytes, sha256, read });
      },
    );

    app.post(
      '/corpora/:corpus/backups/:backup/restore',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'restoreBackup',
          summary: 'Restore a backup, under its own or another name',
          description:
            'The file is checked before anything is changed. A corpus that is replaced answers until then, and uploads to it that are in progress fail.',
          tags,
          params: BackupPath,
          querystring: RestoreQuery,
          response: {
            200: ReplacedCorpus,
            201: CreatedCorpus,
            ...problemResponses(400, 404, 409, 413, 415, 422, 501, 507),
          },
        },
      },
      async (request, reply) => {
        const { corpus, backup } = request.params;
        const { to = corpus, replace } = request.query;
        nameCorpus(access, request, 'admin', to);
        const outcome = await backups.restore({ corpus, backup }, { name: to, replace });
        return answerRestored(corpora, reply, to, outcome);
      },
    );

    app.delete(
      '/corpora/:corpus/backups/:backup',
      {
        config: { scope: 'admin' },
        schema: {
          operationId: 'deleteBackup',
          summary: 'Delete a backup',
          tags,
          params: BackupPath,
          response: {
            204: { description: 'The backup was deleted', type: 'null' },
            ...problemResponses(400, 404, 501),
          },
        },
      },
      async ({ params: { corpus, backup } }, reply) => {
        await backups.stored.remove(corpus, backup);
        return reply.code(204).send(null);
      },
    );
  };
}

/** The backup of an entry; none if it has been deleted meanwhile. */
async function describe(stored: StoreBackups, { corpus, name }: BackupEntry): Promise<Backup[]> {
  try {
    return [await stored.describe(corpus, name)];
  } catch (error) {
    if (isProblem(error, 'backup-not-found')) return [];
    throw error;
  }
}

function placeOf({ createdAt, corpus, name }: BackupEntry): Place {
  return [createdAt, corpus, name];
}

/** Whether a place of the list, which is newest first, comes after another one. */
function isAfter(place: Place, other: Place): boolean {
  const at = place.findIndex((part, i) => part !== other[i]);
  return at >= 0 && place[at] < other[at];
}

function backupView({ corpus, name, version, bytes, sha256, isScheduled, file, createdAt }: Backup) {
  return {
    corpus,
    name,
    version,
    bytes,
    ...(sha256 === undefined ? {} : { sha256 }),
    scheduled: isScheduled,
    file,
    created_at: createdAt,
  };
}
