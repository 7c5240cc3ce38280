import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { NgramdError } from '../../src/errors.ts';
import type { Uploaded } from '../../src/ingest/job.ts';
import { Jobs } from '../../src/ingest/jobs.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import { MemoryJobs } from '../store/memory-jobs.ts';

const task = {
  operation: 'add-documents',
  corpora: ['book'],
  requestId: 'r',
  totalBytes: undefined,
} as const;
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
  let now = 1;
  const kept = { max: 2, ttl: 1000, ttlResolution: 0, perf: { now: () => now } };
  const jobs = new Jobs(undefined, kept);
  const { job: open } = start(jobs);
  const started = Array.from({ length: 3 }, () => start(jobs));
  for (const { end } of started) await end(done);
  const ended = started.map(({ job }) => job);
  await setImmediate();
  const numbers = async () => (await jobs.list(Number.POSITIVE_INFINITY)).map(({ number }) => number);
  t.same(await numbers(), [4, 3, 1]);
  await t.rejects(jobs.find(ended[0].id), { code: 'job-not-found' });
  t.equal(await jobs.find(ended[2].id), ended[2]);
  now += 1001;
  t.same(await numbers(), [1]);
  await t.rejects(jobs.find(ended[2].id), { code: 'job-not-found' });
  t.equal(await jobs.find(open.id), open);
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
  const ended = job.whenEnded();
  await end(done);
  t.equal(job.state, 'succeeded');
  t.equal(await ended, done);
  t.same(job.outcome, { result: { added: true, documents: 0 } });

  const { job: failing, end: fail } = start(jobs);
  const failed = failing.whenEnded();
  const error = new Error('no');
  await fail(error);
  t.equal(failing.state, 'failed');
  await t.rejects(failed, error);
  await t.rejects(failing.whenReceived(), { message: 'no' });
});

t.test('either an upload is cancelled or it is committed, whichever comes first', async (t) => {
  for (const last of ['waiting', 'counting', 'merging'] as const) {
    const { job, end } = start(new Jobs());
    const worker = new UploadProgress(job.progress.memory);
    worker.enter(last);
    worker.checkpoint();
    const ended = job.whenEnded();
    t.ok(job.cancel());
    t.ok(job.signal.aborted);
    t.equal(job.state, 'cancelled');
    t.throws(() => worker.checkpoint(), { code: 'cancelled' });
    t.throws(() => worker.enter('committing'), { code: 'cancelled' });
    await t.rejects(ended, { code: 'cancelled' });
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

t.test('of what a job came to, a size is kept that does not depend on it', async (t) => {
  const document = { id: '1', tokens: 1, bytes: 1, sha256: 'f'.repeat(64), version: 2, createdAt: 'now' };
  const kept = async (outcome: Uploaded | Error) => {
    const { job, end } = start(new Jobs());
    await end(outcome);
    return job.outcome;
  };
  t.same(await kept({ added: true, documents: [document] }), { result: { added: true, document } });
  const documents = Array.from({ length: 10_000 }, () => document);
  t.same(await kept({ added: false, replayed: true, documents }), {
    result: { added: false, replayed: true, documents: 10_000 },
  });
  const errors = Array.from({ length: 100 }, (_, i) => ({ pointer: `/body/${i}`, detail: 'd'.repeat(1e6) }));
  for (const error of [
    new NgramdError('invalid-text', 'm'.repeat(1e6), errors),
    Object.assign(new Error('m'.repeat(1e6)), { code: 'ECONNRESET', held: Buffer.alloc(1e6) }),
  ]) {
    const outcome = (await kept(error)) as { error: Error & { code?: string } };
    t.equal(outcome.error.code, error.code);
    t.match(outcome.error.message, /^m{2000}…$/);
    t.ok(JSON.stringify({ ...outcome.error, message: outcome.error.message }).length < 50_000);
  }
});

t.test('where jobs are shared, each process finds those of all, as they are', async (t) => {
  const shared = new MemoryJobs();
  const [one, other] = [new Jobs(shared), new Jobs(shared)];
  const { job, end } = start(one);
  job.receive(10, 2);
  await one.publish();
  t.match(await other.find(job.id), {
    id: job.id,
    task,
    state: 'receiving',
    received: { bytes: 10, tokens: 2 },
  });
  const failing = start(other);
  await failing.end(
    new NgramdError('document-exists', 'There is one.', [{ pointer: '/path', detail: 'It.' }]),
  );
  const crashing = start(other);
  await crashing.end(Object.assign(new Error('no'), { statusCode: 503 }));
  await other.publish();
  for (const jobs of [one, other]) {
    const listed = await jobs.list(Number.POSITIVE_INFINITY);
    t.same(
      listed.map(({ id, state }) => [id, state]),
      [
        [crashing.job.id, 'failed'],
        [failing.job.id, 'failed'],
        [job.id, 'receiving'],
      ],
    );
  }
  const failure = (await one.find(failing.job.id)).outcome as { error: NgramdError };
  t.ok(failure.error instanceof NgramdError);
  t.match(failure.error, {
    code: 'document-exists',
    message: 'There is one.',
    errors: [{ pointer: '/path' }],
  });
  const crash = (await one.find(crashing.job.id)).outcome as { error: Error };
  t.notOk(crash.error instanceof NgramdError);
  t.match(crash.error, { message: 'no', statusCode: 503 });
  await end(done);
  await one.publish();
  t.match(await other.find(job.id), {
    state: 'succeeded',
    outcome: { result: { added: true, documents: 0 } },
  });
  await t.rejects(other.cancel(job.id), { code: 'job-not-cancellable' });
  await t.rejects(other.cancel('none'), { code: 'job-not-found' });
});

t.test('another process cancels a job, unless it is too late', async (t) => {
  const shared = new MemoryJobs();
  const [one, other] = [new Jobs(shared), new Jobs(shared)];
  const { job, end } = start(one);
  await one.publish();
  job.whenEnded().catch(() => {});
  t.match(await other.cancel(job.id), { id: job.id, state: 'cancelled' });
  t.equal(job.state, 'cancelled');
  t.match(await other.cancel(job.id), { state: 'cancelled' }, 'once more');
  await end(done);

  const late = start(one);
  late.job.receivedAll();
  new UploadProgress(late.job.progress.memory).enter('committing');
  await one.publish();
  await t.rejects(other.cancel(late.job.id), { code: 'job-not-cancellable', message: /being committed/ });
  await late.end(done);
});

t.test('a job whose process has died has failed', async (t) => {
  const shared = new MemoryJobs();
  const [one, other] = [new Jobs(shared), new Jobs(shared)];
  const { job, end } = start(one);
  await one.publish();
  shared.orphan();
  const found = await other.find(job.id);
  t.match(found, {
    state: 'failed',
    outcome: { error: { code: 'unavailable', message: /process .* has ended/ } },
  });
  await t.rejects(other.cancel(job.id), { code: 'job-not-cancellable' });
  await end(done);
});
