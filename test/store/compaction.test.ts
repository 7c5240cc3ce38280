import fc from 'fast-check';
import t from 'tap';
import { runsToMerge } from '../../src/store/compaction.ts';

interface Run {
  sign: number;
  ngrams: number;
}

const added = (...sizes: number[]): Run[] => sizes.map((ngrams) => ({ sign: 1, ngrams }));
const taken = (...sizes: number[]): Run[] => sizes.map((ngrams) => ({ sign: -1, ngrams }));
const sum = (runs: readonly Run[]) => runs.reduce((sum, { ngrams }) => sum + ngrams, 0);

/** What is left when runs are merged that have nothing in common but what was taken away. */
function compacted(runs: readonly Run[]): readonly Run[] {
  const merged = runsToMerge(runs);
  if (merged.length === 0) return runs;
  const rest = runs.filter((run) => !merged.includes(run));
  const isOfOneSign = merged.every(({ sign }) => sign === merged[0].sign);
  const ngrams = isOfOneSign ? sum(merged) : merged.reduce((sum, run) => sum + run.sign * run.ngrams, 0);
  const run = { sign: isOfOneSign ? merged[0].sign : 1, ngrams };
  return compacted(ngrams === 0 ? rest : [...rest, run]);
}

const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 300 });

t.test('after any number of documents there is but a handful of runs', async (t) => {
  fc.assert(
    fc.property(sizes, (documents) => {
      let runs: readonly Run[] = [];
      for (const size of documents) {
        runs = compacted([...runs, ...added(size)]);
        t.ok(runs.length <= 12, `${runs.length} runs`);
      }
    }),
    { numRuns: 20 },
  );
});

t.test('a small document is not merged with a large corpus', async (t) => {
  t.same(runsToMerge(added(1_000_000, 100)), []);
});

t.test('runs that are a large part of the corpus are merged at once', async (t) => {
  t.same(runsToMerge(added(100, 100)), added(100, 100));
  t.same(runsToMerge(added(900, 100, 201)), added(900, 100, 201));
  t.same(runsToMerge(added(1200, 200, 201)), added(1200, 200, 201));
});

t.test('small documents are merged eight at a time', async (t) => {
  const small = (documents: number) => new Array(documents).fill(100);
  t.same(runsToMerge(added(1_000_000, ...small(7))), []);
  t.same(runsToMerge(added(1_000_000, ...small(8))), added(...small(8)));
  let runs: readonly Run[] = added(1_000_000);
  let merges = 0;
  for (let documents = 0; documents < 100; documents++) {
    const before = [...runs, ...added(100)];
    runs = compacted(before);
    if (runs.length < before.length) merges++;
  }
  t.ok(merges <= 100 / 6, `${merges} merges`);
});

t.test('one run, or none, is left alone', async (t) => {
  t.same(runsToMerge([]), []);
  t.same(runsToMerge(added(5)), []);
});

t.test('what is taken away is merged with its like, or everything is', async (t) => {
  const runs = [...added(1_000_000), ...taken(100), ...added(200), ...taken(100)];
  t.same(runsToMerge(runs), taken(100, 100), 'a little of it');
  t.same(runsToMerge([...added(100), ...taken(24)]), []);
  t.same(runsToMerge([...added(100), ...taken(25)]), [...added(100), ...taken(25)], 'a quarter');
  t.same(runsToMerge([...taken(1), ...added(100, 100)]), [...taken(1), ...added(100, 100)]);
  const newest = added(3, 3, 3, 3, 3, 3, 3, 3);
  t.same(runsToMerge([...added(100), ...taken(1), ...newest]), newest, 'the newest alone');
});

t.test('whatever is added and taken back, little of it is kept and in a handful of runs', async (t) => {
  fc.assert(
    fc.property(
      sizes,
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (documents, draws) => {
        let runs: readonly Run[] = [];
        const there: number[] = [];
        for (const size of documents) {
          there.push(size);
          runs = compacted([...runs, ...added(size)]);
          while (there.length > 0 && (draws.next().value as number) < 0.45) {
            const [gone] = there.splice(Math.floor((draws.next().value as number) * there.length), 1);
            runs = compacted([...runs, ...taken(gone)]);
          }
          const left = there.reduce((a, b) => a + b, 0);
          t.ok(sum(runs) <= (5 / 3) * left, `${sum(runs)} n-grams of ${left}`);
          t.ok(runs.length <= 20, `${runs.length} runs`);
        }
      },
    ),
    { numRuns: 30 },
  );
});
