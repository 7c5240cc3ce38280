import { setTimeout } from 'node:timers/promises';
import type { JobStatus } from '../ingest/job.ts';
import { heartbeat, serverSentEvent } from './server-sent-events.ts';
import { jobView } from './uploads/views.ts';

/** How often a followed job is polled, and after what silence a heartbeat is sent, in milliseconds. */
const pollInterval = 200;
const heartbeatInterval = 15_000;

/**
 * The events of a job until it ends or its follower disconnects. The job is polled with `find`: it has no listeners.
 */
export async function* jobEvents(
  find: () => Promise<JobStatus>,
  isOver: () => boolean,
): AsyncGenerator<string, void> {
  let sent = '';
  let sentAt = 0;
  for (; !isOver(); await setTimeout(pollInterval)) {
    const job = await find();
    if (job.outcome !== undefined) {
      yield serverSentEvent('end', jobView(job));
      return;
    }
    const progress = serverSentEvent('progress', jobView(job));
    if (progress !== sent) yield progress;
    else if (Date.now() - sentAt > heartbeatInterval) yield heartbeat;
    else continue;
    sent = progress;
    sentAt = Date.now();
  }
}
