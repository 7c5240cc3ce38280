import fc from 'fast-check';
import t from 'tap';
import { takeBack } from '../../src/ingest/committing/take-back.ts';
import { copyCorpus } from '../../src/ingest/copy-corpus.ts';
import type { CorpusSettings, Store, StoredCorpus } from '../../src/store/store.ts';
import { kindsOfStores } from '../store/stores.ts';
import { addCountLines, countLines, countsPath } from './counted-documents.ts';
import { countByForce, countsIn, sequencesOf } from './oracle.ts';
import { createCorpus } from './stored-corpus.ts';

const now = new Date(0).toISOString();
const ofCounts = { content: { kind: 'counts' } } as const;

async function empty(store: Store, settings: CorpusSettings): Promise<StoredCorpus> {
  return createCorpus(store, [], { ...settings, ...ofCounts });
}

/** Everything that estimators read of a corpus, by its words. */
async function contentOf(corpus: StoredCorpus) {
  return corpus.read(async (snapshot) => {
    const { order } = snapshot.settings;
    const orders = Array.from({ length: order }, (_, i) => i + 1);
    const ends: string[] = [];
    const countsOfCounts = [];
    for (const n of orders) {
      const { length, ids, counts } = await snapshot.sequenceEnds(n);
      const tokens = await snapshot.tokens(ids);
      for (let i = 0; i < length; i++)
        ends.push(`${tokens.slice(i * n, (i + 1) * n).join(' ')}\t${counts[i]}`);
      countsOfCounts.push(await snapshot.countsOfCounts(n));
    }
    const { tokens, vocabularySize, ngrams } = await snapshot.summary();
    return {
      lines: (await countLines(snapshot, order)).sort(),
      ends: ends.sort(),
      countsOfCounts,
      totals: { tokens, vocabularySize, ngrams },
    };
  });
}

const word = fc.constantFrom('a', 'b', 'c', '<unk>', 'd');
const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => `a\n${lines.join('\n')}`);
const settings = fc.record({
  tokenizer: fc.constant('whitespace' as const),
  order: fc.integer({ min: 1, max: 6 }),
  sequences: fc.constantFrom('document' as const, 'line' as const),
});

/** The lines in another order. */
function shuffled(lines: readonly string[], seed: number): string[] {
  const keyed = lines.map((line, i) => [(seed * (i + 7) * 2654435761) % 1009, line] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, line]) => line);
}

for (const [kind, openStore] of Object.entries(kindsOfStores)) {
  t.test(`${kind}: the n-grams of a text, read in, are the counts of the text`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        settings,
        fc.nat(1000),
        fc.integer({ min: 1, max: 30 }),
        async (texts, chosen, seed, chunk) => {
          const written = await createCorpus(store, texts, chosen);
          const lines = await written.read((snapshot) => countLines(snapshot, chosen.order));
          const read = await empty(store, chosen);
          await addCountLines(read, shuffled(lines, seed), { chunkBytes: chunk });
          t.same(await contentOf(read), await contentOf(written));
        },
      ),
      { numRuns: kind === 'in memory' ? 60 : 25 },
    );
  });

  t.test(`${kind}: of lines, the highest order and whole shorter lines are enough`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        settings,
        async (texts, { tokenizer, order }) => {
          const chosen = { tokenizer, order, sequences: 'line' } as const;
          const written = await createCorpus(store, texts, chosen);
          const all = await written.read((snapshot) => countLines(snapshot, order));
          const isWanted = (line: string) => {
            const ngram = line.split('\t')[0];
            return ngram.split(' ').length === order || (/^<s> /.test(ngram) && / <\/s>$/.test(ngram));
          };
          const read = await empty(store, chosen);
          await addCountLines(read, all.filter(isWanted));
          t.same(await contentOf(read), await contentOf(written));
        },
      ),
      { numRuns: 20 },
    );
  });

  t.test(`${kind}: documents of counts are added up and taken back`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 2, maxLength: 3 }),
        settings,
        fc.boolean(),
        async (texts, chosen, maintained) => {
          const read = await empty(store, chosen);
          const ids: string[] = [];
          const apart: StoredCorpus[] = [];
          for (const text of texts) {
            const written = await createCorpus(store, [text], chosen);
            apart.push(written);
            const lines = await written.read((snapshot) => countLines(snapshot, chosen.order));
            ids.push(await addCountLines(read, lines));
          }
          const together = await createCorpus(store, texts, chosen);
          t.same(await contentOf(read), await contentOf(together));
          if (maintained) await read.maintain();
          for (const id of ids.slice(1))
            await read.change((change) => takeBack(change, id, { now, spillPath: countsPath() }));
          read.expectChange();
          t.same(await contentOf(read), await contentOf(apart[0]));
          t.equal((await read.read((snapshot) => snapshot.documents(0, 10))).length, 1);
        },
      ),
      { numRuns: 10 },
    );
  });

  t.test(`${kind}: a copy has the same counts, which can be taken back`, async (t) => {
    const store = await openStore(t);
    const chosen = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
    const corpus = await empty(store, chosen);
    await addCountLines(corpus, ['a b c\t2', 'b\t5']);
    const before = await contentOf(corpus);
    const id = await addCountLines(corpus, ['b c a\t3', 'd\t1']);
    await copyCorpus(store, corpus.ref.name, store, { as: 'copy', maxCorpora: 1e6 });
    const copy = await store.open('copy');
    t.same(await contentOf(copy), await contentOf(corpus));
    await copy.change((change) => takeBack(change, id, { now, spillPath: countsPath() }));
    copy.expectChange();
    t.same(await contentOf(copy), before);
  });

  t.test(`${kind}: of documents, what is not given is derived as the fewest documents have it`, async (t) => {
    const store = await openStore(t);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        settings,
        fc.integer({ min: 0, max: 63 }),
        async (texts, { tokenizer, order }, missing) => {
          const chosen = { tokenizer, order, sequences: 'document' } as const;
          const counts = countByForce(sequencesOf(texts, 'document'), order).flatMap((ofOrder) => [
            ...ofOrder,
          ]);
          const given = new Map(counts.filter((_, i) => ((missing >> (i % 6)) & 1) === 0));
          if (given.size === 0) return;
          const expected = deriveByForce(given, order);
          const read = await empty(store, chosen);
          await addCountLines(
            read,
            [...given].map(([ngram, count]) => `${ngram}\t${count}`),
            { lineEnd: '\r\n' },
          );
          const found = (await read.read(countsIn)).flatMap((ofOrder) => [...ofOrder]);
          t.same(found.sort(), [...expected].sort());
        },
      ),
      { numRuns: 25 },
    );
  });
}

/** n(g) = what is given, or the larger of the sums over w g and g w, from the highest order down. */
function deriveByForce(given: ReadonlyMap<string, number>, order: number): Map<string, number> {
  const all = new Map(given);
  for (let n = order; n > 1; n--) {
    const longer = [...all].filter(([ngram]) => ngram.split(' ').length === n);
    const sums = [new Map<string, number>(), new Map<string, number>()];
    for (const [ngram, count] of longer) {
      const words = ngram.split(' ');
      for (const [i, part] of [words.slice(0, -1), words.slice(1)].entries()) {
        const key = part.join(' ');
        sums[i].set(key, (sums[i].get(key) ?? 0) + count);
      }
    }
    for (const key of [...sums[0].keys(), ...sums[1].keys()])
      if (!given.has(key)) all.set(key, Math.max(sums[0].get(key) ?? 0, sums[1].get(key) ?? 0));
  }
  return all;
}
