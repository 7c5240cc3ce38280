import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../access/scopes.ts';
import type { JobStatus } from '../../ingest/job.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { jobEvents } from '../job-events.ts';
import { cursorDecoder, isPosition, pageOf } from '../paging.ts';
import { CancelledJob, JobAnswer, JobEvents, JobList, JobPath } from '../schemas/jobs.ts';
import { ListQuery } from '../schemas/pages.ts';
import { problemResponses } from '../schemas/problems.ts';
import { columns } from '../schemas/tables.ts';
import { sendEvents } from '../server-sent-events.ts';
import type { Services } from '../services.ts';
import { answerList, type PartQuery } from '../tables.ts';
import { jobView } from '../uploads/views.ts';

const tags = ['Jobs'];

/** Where the list continues: after the job with a number. */
const decodeCursor = cursorDecoder<[number: number]>(isPosition);

/** Following and cancelling uploads and backups. */
export function jobs({ ingest, access, bulk }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    let isClosing = false;
    app.addHook('preClose', async () => {
      isClosing = true;
    });

    const find = async (request: FastifyRequest, needed: Scope, id: string): Promise<JobStatus> => {
      const job = await ingest.jobs.find(id);
      const scope = neededFor(job, needed);
      const { corpora } = job.task;
      if (corpora.length === 1) nameCorpus(access, request, scope, corpora[0]);
      else
        for (const corpus of [undefined, ...corpora])
          access.require(callerKey(access, request), scope, corpus);
      return job;
    };

    const jobsPage = async (request: FastifyRequest, { cursor, limit }: PartQuery) => {
      const [below] = decodeCursor(cursor) ?? [Number.POSITIVE_INFINITY];
      const key = callerKey(access, request);
      const mayRead = (job: JobStatus) =>
        [undefined, ...job.task.corpora].every((corpus) =>
          access.allows(key, neededFor(job, 'read'), corpus),
        );
      const found = (await ingest.jobs.list(below)).filter(mayRead);
      const page = pageOf(found, limit, ({ number }) => [number]);
      return { ...page, items: page.items.map(jobView) };
    };

    app.get(
      '/jobs',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listJobs',
          summary:
            'List uploads and backups in progress or recently ended, newest first, of the corpora that the caller may read',
          tags,
          querystring: ListQuery,
          response: { 200: JobList, ...problemResponses(400, 406) },
        },
      },
      async (request, reply) =>
        answerList(bulk, request, reply, {
          subject: 'Jobs',
          file: 'jobs',
          columns: columns.jobs,
          page: (query) => jobsPage(request, query),
        }),
    );

    app.get(
      '/jobs/:id',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getJob',
          summary: 'The progress and the result of an upload or of backups',
          description:
            'Only the last 1,000 jobs that have ended are kept, for an hour. With STORE=clickhouse, jobs are found at every process, and a job whose process has died has failed. Otherwise they are kept in memory and do not survive a restart. Committed changes are in the corpus in any case.',
          tags,
          params: JobPath,
          response: { 200: JobAnswer, ...problemResponses(400, 404) },
        },
      },
      async (request) => jobView(await find(request, 'read', request.params.id)),
    );

    app.get(
      '/jobs/:id/events',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'followJob',
          summary: 'Follow a job, as server-sent events',
          description:
            'Sends an event `progress` with the job when it has changed, at most a few times per second, and finally `end` with the ended job. If the stream closes without `end`, request it again.',
          tags,
          params: JobPath,
          response: {
            200: JobEvents,
            ...problemResponses(400, 404),
          },
        },
      },
      async (request, reply) => {
        const { id } = await find(request, 'read', request.params.id);
        // When the service stops it ends the stream; a connection that is kept alive would delay that.
        reply.header('connection', 'close');
        return sendEvents(
          reply,
          jobEvents(
            () => ingest.jobs.find(id),
            () => isClosing || reply.raw.closed,
          ),
        );
      },
    );

    app.delete(
      '/jobs/:id',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'cancelJob',
          summary: 'Cancel a job: nothing of an upload is added to the corpus',
          description:
            'An upload that is being committed, or has ended, cannot be cancelled (409). Backups that were made stay.',
          tags,
          params: JobPath,
          response: { 200: CancelledJob, ...problemResponses(400, 404, 409) },
        },
      },
      async (request) => {
        const { id } = await find(request, 'write', request.params.id);
        return jobView(await ingest.jobs.cancel(id));
      },
    );
  };
}

/** The scope that a request about a job needs: whoever may see or cancel backups may make them. */
function neededFor({ task }: JobStatus, needed: Scope): Scope {
  return task.operation === 'create-backups' ? 'admin' : needed;
}
