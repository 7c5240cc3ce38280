import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import t from 'tap';
import { PageMemory } from '../../src/http/page-memory.ts';

const newReply = () => ({ raw: new EventEmitter() }) as unknown as FastifyReply;
const large = 2 ** 20;

t.test('the memory of an answer is used again when it has been sent, and not before', async (t) => {
  const memory = new PageMemory();
  const [first, second, third] = [newReply(), newReply(), newReply()];
  const bytes = memory.of(first)(large);
  t.equal(bytes.length, large);
  const meanwhile = memory.of(second)(large);
  t.not(meanwhile.buffer, bytes.buffer);
  first.raw.emit('finish');
  const again = memory.of(third)(large - 8);
  t.equal(again.buffer, bytes.buffer);
  t.equal(again.length, large - 8);
  t.not(memory.of(third)(large).buffer, bytes.buffer, 'only by one answer at a time');
});

t.test('memory that is too small, and small memory, is not used again', async (t) => {
  const memory = new PageMemory();
  const [first, second] = [newReply(), newReply()];
  const tooSmall = memory.of(first)(large);
  const small = memory.of(first)(100);
  t.equal(small.length, 100);
  first.raw.emit('finish');
  t.not(memory.of(second)(large + 1).buffer, tooSmall.buffer);
  t.not(memory.of(second)(100).buffer, small.buffer);
});
