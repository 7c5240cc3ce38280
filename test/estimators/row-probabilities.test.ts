import fc from 'fast-check';
import t from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { rowProbabilities } from '../../src/estimators/evaluation/row-probabilities.ts';
import type { CountModel } from '../../src/model/count-model.ts';
import { corpusOf } from '../model/models.ts';

const highest = 4;
const words = ['a', 'b', 'c', 'd', 'never'];
const line = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 20 });
const texts = fc.array(line, { minLength: 1, maxLength: 6 });

/** The row of all words after each of the contexts, in one sequence for each. */
function rowOf(contexts: readonly (readonly number[])[], ids: readonly number[], order: number) {
  const sequences = contexts.flatMap((context) => ids.map((id) => [...context.slice(1 - order), id]));
  return {
    ids: Int32Array.from(sequences.flat()),
    before: Uint8Array.from(sequences.flatMap((ids) => ids.map((_, i) => Math.min(i, order - 1)))),
    isWord: new Uint8Array(sequences.flat().length).fill(1),
    length: sequences.flat().length,
  };
}

/** The probabilities of a row's words, computed in columns, and those computed one by one. */
async function bothOf({ counts, estimator, order }: CountModel, row: ReturnType<typeof rowOf>) {
  const reads = (order: number) => estimator.reads(order);
  const reader = counts.reader({ order, capacity: row.length, reads, seen: false });
  await reader.read(row);
  const { levels } = reader;
  const inColumns = new Float64Array(row.length);
  rowProbabilities(estimator.numbers, { levels, before: row.before, length: row.length }, inColumns);
  const asked = Array.from(row.ids, (word, i) => {
    const context = Array.from(row.ids.subarray(i - row.before[i], i));
    return { context, word, reading: estimator.reads(context.length + 1) };
  });
  const index = await counts.prepare({ levels: asked });
  const oneByOne = asked.map(({ context, word, reading }) => {
    return estimator.probability(index.levels(context, word, reading)) ?? Number.NaN;
  });
  return [Array.from(inColumns), oneByOne];
}

for (const sequences of ['document', 'line'] as const) {
  t.test(
    `rows have the probabilities of single words to the last bit, in a corpus of ${sequences}s`,
    async (t) => {
      await fc.assert(
        fc.asyncProperty(
          texts,
          fc.array(fc.array(fc.nat(words.length - 1), { maxLength: highest - 1 }), {
            minLength: 1,
            maxLength: 4,
          }),
          fc.integer({ min: 1, max: highest }),
          async (texts, contexts, order) => {
            const documents = texts.map((words) => words.join(sequences === 'line' ? '\n' : ' '));
            const corpus = corpusOf(t, documents, { order: highest, sequences });
            for (const name of estimatorNames) {
              const check = async (model: CountModel) => {
                const ids = Array.from(await model.vocabulary.tokenIds(words));
                const row = rowOf(
                  contexts.map((context) => context.map((i) => ids[i])),
                  ids,
                  order,
                );
                const [inColumns, oneByOne] = await bothOf(model, row);
                t.same(inColumns, oneByOne, `${name}, order ${order}`);
              };
              await corpus.ask(name, check, {}, order);
              if (!name.endsWith('kneser-ney') && order === highest) await corpus.askStore(name, check);
            }
          },
        ),
        { numRuns: 6 },
      );
    },
  );
}
