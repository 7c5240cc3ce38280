import fc from 'fast-check';
import t from 'tap';
import { UNSEEN } from '../../src/index/count-index.ts';
import { StoreIndex } from '../../src/index/store-index.ts';
import { OracleIndex } from '../estimators/oracle.ts';
import { temporaryFolder } from '../http/harness.ts';
import { ingest, sequencesOf } from '../ingest/build-corpus.ts';

const line = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 })
  .map((words) => words.join(' '));
const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'));
const context = fc.array(fc.constantFrom('a', 'b', 'c', '<s>', '</s>', 'never'), { maxLength: 3 });

t.test('levels, rankings and totals are those of brute force, from one run or several', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('document' as const, 'line' as const),
      fc.boolean(),
      fc.array(context, { minLength: 1, maxLength: 5 }),
      (texts, sequences, compacted, contexts) => {
        const settings = { tokenizer: 'whitespace', order: 4, sequences } as const;
        const reader = ingest(folder, texts, settings, { compacted, blockNGrams: 3 });
        const idOf = (token: string) => reader.tokenId(token) ?? UNSEEN;
        const oracle = new OracleIndex(
          sequencesOf(texts, sequences).map((sequence) => sequence.map(idOf)),
          sequences === 'line' ? idOf('<s>') : undefined,
        );
        const index = new StoreIndex(reader);
        reader.snapshot(() => {
          t.same(index.totals, { ...oracle.totals, version: texts.length + 1 });
          t.same([...index.words()], oracle.vocabulary());
          for (const context of contexts) {
            const ids = context.map(idOf);
            const orders = Array.from({ length: context.length + 1 }, (_, i) => i + 1);
            for (const word of ['a', 'c', '</s>', 'never']) {
              t.same(
                index.levels(ids, idOf(word), orders),
                oracle.levels(ids, idOf(word), orders),
                `${word} after ${context}`,
              );
            }
            const read = (ranking: ReturnType<StoreIndex['rankings']>[number]) => ({
              order: ranking.order,
              contextCount: ranking.contextCount,
              words: Array.from({ length: ranking.length }, (_, rank) => [
                ranking.word(rank),
                ranking.count(rank),
              ]),
            });
            t.same(index.rankings(ids, orders).map(read), oracle.rankings(ids, orders).map(read));
          }
        });
        reader.close();
      },
    ),
    { numRuns: 60 },
  );
});

t.test('a ranking is in falling order of counts, ties by rising id, and finds counts by word', async (t) => {
  const reader = ingest(
    temporaryFolder(t),
    ['a b a c a c a d a b'],
    { tokenizer: 'whitespace', order: 2, sequences: 'document' },
    {},
  );
  const index = new StoreIndex(reader);
  reader.snapshot(() => {
    const [ranking] = index.rankings([reader.tokenId('a') as number], [2]);
    const names = Array.from({ length: ranking.length }, (_, rank) => reader.token(ranking.word(rank)));
    t.same(names, ['b', 'c', 'd']);
    t.equal(ranking.contextCount, 5);
    t.equal(ranking.countOf(reader.tokenId('c') as number), 2);
    t.equal(ranking.countOf(reader.tokenId('a') as number), 0);
  });
  reader.close();
});
