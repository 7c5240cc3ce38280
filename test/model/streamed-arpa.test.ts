import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { corpusOf as storeCorpusOf } from '../../src/index/corpus.ts';
import { RankingMemory } from '../../src/index/ranking.ts';
import { StoreCounts } from '../../src/index/store-source.ts';
import type { Pruning } from '../../src/model/arpa-pruning/pruning.ts';
import { backoffModel } from '../../src/model/backoff-model.ts';
import { createModel, type ModelChoice } from '../../src/model/count-model.ts';
import { streamedArpa } from '../../src/model/streamed-arpa/pieces.ts';
import { SortByFirst } from '../../src/model/streamed-arpa/sort-by-first.ts';
import type { Snapshot, StoredCorpus } from '../../src/store/store.ts';
import { temporaryFolder } from '../http/harness.ts';
import { addDocument, createCorpus, takeBackDocument } from '../ingest/stored-corpus.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { corpora, exportable } from './arpa-corpora.ts';
import { everything, plainArpa, writeArpa } from './arpa-files.ts';
import { corpusOf } from './models.ts';

const folder = temporaryFolder(t);
const scratch = join(folder, 'scratch-');

/** The pieces of a model's ARPA file from a snapshot. */
async function* pieces(
  snapshot: Snapshot,
  choice: ModelChoice,
  pruning = everything,
): AsyncGenerator<Uint8Array, void> {
  const corpus = await storeCorpusOf(snapshot, new StoreCounts(new RankingMemory()));
  const model = await backoffModel(await createModel(corpus, choice));
  yield* streamedArpa(model, snapshot, pruning, scratch);
}

async function arpaOf(stored: StoredCorpus, choice: ModelChoice, pruning = everything): Promise<string> {
  return stored.read(async (snapshot) => {
    const all: Uint8Array[] = [];
    for await (const piece of pieces(snapshot, choice, pruning)) all.push(piece);
    return Buffer.concat(all).toString();
  });
}

t.test('the file from sorted n-grams is that of the index in memory, byte for byte', async (t) => {
  await fc.assert(
    fc.asyncProperty(corpora, async ({ settings, texts, takenBack }) => {
      const inMemory = corpusOf(t, texts, settings, takenBack);
      const stored = await createCorpus(new MemoryStore(), texts, settings);
      const ids: string[] = [];
      for (const text of takenBack) ids.push(await addDocument(stored, text));
      for (const id of ids) await takeBackDocument(stored, id);
      for (const [estimator, parameters, highest] of exportable) {
        for (let order = 1; order <= Math.min(highest, settings.order); order++) {
          const expected = await inMemory.ask(estimator, plainArpa, parameters, order);
          if ((await arpaOf(stored, { estimator, parameters, order })) === expected) continue;
          throw new Error(`${estimator} ${JSON.stringify(parameters)} of order ${order} differs`);
        }
      }
    }),
    {
      numRuns: 10,
      examples: [
        [
          {
            settings: { sequences: 'document', tokenizer: 'word', order: 5 },
            texts: ['only'],
            takenBack: [],
          },
        ],
      ],
    },
  );
});

t.test('so are files of which n-grams are left out', async (t) => {
  const prunings: Pruning[] = [
    { thresholds: [0, 0, 1] },
    { thresholds: [0, 1] },
    { thresholds: [1, 1, 2] },
    { thresholds: [0], vocabulary: { top: 3 } },
    // One token each under every tokenizer.
    { thresholds: [0, 1], vocabulary: { list: Buffer.from('a\nb\nd\nw\nz\n') } },
  ];
  let files = 0;
  await fc.assert(
    fc.asyncProperty(corpora, fc.constantFrom(...prunings), async ({ settings, texts }, pruning) => {
      const whole = texts.map((text) => `a a a ${text}`);
      const inMemory = corpusOf(t, whole, settings);
      const stored = await createCorpus(new MemoryStore(), whole, settings);
      for (const [estimator, parameters, highest] of exportable) {
        for (let order = 1; order <= Math.min(highest, settings.order); order++) {
          const expected = await inMemory.ask(
            estimator,
            (model) => writeArpa(model, 1000, pruning),
            parameters,
            order,
          );
          files++;
          if ((await arpaOf(stored, { estimator, parameters, order }, pruning)) === expected) continue;
          throw new Error(`${estimator} ${JSON.stringify(parameters)} of order ${order} differs`);
        }
      }
    }),
    { numRuns: 10 },
  );
  t.ok(files > 10);
});

const settings = { tokenizer: 'whitespace', order: 3, sequences: 'document' } as const;
const choice: ModelChoice = { estimator: 'modified-kneser-ney', parameters: {}, order: 3 };

t.test('nothing is left of its temporary files, also if it is not read to the end', async (t) => {
  const stored = await createCorpus(new MemoryStore(), ['a b a b c a'], settings);
  await arpaOf(stored, choice);
  t.same(readdirSync(folder), []);
  await stored.read(async (snapshot) => {
    const begun = pieces(snapshot, choice);
    // The header, the heading of order 1, its n-grams, the heading of order 2, and its n-grams.
    for (let i = 0; i < 5; i++) t.equal((await begun.next()).done, false);
    t.ok(readdirSync(folder).length > 0);
    await begun.return();
  });
  t.same(readdirSync(folder), []);
});

/** A snapshot that has lost a 2-gram. */
function losing(snapshot: Snapshot, lost: number): Snapshot {
  async function* adjustedNGrams(order: number) {
    let place = 0;
    for await (const { length, ids, counts } of snapshot.adjustedNGrams(order)) {
      for (let i = 0; i < length; i++, place++) {
        if (order === 2 && place === lost) continue;
        yield {
          order,
          length: 1,
          ids: ids.slice(i * order, (i + 1) * order),
          counts: counts.slice(i, i + 1),
        };
      }
    }
  }
  return new Proxy(snapshot, {
    get: (target, name: keyof Snapshot) => {
      if (name === 'adjustedNGrams') return adjustedNGrams;
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

t.test('n-grams whose beginning or end is not counted are damage', async (t) => {
  const stored = await createCorpus(new MemoryStore(), ['a b c a b d'], settings);
  for (const lost of [0, 1, 2]) {
    await stored.read((snapshot) =>
      t.rejects(
        async () => {
          for await (const _ of pieces(losing(snapshot, lost), choice));
        },
        { code: 'corpus-damaged', message: /begin or end with .-grams that are not counted/ },
      ),
    );
  }
});

t.test('values are sorted by the first words, and those of the same stay in their order', async (t) => {
  const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.double({ noNaN: true })), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(values, fc.integer({ min: 1, max: 50 }), async (values, inMemory) => {
      const sort = new SortByFirst(`${scratch}sort`, inMemory);
      for (const [first, value] of values) sort.add(first, value);
      const sorted = sort.sorted();
      const found: number[] = [];
      while (!sorted.isAtEnd) found.push(sorted.next());
      sort.dispose();
      const expected = [...values].sort(([a], [b]) => a - b).map(([, value]) => value);
      t.same(found, expected);
    }),
  );
});
