import fc from 'fast-check';
import t from 'tap';
import { runsToMerge } from '../../src/store/sqlite/compaction.ts';

t.test('after any number of documents there is but a handful of runs', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 300 }), (documents) => {
      let runs: number[] = [];
      for (const size of documents) {
        runs.push(size);
        const merged = runsToMerge(runs);
        if (merged > 0) runs = [...runs.slice(0, -merged), runs.slice(-merged).reduce((a, b) => a + b)];
        t.ok(runs.length <= 12, `${runs.length} runs`);
      }
    }),
    { numRuns: 20 },
  );
});

t.test('a small document is not merged with a large corpus', async (t) => {
  t.equal(runsToMerge([1_000_000, 100]), 0);
});

t.test('runs of one size are merged', async (t) => {
  t.equal(runsToMerge([100, 100]), 2);
  t.equal(runsToMerge([1_000_000, 100, 100]), 2);
});

t.test('one run, or none, is left alone', async (t) => {
  t.equal(runsToMerge([]), 0);
  t.equal(runsToMerge([5]), 0);
});
