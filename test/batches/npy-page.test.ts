import fc from 'fast-check';
import t from 'tap';
import { createNpy } from '../../src/batches/npy.ts';
import { NpyPage } from '../../src/batches/npy-page.ts';
import { placeRows, planPage, readPage } from '../../src/batches/page.ts';

t.test('a page that is copied part by part is the page that is read as a whole', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('random' as const, 'sequential' as const),
      fc.record({ batchSize: fc.integer({ min: 1, max: 70 }), numSteps: fc.integer({ min: 1, max: 300 }) }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(3),
      fc.nat(200_000),
      async (strategy, shape, limit, start, length) => {
        const tokens = Int32Array.from({ length }, (_, i) => Math.imul(i, 2_654_435_761) >>> 2);
        const choice = { ...shape, strategy, seed: 1, epoch: 2, start, limit, rank: 0, worldSize: 1 };
        const plan = planPage(length, choice);
        const firsts = new Float64Array(plan.batches * plan.batchSize);
        placeRows(plan, 0, plan.batches, firsts);
        const page = new NpyPage(plan, tokens, firsts);
        const parts = [...page.parts((bytes) => new ArrayBuffer(bytes + 7))];
        const joint = Buffer.concat(parts.map(({ memory, length }) => new Uint8Array(memory, 0, length)));
        const source = {
          isKept: true,
          load: async () => {},
          copy: (first: number, length: number, target: Int32Array, start: number) =>
            target.set(tokens.subarray(first, first + length), start),
        };
        const whole = await readPage(source, length, choice, Buffer.alloc);
        t.equal(joint.length, page.bytes);
        t.ok(joint.equals(whole.npy));
      },
    ),
    { numRuns: 300 },
  );
});

t.test('a row that is longer than a part is a part', async (t) => {
  const numSteps = 2 ** 18;
  const tokens = Int32Array.from({ length: 3 * numSteps }, (_, i) => i);
  const choice = { batchSize: 1, numSteps, seed: 0, epoch: 0, start: 0, limit: 1, rank: 0, worldSize: 1 };
  const plan = planPage(tokens.length, { ...choice, strategy: 'sequential' });
  const firsts = new Float64Array(1);
  placeRows(plan, 0, 1, firsts);
  const parts = [...new NpyPage(plan, tokens, firsts).parts((bytes) => new ArrayBuffer(bytes))];
  const { bytes: header } = createNpy([1, 2, 1, 0], Buffer.alloc);
  t.same(
    parts.map(({ length }) => length),
    [header.length + 4 * numSteps, 4 * numSteps],
  );
  t.equal(new Int32Array(parts[1].memory)[0], firsts[0] + 1);
});
