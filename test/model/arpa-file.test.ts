import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { ArpaFiles } from '../../src/model/arpa-file.ts';
import { ModelWorkers } from '../../src/model/model-workers.ts';
import { ArpaThreads } from '../../src/model/streamed-arpa/arpa-threads.ts';
import { WorkerModel } from '../../src/model/worker-model.ts';
import { everything, plainArpa } from './arpa-files.ts';
import { corpusOf } from './models.ts';

/** A text of so many n-grams that orders 2 and 3 have two parts each. */
function largeText(): string {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
  return Array.from({ length: 45_000 }, () => `w${next() % 1000}`).join(' ');
}

/** A model in threads, with the numbers of the questions that were asked and of those that are not answered. */
async function modelInThreads(t: Test, text: string, signal = new AbortController().signal) {
  const corpus = corpusOf(t, [text]);
  const asked = { questions: 0, unanswered: 0 };
  const stage = async <T>(_: string, work: () => Promise<T>) => {
    asked.questions++;
    asked.unanswered++;
    try {
      return await work();
    } finally {
      asked.unanswered--;
    }
  };
  const workers = new ModelWorkers(stage, async (error) => error, t.error);
  t.teardown(() => workers.close());
  const choice = { order: 3, estimator: 'witten-bell', parameters: {} } as const;
  const model = new WorkerModel(workers, { corpus: await corpus.address(), choice }, signal);
  return { corpus, model, asked };
}

/** The files of a service with so much memory for those in progress. */
function arpaFiles(t: Test, memoryBytes: number): ArpaFiles {
  const threads = new ArpaThreads(
    '',
    (_, work) => work(),
    async (error) => error,
    t.error,
  );
  t.teardown(() => threads.close());
  return new ArpaFiles(memoryBytes, threads);
}

const never = new Promise<void>(() => {});

t.test('a file of many parts, which threads write side by side, is whole and in order', async (t) => {
  const { corpus, model } = await modelInThreads(t, largeText());
  const pieces: Uint8Array[] = [];
  for await (const piece of await arpaFiles(t, 2 ** 30).write(model, everything, never)) pieces.push(piece);
  t.ok(Buffer.concat(pieces).toString() === (await corpus.ask('witten-bell', plainArpa)));
});

t.test('a file is written no faster than it is read, and no further when nobody reads it', async (t) => {
  const { model, asked } = await modelInThreads(t, largeText());
  const pieces = (await arpaFiles(t, 2 ** 30).write(model, everything, never))[Symbol.asyncIterator]();
  // The header, the heading of order 1, its n-grams, the heading of order 2, and a part of its n-grams.
  for (let i = 0; i < 5; i++) await pieces.next();
  const settled = async () => {
    for (let before = -1; asked.unanswered > 0 || asked.questions > before; ) {
      before = asked.questions;
      await setTimeout(20);
    }
    return asked.questions;
  };
  const parts = await settled();
  t.ok(parts < 4 * model.threads + 3, `${parts} questions were asked`);
  await pieces.return?.();
  t.equal(await settled(), parts);
});

t.test('files in progress have a memory limit together, which a single one may exceed', async (t) => {
  const { model } = await modelInThreads(t, 'a b c a b d');
  const files = arpaFiles(t, 1);
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  await files.write(model, everything, closed);
  await t.rejects(files.write(model, everything, never), { code: 'unavailable', message: /1 bytes/ });
  close();
  await closed;
  await files.write(model, everything, never);
});

t.test('nothing more is written for a client that has gone', async (t) => {
  const gone = new AbortController();
  const { model } = await modelInThreads(t, 'a b c a b d', gone.signal);
  const pieces = (await arpaFiles(t, 2 ** 30).write(model, everything, never))[Symbol.asyncIterator]();
  gone.abort();
  await t.rejects(
    async () => {
      while (!(await pieces.next()).done);
    },
    { code: 'cancelled' },
  );
});
