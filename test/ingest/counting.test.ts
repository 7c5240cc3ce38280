import fc from 'fast-check';
import t from 'tap';
import type { DocumentSummary, Snapshot, StoredCorpus } from '../../src/store/store.ts';
import { kindsOfStores } from '../store/stores.ts';
import { countByForce, countsIn, countsOfCountsByForce, countsOfCountsIn, sequencesOf } from './oracle.ts';
import { addDocuments, createCorpus } from './stored-corpus.ts';

const word = fc.constantFrom('a', 'b', 'c', 'd');
const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
const text = fc
  .array(line, { minLength: 1, maxLength: 8 })
  .map((lines) => lines.join('\n'))
  .filter((text) => /\S/.test(text));

const plan = fc.record({
  texts: fc.array(text, { minLength: 1, maxLength: 5 }),
  order: fc.integer({ min: 1, max: 6 }),
  sequences: fc.constantFrom('document' as const, 'line' as const),
  blockTokens: fc.integer({ min: 1, max: 20 }),
  slicePositions: fc.integer({ min: 1, max: 10 }),
  blockNGrams: fc.integer({ min: 1, max: 5 }),
  chunkBytes: fc.integer({ min: 1, max: 9 }),
  maintained: fc.boolean(),
  together: fc.boolean(),
});

const counted = (corpus: StoredCorpus) =>
  corpus.read(async (snapshot) => ({
    counts: await countsIn(snapshot),
    countsOfCounts: await countsOfCountsIn(snapshot),
  }));

async function streamIn(snapshot: Snapshot): Promise<Int32Array> {
  const stream = new Int32Array((await snapshot.summary()).tokens);
  await snapshot.readTokens(0, stream);
  return stream;
}

for (const [kind, openStore] of Object.entries(kindsOfStores)) {
  t.test(
    `${kind}: counts are those of brute force, for any chunks, blocks, documents and uploads, and maintained or not`,
    async (t) => {
      const store = await openStore(t);
      await fc.assert(
        fc.asyncProperty(plan, async ({ texts, order, sequences, ...sizes }) => {
          const settings = { tokenizer: 'whitespace', order, sequences } as const;
          const counts = countByForce(sequencesOf(texts, sequences), order);
          const countsOfCounts = countsOfCountsByForce(counts);
          t.same(await counted(await createCorpus(store, texts, settings, sizes)), {
            counts,
            countsOfCounts,
          });
        }),
        { numRuns: 60 },
      );
    },
  );

  t.test(`${kind}: threads count the same, whatever the slices and blocks`, async (t) => {
    const store = await openStore(t);
    const words = Array.from({ length: 3000 }, (_, i) => `w${(i * i) % 97}${i % 11 === 0 ? '\n' : ''}`);
    const text = words.join(' ');
    for (const sequences of ['document', 'line'] as const) {
      const counts = countByForce(sequencesOf([text, text], sequences), 4);
      const countsOfCounts = countsOfCountsByForce(counts);
      for (const sizes of [
        { blockTokens: 1e6, slicePositions: 50 },
        { blockTokens: 700, slicePositions: 1000 },
      ]) {
        const settings = { tokenizer: 'whitespace', order: 4, sequences } as const;
        const corpus = await createCorpus(store, [text, text], settings, { ...sizes, manyTokens: 1 });
        t.same(await counted(corpus), { counts, countsOfCounts });
      }
    }
  });

  t.test(`${kind}: totals are exact after every document`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(plan, async ({ texts, order, sequences, ...sizes }) => {
        const settings = { tokenizer: 'whitespace', order, sequences } as const;
        const corpus = await createCorpus(store, texts, settings, sizes);
        const summary = await corpus.read((snapshot) => snapshot.summary());
        const counts = countByForce(sequencesOf(texts, sequences), order);
        t.equal(summary.documents, texts.length);
        t.equal(summary.version, sizes.together ? 2 : texts.length + 1);
        t.equal(
          summary.bytes,
          texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0),
        );
        t.equal(summary.vocabularySize, counts[0].size);
        t.same(
          summary.ngrams,
          counts.map((ofOrder, i) => ({
            order: i + 1,
            distinct: ofOrder.size,
            total: [...ofOrder.values()].reduce((a, b) => a + b, 0),
          })),
        );
        t.equal(summary.tokens, summary.ngrams[0].total);
      }),
      { numRuns: 30 },
    );
  });

  t.test(`${kind}: the order of documents changes no count`, async (t) => {
    const store = await openStore(t);
    const settings = { tokenizer: 'whitespace', order: 4, sequences: 'document' } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 2, maxLength: 5 }), async (texts) => {
        const forward = await createCorpus(store, texts, settings);
        const backward = await createCorpus(store, [...texts].reverse(), settings, { maintained: true });
        t.same(await counted(forward), await counted(backward));
      }),
      { numRuns: 20 },
    );
  });

  t.test(`${kind}: the token stream is the texts, with </s> after each line and without <s>`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(plan, async ({ texts, order, sequences, ...sizes }) => {
        const settings = { tokenizer: 'whitespace', order, sequences } as const;
        const corpus = await createCorpus(store, texts, settings, sizes);
        await corpus.read(async (snapshot) => {
          const expected = sequencesOf(texts, sequences)
            .flat()
            .filter((token) => token !== '<s>');
          const ids = await streamIn(snapshot);
          t.same(await snapshot.tokens(ids), expected);
          const middle = new Int32Array(Math.floor(expected.length / 2));
          await snapshot.readTokens(1, middle);
          t.same(middle, ids.slice(1, 1 + middle.length));
        });
      }),
      { numRuns: 30 },
    );
  });

  t.test(
    `${kind}: new words are numbered by falling count in their document, ties by first appearance`,
    async (t) => {
      const store = await openStore(t);
      const settings = { tokenizer: 'whitespace', order: 1, sequences: 'document' } as const;
      const corpus = await createCorpus(store, ['c b b a', 'z y y a x'], settings);
      t.same(await corpus.read(vocabularyIn), ['<unk>', 'b', 'c', 'a', 'y', 'z', 'x']);
    },
  );

  t.test(
    `${kind}: documents of one upload have the ids, tokens and ends that they have one by one, in one run`,
    async (t) => {
      const store = await openStore(t);
      await fc.assert(
        fc.asyncProperty(
          fc.array(text, { minLength: 1, maxLength: 5 }),
          fc.array(text, { minLength: 2, maxLength: 5 }),
          fc.constantFrom('document' as const, 'line' as const),
          async (before, texts, sequences) => {
            const settings = { tokenizer: 'whitespace', order: 3, sequences } as const;
            const apart = countingRuns(await createCorpus(store, before, settings));
            const added: DocumentSummary[] = [];
            for (const text of texts) added.push(...(await addDocuments(apart.corpus, [text])));
            t.equal(apart.runs(), texts.length);
            const together = countingRuns(await createCorpus(store, before, settings));
            const addedTogether = await addDocuments(together.corpus, texts);
            t.equal(together.runs(), 1);
            const undated = (documents: readonly DocumentSummary[]) =>
              documents.map(({ version, createdAt, ...document }) => document);
            t.same(undated(addedTogether), undated(added));
            t.same(await together.corpus.read(contentOf), await apart.corpus.read(contentOf));
          },
        ),
        { numRuns: 15 },
      );
    },
  );
}

async function vocabularyIn(snapshot: Snapshot): Promise<string[]> {
  const vocabulary: string[] = [];
  for await (const tokens of snapshot.vocabulary(0)) vocabulary.push(...tokens);
  return vocabulary;
}

async function contentOf(snapshot: Snapshot) {
  const { ngrams } = await snapshot.summary();
  const ends = [];
  for (const order of [1, 2]) {
    const { ids, counts } = await snapshot.sequenceEnds(order);
    const found = Array.from(counts, (count, i) => [...ids.subarray(i * order, (i + 1) * order), count]);
    ends.push(found.map((end) => end.join()).sort());
  }
  return {
    vocabulary: await vocabularyIn(snapshot),
    counts: await countsIn(snapshot),
    countsOfCounts: await countsOfCountsIn(snapshot),
    stream: [...(await streamIn(snapshot))],
    ngrams,
    ends,
  };
}

/** A corpus that says how many runs have been added to it. */
function countingRuns(corpus: StoredCorpus): { corpus: StoredCorpus; runs: () => number } {
  let runs = 0;
  const counting = passedThrough(corpus, {
    change: ((work, options) =>
      corpus.change((change) => {
        const addRun: typeof change.addRun = (blocks, sign) => {
          runs++;
          return change.addRun(blocks, sign);
        };
        return work(passedThrough(change, { addRun }));
      }, options)) as StoredCorpus['change'],
  });
  return { corpus: counting, runs: () => runs };
}

/** An object with some of its methods replaced. */
function passedThrough<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(_, property) {
      const value = Reflect.get(property in replaced ? replaced : target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
