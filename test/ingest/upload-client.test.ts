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
  const begin = (name: string) => new UploadClient(pool, { settings }, room(join(folder, name)), () => {});
  const first = begin('first');
  await first.write(Buffer.from('the time machine '));
  t.match(await first.finish(), { tokens: 3 });
  const second = begin('second');
  const ended = second.close();
  await setTimeout(100);
  await first.close();
  await ended;
});

t.test('what is written arrives whole and in order, in however small or large pieces', async (t) => {
  const pool = receivingPool(t);
  const reading = { settings: { ...settings, tokenizer: 'whitespace' } } as const;
  const read: number[] = [0];
  const client = new UploadClient(pool, reading, room(join(temporaryFolder(t), 'text')), (tokens) => {
    t.ok(tokens >= (read.at(-1) as number) && tokens <= 200_000, 'the tokens so far');
    read.push(tokens);
  });
  const words = Array.from({ length: 200_000 }, (_, i) => `w${i % 1000} `).join('');
  const text = Buffer.from(words);
  const sizes = [1, 100, 2 ** 16, 3, 2 ** 19, 2 ** 12];
  for (let at = 0, i = 0; at < text.length; at += sizes[i++ % sizes.length]) {
    await client.write(text.subarray(at, at + sizes[i % sizes.length]));
  }
  t.match(await client.finish(), { documents: 1, tokens: 200_000 });
  t.ok(read.length > 2, 'the tokens are known while the text comes in');
  const { words: distinct } = await client.take();
  t.equal(distinct.size, 1001, '<unk> and the words');
  await client.close();
});

t.test('what is wrong with a text is thrown by a later call, at the latest at its end', async (t) => {
  const pool = receivingPool(t);
  const folder = temporaryFolder(t);
  const begin = (name: string) => new UploadClient(pool, { settings }, room(join(folder, name)), () => {});
  const invalid = Buffer.from('four \xff', 'latin1');
  const short = begin('short');
  await short.write(Buffer.from('one two '));
  await short.write(invalid);
  await t.rejects(short.finish(), { code: 'invalid-text' });
  await short.close();
  await t.rejects(short.write(Buffer.from('six')), 'an upload that has ended takes no more');
  const long = begin('long');
  await long.write(invalid);
  const writing = async () => {
    for (;;) await long.write(Buffer.from('five '));
  };
  await t.rejects(writing(), { code: 'invalid-text' });
  await long.close();
});
