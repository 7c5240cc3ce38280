import { setImmediate, setTimeout } from 'node:timers/promises';
import t from 'tap';
import type { Uploaded } from '../../src/ingest/job.ts';
import { Jobs } from '../../src/ingest/jobs.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';

const task = { operation: 'add-documents', corpus: 'book', requestId: 'r', totalBytes: undefined } as const;
const done: Uploaded = { added: true, documents: [] };

/** A job whose work the test ends. */
function start(jobs: Jobs) {
  let end: (outcome: Uploaded | Error) => void = () => {};
  const job = jobs.start(task, async () => {
    const outcome = await new Promise<Uploaded | Error>((resolve) => {
      end = resolve;
    });
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
  return {
    job,
    end: async (outcome: Uploaded | Error) => {
      end(outcome);
      await job.over;
    },
  };
}

t.test('of the jobs that ended the last ones are kept for a while, those under way for good', async (t) => {
  const jobs = new Jobs({ max: 2, ttl: 100 });
  const { job: open } = start(jobs);
  const started = Array.from({ length: 3 }, () => start(jobs));
  for (const { end } of started) await end(done);
  const ended = started.map(({ job }) => job);
  await setImmediate();
  const numbers = () => jobs.list(Number.POSITIVE_INFINITY).map(({ number }) => number);
  t.same(numbers(), [4, 3, 1]);
  t.throws(() => jobs.get(ended[0].id), { code: 'job-not-found' });
  t.equal(jobs.get(ended[2].id), ended[2]);
  await setTimeout(150);
  t.same(numbers(), [1]);
  t.throws(() => jobs.get(ended[2].id), { code: 'job-not-found' });
  t.equal(jobs.get(open.id), open);
});

t.test('a job goes through its stages, and ends as its work does', async (t) => {
  const jobs = new Jobs();
  const { job, end } = start(jobs);
  const worker = new UploadProgress(job.progress.memory);
  t.equal(job.state, 'receiving');
  job.receive(10, 2);
  const received = job.whenReceived();
  job.receivedAll();
  await received;
  for (const stage of ['waiting', 'counting', 'merging', 'committing'] as const) {
    if (stage !== 'waiting') worker.enter(stage);
    t.equal(job.state, stage);
  }
  await end(done);
  t.equal(job.state, 'succeeded');
  t.equal(await job.whenEnded(), done);

  const { job: failing, end: fail } = start(jobs);
  const error = new Error('no');
  await fail(error);
  t.equal(failing.state, 'failed');
  t.equal(await failing.whenReceived().catch((thrown) => thrown), error);
});

t.test('either an upload is cancelled or it is committed, whichever comes first', async (t) => {
  for (const last of ['waiting', 'counting', 'merging'] as const) {
    const { job, end } = start(new Jobs());
    const worker = new UploadProgress(job.progress.memory);
    worker.enter(last);
    worker.checkpoint();
    t.ok(job.cancel());
    t.ok(job.signal.aborted);
    t.equal(job.state, 'cancelled');
    t.throws(() => worker.checkpoint(), { code: 'cancelled' });
    t.throws(() => worker.enter('committing'), { code: 'cancelled' });
    await t.rejects(job.whenEnded(), { code: 'cancelled' });
    await end(done);
    t.equal(job.state, 'cancelled', 'whatever its work comes to');
  }
  const { job, end } = start(new Jobs());
  const worker = new UploadProgress(job.progress.memory);
  worker.enter('committing');
  t.notOk(job.cancel());
  worker.checkpoint();
  t.notOk(job.signal.aborted);
  await end(done);
  t.equal(job.state, 'succeeded');
  t.notOk(job.cancel());
});
