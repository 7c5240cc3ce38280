import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Job, Uploaded } from '../../ingest/job.ts';
import type { Jobs } from '../../ingest/jobs.ts';
import { toProblem } from '../problems/problem.ts';
import { jobView, uploadAnswer } from './views.ts';

/**
 * Sends the result of an upload or, if the client prefers that, its job as soon as the text has been received. The
 * request keeps what it holds, such as its slot among the concurrent uploads, until the job is over.
 */
export async function answerUpload(
  jobs: Jobs,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job<Uploaded>,
) {
  try {
    if (prefersAsync(request.headers.prefer)) await accept(jobs, request, reply, job);
    else {
      const uploaded = await job.whenEnded();
      const { status, location, body } = uploadAnswer(job.task.corpora[0], uploaded);
      if (uploaded.replayed === true) reply.header('idempotent-replayed', 'true');
      if (location !== undefined) reply.header('location', location);
      reply.code(status).send(body);
    }
  } catch (error) {
    reply.send(error);
  }
  await job.over;
  return reply;
}

async function accept(
  jobs: Jobs,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job<Uploaded>,
): Promise<void> {
  const ended = job.whenEnded();
  await job.whenReceived();
  // From now on, every process is asked for it; if the store does not answer, it is informed later.
  await jobs.publish().catch(() => {});
  ended.catch((error) => {
    if (toProblem(error, request.id).status >= 500) request.log.error(error);
  });
  reply
    .code(202)
    .header('location', `/v1/jobs/${job.id}`)
    .header('preference-applied', 'respond-async')
    .send(jobView(job));
}

/** Whether `respond-async` is among the preferences, which may have values, also in quotes, and parameters. */
function prefersAsync(prefer: string | string[] | undefined): boolean {
  const preferences = [prefer]
    .flat()
    .join()
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  return preferences.split(',').some((preference) => /^\s*respond-async\s*(;|$)/i.test(preference));
}
