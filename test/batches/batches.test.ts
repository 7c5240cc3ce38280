import { createHash } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { createEpoch, dealt, type EpochParameters } from '../../src/batches/epoch.ts';
import { createNpy } from '../../src/batches/npy.ts';
import { createPermutation } from '../../src/batches/permutation.ts';

const parameters = fc.record({
  strategy: fc.constantFrom('random' as const, 'sequential' as const),
  tokens: fc.nat(400),
  batchSize: fc.integer({ min: 1, max: 9 }),
  numSteps: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(Number.MAX_SAFE_INTEGER),
  epoch: fc.nat(1000),
});

/** All batches of an epoch over the stream 0, 1, 2, …, each as a list of the rows of x. */
function epochOf(parameters: EpochParameters): number[][][] {
  const { numBatches, rowStart } = createEpoch(parameters);
  return Array.from({ length: numBatches }, (_, index) =>
    Array.from({ length: parameters.batchSize }, (_, row) =>
      Array.from({ length: parameters.numSteps }, (_, step) => rowStart(index, row) + step),
    ),
  );
}

/** The chapter's random sampling, by its definition, with the subsequences in a given order. */
function randomSampling(tokens: number, batchSize: number, numSteps: number, offset: number) {
  const subsequences = Math.max(0, Math.floor((tokens - offset - 1) / numSteps));
  const starts = Array.from({ length: subsequences }, (_, i) => offset + i * numSteps);
  return { starts, numBatches: Math.floor(subsequences / batchSize) };
}

/** The chapter's sequential partitioning, by its definition. */
function sequentialPartitioning(tokens: number, batchSize: number, numSteps: number, offset: number) {
  const used = Math.max(0, Math.floor((tokens - offset - 1) / batchSize)) * batchSize;
  const stream = Array.from({ length: used }, (_, i) => offset + i);
  const rows = Array.from({ length: batchSize }, (_, row) =>
    stream.slice((row * used) / batchSize, ((row + 1) * used) / batchSize),
  );
  return Array.from({ length: Math.floor(rows[0].length / numSteps) }, (_, i) =>
    rows.map((row) => row.slice(i * numSteps, (i + 1) * numSteps)),
  );
}

t.test(
  'random batches are as in the chapter: subsequences from the offset on, each at most once',
  async (t) => {
    fc.assert(
      fc.property(parameters, (given) => {
        const { offset } = createEpoch({ ...given, strategy: 'random' });
        const batches = epochOf({ ...given, strategy: 'random' });
        const { starts, numBatches } = randomSampling(given.tokens, given.batchSize, given.numSteps, offset);
        t.ok(offset >= 0 && offset < given.numSteps);
        t.equal(batches.length, numBatches);
        const drawn = batches.flat().map(([first]) => first);
        t.equal(new Set(drawn).size, drawn.length);
        t.ok(drawn.every((start) => starts.includes(start)));
      }),
    );
  },
);

t.test('sequential batches are as in the chapter', async (t) => {
  fc.assert(
    fc.property(parameters, (given) => {
      const { offset } = createEpoch({ ...given, strategy: 'sequential' });
      t.ok(offset >= 0 && offset <= given.numSteps);
      t.same(
        epochOf({ ...given, strategy: 'sequential' }),
        sequentialPartitioning(given.tokens, given.batchSize, given.numSteps, offset),
      );
    }),
  );
});

t.test('x and y stay within the stream', async (t) => {
  fc.assert(
    fc.property(parameters, (given) => {
      const last = Math.max(-1, ...epochOf(given).flat(2));
      t.ok(last + 1 < Math.max(1, given.tokens), `y ends at ${last + 1} of ${given.tokens}`);
    }),
  );
});

t.test('over many seeds, every offset and every order of a few subsequences is drawn', async (t) => {
  const offsets = { random: new Set<number>(), sequential: new Set<number>() };
  const firsts = new Set<number>();
  for (let seed = 0; seed < 200; seed++) {
    const given = { tokens: 35, batchSize: 2, numSteps: 5, seed, epoch: 0 };
    for (const strategy of ['random', 'sequential'] as const) {
      offsets[strategy].add(createEpoch({ ...given, strategy }).offset);
    }
    const { offset, rowStart } = createEpoch({ ...given, strategy: 'random' });
    firsts.add((rowStart(0, 0) - offset) / 5);
  }
  t.same([...offsets.random].sort(), [0, 1, 2, 3, 4]);
  t.same([...offsets.sequential].sort(), [0, 1, 2, 3, 4, 5]);
  t.same([...firsts].sort(), [0, 1, 2, 3, 4, 5]);
});

t.test('another seed or epoch gives other batches, and the same ones give the same batches', async (t) => {
  const given = { strategy: 'random', tokens: 10_000, batchSize: 4, numSteps: 5, seed: 1, epoch: 0 } as const;
  const read = (given: EpochParameters) => JSON.stringify(epochOf(given));
  t.equal(read(given), read(given));
  t.not(read(given), read({ ...given, seed: 2 }));
  t.not(read(given), read({ ...given, epoch: 1 }));
});

t.test('minibatches do not change between versions of ngramd', async (t) => {
  const digest = createHash('sha256');
  for (const strategy of ['random', 'sequential'] as const) {
    digest.update(
      JSON.stringify(epochOf({ strategy, tokens: 5000, batchSize: 3, numSteps: 7, seed: 42, epoch: 9 })),
    );
  }
  t.equal(digest.digest('hex'), 'bc8a35fb9643c477d880d5c6a5fb47392be0761d2f23a2d63dd5a8b4951aad86');
});

t.test('a permutation reaches every number once', async (t) => {
  fc.assert(
    fc.property(fc.nat(3000), fc.uint32Array({ minLength: 8, maxLength: 8 }), (size, keys) => {
      const permutation = createPermutation(size, keys);
      const places = new Set(Array.from({ length: size }, (_, i) => permutation.of(i)));
      t.equal(places.size, size);
      t.ok([...places].every((place) => place >= 0 && place < size));
    }),
    { numRuns: 40 },
  );
});

t.test('a permutation of 2^40 numbers stays within them and reaches no number twice', async (t) => {
  const size = 2 ** 40 - 12_345;
  const permutation = createPermutation(size, Uint32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  const places = Array.from({ length: 5000 }, (_, i) => permutation.of(size - 1 - i * 7919));
  t.equal(new Set(places).size, places.length);
  t.ok(places.every((place) => Number.isSafeInteger(place) && place >= 0 && place < size));
});

t.test('the images of consecutive numbers are those of each, also of more than 30 bits', async (t) => {
  const key = Uint32Array.of(8, 7, 6, 5, 4, 3, 2, 1);
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 5, 1000, 2 ** 30, 2 ** 40 + 1),
      fc.nat(50),
      fc.nat(9),
      (size, most, from) => {
        const permutation = createPermutation(size, key);
        const length = Math.min(most, size);
        const images = new Float64Array(from + length + 1).fill(-1);
        permutation.range(size - length, images, from, from + length);
        const expected = Array.from({ length }, (_, i) => permutation.of(size - length + i));
        t.same([...images], [...Array(from).fill(-1), ...expected, -1]);
      },
    ),
  );
});

t.test('the rows of a batch begin where each of them does', async (t) => {
  fc.assert(
    fc.property(parameters, (given) => {
      const { numBatches, rowStart, rowStarts } = createEpoch(given);
      for (let index = 0; index < numBatches; index++) {
        const starts = new Float64Array(given.batchSize + 1);
        rowStarts(index, starts, 1);
        t.same(
          [...starts.subarray(1)],
          Array.from({ length: given.batchSize }, (_, row) => rowStart(index, row)),
        );
      }
    }),
  );
});

t.test(
  'every batch is dealt to exactly one worker, and the workers’ shares differ by at most one',
  async (t) => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 20 }), (numBatches, worldSize) => {
        const shares = Array.from({ length: worldSize }, (_, rank) => dealt(numBatches, rank, worldSize));
        t.equal(
          shares.reduce((a, b) => a + b),
          numBatches,
        );
        t.ok(Math.max(...shares) - Math.min(...shares) <= 1);
      }),
    );
  },
);

t.test(
  'an NPY file has NumPy’s format: magic, version, length, a dictionary, 64-byte alignment, the numbers',
  async (t) => {
    for (const shape of [
      [3, 2, 4, 5],
      [0, 2, 1, 1],
    ]) {
      const { bytes, numbers } = createNpy(shape, Buffer.allocUnsafeSlow);
      for (let i = 0; i < numbers.length; i++) numbers[i] = i - 1;
      const header = bytes.subarray(0, bytes.length - 4 * numbers.length);
      t.equal(header.length % 64, 0);
      t.equal(header.subarray(0, 8).toString('latin1'), '\x93NUMPY\x01\x00');
      t.equal(header.readUInt16LE(8), header.length - 10);
      t.equal(
        header.subarray(10).toString('latin1').trimEnd(),
        `{'descr': '<i4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`,
      );
      t.equal(header.at(-1), 0x0a);
      t.equal(
        numbers.length,
        shape.reduce((product, side) => product * side, 1),
      );
      for (let i = 0; i < numbers.length; i++) t.equal(bytes.readInt32LE(header.length + 4 * i), i - 1);
    }
  },
);
