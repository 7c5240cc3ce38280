import Fastify from 'fastify';
import t from 'tap';
import { linesNdjson } from '../../src/http/score-answers.ts';
import type { Records } from '../../src/model/score-json.ts';
import { BufferPool } from '../../src/platform/buffer-pool.ts';

const blockBytes = 2 ** 19;

t.test('a stream of records needs few buffers, however long it is', async (t) => {
  const blocks = 60;
  const free = new BufferPool(12);
  let allocated = 0;
  async function* records(): AsyncGenerator<Records> {
    for (let i = 0; i < blocks; i++) {
      const taken = free.take();
      if (taken === undefined) allocated++;
      const memory = taken ?? new ArrayBuffer(blockBytes);
      new Uint8Array(memory).fill(i);
      yield { memory, length: blockBytes, problems: [] };
    }
  }
  const app = Fastify();
  t.teardown(() => app.close());
  app.get('/', async (_request, reply) => reply.send(await linesNdjson(records(), free, reply)));
  const address = await app.listen();
  const answer = Buffer.from(await (await fetch(address)).arrayBuffer());
  t.ok(answer.equals(Buffer.concat(Array.from({ length: blocks }, (_, i) => Buffer.alloc(blockBytes, i)))));
  t.ok(allocated <= 8, `${allocated} buffers`);
});
