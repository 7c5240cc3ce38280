import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { TextMemories } from '../../src/ingest/receiving/text-memory.ts';
import { UploadClient } from '../../src/ingest/receiving/upload-client.ts';
import { WorkerPool } from '../../src/platform/worker-pool.ts';
import { temporaryFolder } from '../http/harness.ts';

/** A pool of one thread, which receives one upload after the other. */
function receivingPool(t: Test): WorkerPool {
  const pool = new WorkerPool(
    new URL('../../src/ingest/receiving/receive-worker.ts', import.meta.url),
    { maxThreads: 1 },
    (error) => t.error(error),
  );
  t.teardown(() => pool.close());
  return pool;
}

const room = (spoolPath: string) => ({
  spoolPath,
  memory: new TextMemories('tokens', 2 ** 30).begin(),
  tableMemory: new TextMemories('tables', 2 ** 30).begin(),
});

const settings = { tokenizer: 'word', order: 3, sequences: 'document' } as const;

t.test('an upload that ends before there is a worker for it ends without an error', async (t) => {
  const folder = temporaryFolder(t);
  const pool = receivingPool(t);
  const begin = (name: string) => new UploadClient(pool, { settings }, room(join(folder, name)));
  const first = begin('first');
  t.equal(await first.write(Buffer.from('the time machine ')), 3);
  const second = begin('second');
  const ended = second.close();
  await setTimeout(100);
  await first.close();
  await ended;
});

t.test('calls that are sent together are answered in their order, also where one fails', async (t) => {
  const pool = receivingPool(t);
  const path = join(temporaryFolder(t), 'text');
  const client = new UploadClient(pool, { settings }, room(path));
  const answers = await Promise.allSettled([
    client.write(Buffer.from('one two ')),
    client.write(Buffer.from('three ')),
    client.write(Buffer.from('four \xff', 'latin1')),
    client.write(Buffer.from('five ')),
  ]);
  t.match(answers.slice(0, 3), [
    { status: 'fulfilled', value: 2 },
    { status: 'fulfilled', value: 3 },
    { status: 'rejected', reason: { code: 'invalid-text' } },
  ]);
  await client.close();
  await t.rejects(client.write(Buffer.from('six')), 'an upload that has ended takes no more');
});
