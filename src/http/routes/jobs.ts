import { setTimeout } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Scope } from '../../access/scopes.ts';
import { NgramdError } from '../../errors.ts';
import type { Job } from '../../ingest/job.ts';
import { callerKey, nameCorpus } from '../access/caller.ts';
import { cursorDecoder, PlaceNumber, pageOf } from '../paging.ts';
import { problemResponses } from '../schemas/problems.ts';
import { JobPath, PageQuery, pageSchema } from '../schemas.ts';
import { heartbeat, sendEvents, serverSentEvent } from '../server-sent-events.ts';
import type { Services } from '../services.ts';
import { jobView } from '../views.ts';

const tags = ['Jobs'];

/** How often a listener's job is looked at, and after what silence it gets a heartbeat, in milliseconds. */
const lookInterval = 200;
const heartbeatInterval = 15_000;

const JobAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: Type.Ref('Job') } },
});

/** Where the list continues: after the job with a number. */
const decodeCursor = cursorDecoder<[number: number]>(Type.Tuple([PlaceNumber]));

/** Following and cancelling uploads. */
export function jobs({ ingest, access }: Services): FastifyPluginAsyncTypebox {
  return async (app) => {
    let isClosing = false;
    app.addHook('preClose', async () => {
      isClosing = true;
    });

    const find = (request: FastifyRequest, needed: Scope, id: string): Job => {
      const job = ingest.jobs.get(id);
      nameCorpus(access, request, needed, job.task.corpus);
      return job;
    };

    app.get(
      '/jobs',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'listJobs',
          summary:
            'List the uploads under way and those that ended lately, the newest first, of the corpora that the caller may read',
          tags,
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: { 200: pageSchema(Type.Ref('Job'), {}), ...problemResponses(400) },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const [below] = decodeCursor(cursor) ?? [Number.POSITIVE_INFINITY];
        const key = callerKey(access, request);
        const found = ingest.jobs.list(below).filter(({ task }) => access.allows(key, 'read', task.corpus));
        const page = pageOf(found, limit, ({ number }) => [number]);
        return { ...page, items: page.items.map(jobView) };
      },
    );

    app.get(
      '/jobs/:id',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'getJob',
          summary: 'How far an upload is, and what came of it',
          description:
            'Jobs are kept in memory: not over a restart, and of those that have ended the last 1,000 for an hour. What was committed is in the corpus.',
          tags,
          params: JobPath,
          response: { 200: JobAnswer('The job'), ...problemResponses(400, 404) },
        },
      },
      async (request) => jobView(find(request, 'read', request.params.id)),
    );

    app.get(
      '/jobs/:id/events',
      {
        config: { scope: 'read' },
        schema: {
          operationId: 'followJob',
          summary: 'Follow an upload, as server-sent events',
          description:
            'An event `progress` with the job when it has changed, some times a second at most, and at last `end` with the job that has ended. A stream that closes without `end` can be asked for again.',
          tags,
          params: JobPath,
          response: {
            200: {
              description: 'The events',
              content: {
                'text/event-stream': {
                  schema: Type.Unsafe<unknown>({ type: 'string', description: 'The job, as it changes' }),
                },
              },
            },
            ...problemResponses(400, 404),
          },
        },
      },
      async (request, reply) => {
        const job = find(request, 'read', request.params.id);
        // The stream may be ended by the service's end, which a connection kept alive would hold up.
        reply.header('connection', 'close');
        return sendEvents(
          reply,
          events(job, () => isClosing || reply.raw.closed),
        );
      },
    );

    app.delete(
      '/jobs/:id',
      {
        config: { scope: 'write' },
        schema: {
          operationId: 'cancelJob',
          summary: 'Cancel an upload: nothing of it gets into the corpus',
          description: 'An upload that is being committed, or has ended, cannot be cancelled (409).',
          tags,
          params: JobPath,
          response: { 200: JobAnswer('The job, cancelled'), ...problemResponses(400, 404, 409) },
        },
      },
      async (request) => {
        const job = find(request, 'write', request.params.id);
        if (!job.cancel()) throw notCancellable(job);
        return jobView(job);
      },
    );
  };
}

/** The events of a job until it ends or nobody listens any more. The job is looked at, and knows of no listener. */
async function* events(job: Job, isOver: () => boolean): AsyncGenerator<string, void> {
  let said = '';
  let saidAt = 0;
  for (; !isOver(); await setTimeout(lookInterval)) {
    if (job.outcome !== undefined) {
      yield serverSentEvent('end', jobView(job));
      return;
    }
    const progress = serverSentEvent('progress', jobView(job));
    if (progress !== said) yield progress;
    else if (Date.now() - saidAt > heartbeatInterval) yield heartbeat;
    else continue;
    said = progress;
    saidAt = Date.now();
  }
}

function notCancellable({ id, state }: Job): NgramdError {
  const detail = {
    succeeded: 'has succeeded: delete what it added, if you do not want it',
    failed: 'has failed by itself, and nothing of it is in the corpus',
  }[state as string];
  return new NgramdError(
    'job-not-cancellable',
    `The job ${id} ${detail ?? 'is being committed: wait for it to end'}.`,
  );
}
