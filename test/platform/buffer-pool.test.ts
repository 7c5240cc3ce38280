import t from 'tap';
import { BufferPool } from '../../src/platform/buffer-pool.ts';

const large = 2 ** 20;

t.test('a buffer that was given back is taken again, by one at a time', async (t) => {
  const memory = new BufferPool(4);
  t.equal(memory.take(), undefined);
  const bytes = new ArrayBuffer(large);
  memory.giveBack(bytes);
  t.equal(memory.take(), bytes);
  t.equal(memory.take(), undefined);
});

t.test('the largest buffers are kept, and small ones are not', async (t) => {
  const memory = new BufferPool(4);
  const sizes = [3, 6, 1, 5, 2, 4].map((size) => size * large);
  for (const size of [...sizes, 100]) memory.giveBack(new ArrayBuffer(size));
  t.same(
    Array.from({ length: 5 }, () => memory.take()?.byteLength),
    [6 * large, 5 * large, 4 * large, 3 * large, undefined],
  );
});
