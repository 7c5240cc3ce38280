import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import t from 'tap';
import { BufferPool } from '../../src/http/buffer-pool.ts';

const newReply = () => ({ raw: new EventEmitter() }) as unknown as FastifyReply;
const large = 2 ** 20;

t.test('the memory of an answer is used again when it has been sent, and not before', async (t) => {
  const memory = new BufferPool();
  const reply = newReply();
  t.equal(memory.take(), undefined);
  const bytes = new ArrayBuffer(large);
  memory.giveBackAfter(reply, bytes);
  t.equal(memory.take(), undefined);
  reply.raw.emit('finish');
  t.equal(memory.take(), bytes);
  t.equal(memory.take(), undefined, 'only by one answer at a time');
});

t.test('the largest pieces of memory are kept, and small ones are not', async (t) => {
  const memory = new BufferPool();
  const sizes = [3, 6, 1, 5, 2, 4].map((size) => size * large);
  for (const size of [...sizes, 100]) {
    const reply = newReply();
    memory.giveBackAfter(reply, new ArrayBuffer(size));
    reply.raw.emit('finish');
  }
  t.same(
    Array.from({ length: 5 }, () => memory.take()?.byteLength),
    [6 * large, 5 * large, 4 * large, 3 * large, undefined],
  );
});
