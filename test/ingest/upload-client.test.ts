import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Piscina } from 'piscina';
import t from 'tap';
import { UploadClient } from '../../src/ingest/upload-client.ts';
import { UploadProgress } from '../../src/ingest/upload-progress.ts';
import { temporaryFolder } from '../http/harness.ts';

const settings = { tokenizer: 'word', order: 3, sequences: 'document' } as const;

t.test('an upload that ends before there is a worker for it ends without an error', async (t) => {
  const folder = temporaryFolder(t);
  const pool = new Piscina({
    filename: new URL('../../src/ingest/worker.ts', import.meta.url).href,
    maxThreads: 1,
  });
  t.teardown(() => pool.close());
  const begin = (name: string) =>
    new UploadClient(pool, settings, join(folder, name), new UploadProgress().memory);
  const first = begin('first');
  t.equal(await first.write(Buffer.from('the time machine ')), 3);
  const second = begin('second');
  const ended = second.close();
  await setTimeout(100);
  await first.close();
  await ended;
});

t.test('calls that are sent together are answered in their order, also where one fails', async (t) => {
  const pool = new Piscina({
    filename: new URL('../../src/ingest/worker.ts', import.meta.url).href,
    maxThreads: 1,
  });
  t.teardown(() => pool.close());
  const path = join(temporaryFolder(t), 'text');
  const client = new UploadClient(pool, settings, path, new UploadProgress().memory);
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
