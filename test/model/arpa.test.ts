import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { perplexity } from '../../src/model/score.ts';
import { bookTest, testData } from '../http/harness.ts';
import { backoffModels, corpora, exportable } from './arpa-corpora.ts';
import { plainArpa, writeArpa as write } from './arpa-files.ts';
import { ArpaReader } from './arpa-reader.ts';
import { corpusOf, probabilityOf } from './models.ts';
import { addScores, scoreLines } from './scored.ts';

const line = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 8 });
const text = fc.array(line, { minLength: 1, maxLength: 6 });

for (const sequences of ['line', 'document'] as const) {
  t.test(`a ${sequences} corpus: a reader of the file computes the estimator’s P`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom(...backoffModels),
        fc.array(fc.constantFrom('a', 'b', 'c', 'never', '<unk>'), { minLength: 1, maxLength: 3 }),
        async (lines, estimator, ngram) => {
          const corpus = corpusOf(t, [lines.map((words) => words.join(' ')).join('\n')], { sequences });
          await corpus.ask(estimator, async (model) => {
            const file = await write(model);
            const reader = new ArpaReader(file);
            const { announced, ngrams } = reader;
            t.same(
              announced,
              ngrams.map(({ size }) => size),
              'the header has the number of n-grams',
            );
            t.equal(await write(model, 2), file, 'the file is the same when it is written in parts');
            const [word, ...reversed] = ngram.toReversed();
            const context = reversed.toReversed();
            const expected = Math.log10(probabilityOf(model, context, word));
            const actual = reader.logProbability(context, word);
            t.ok(Math.abs(actual - expected) < 1e-6, `${estimator} ${ngram}: ${actual} is ${expected}`);
          });
        },
      ),
      { numRuns: 40 },
    );
  });
}

t.test('the file has the probabilities and weights of the estimator, byte for byte', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      corpora,
      fc.integer({ min: 1, max: 50 }),
      async ({ settings, texts, takenBack }, most) => {
        const corpus = corpusOf(t, texts, settings, takenBack);
        for (const [estimator, parameters, highest] of exportable) {
          for (let order = 1; order <= Math.min(highest, settings.order); order++) {
            await corpus.ask(
              estimator,
              async (model) => {
                if ((await write(model, most)) === plainArpa(model)) return;
                throw new Error(`${estimator} ${JSON.stringify(parameters)} of order ${order} differs`);
              },
              parameters,
              order,
            );
          }
        }
      },
    ),
    { numRuns: 20 },
  );
});

t.test(
  'the file of a corpus of documents has the sentence markers that readers require, without probability',
  async (t) => {
    const corpus = corpusOf(t, ['a b a']);
    const { ngrams } = new ArpaReader(await corpus.ask('witten-bell', (model) => write(model)));
    t.same(ngrams[0].get('<s>'), { logProbability: -99, backoff: 0 });
    t.same(ngrams[0].get('</s>'), { logProbability: -99, backoff: 0 });
  },
);

t.test('a literal <unk> in the text is in the file once, like any word', async (t) => {
  const corpus = corpusOf(t, ['a <unk> b <unk>'], { sequences: 'line' });
  const file = await corpus.ask('witten-bell', (model) => write(model));
  t.equal(file.match(/\t<unk>\t/g)?.length, 1);
});

t.test('a token that is a space is written <space>', async (t) => {
  const corpus = corpusOf(t, ['ab ab'], { tokenizer: 'char', order: 2 });
  const { ngrams } = new ArpaReader(await corpus.ask('witten-bell', (model) => write(model)));
  t.ok(ngrams[1].has('b <space>'));
});

t.test('estimators that are not back-off models are refused, and the others are not', async (t) => {
  const corpus = corpusOf(t, ['a b a c']);
  for (const estimator of estimatorNames) {
    if (backoffModels.includes(estimator)) {
      t.match(await corpus.ask(estimator, (model) => write(model)), /\\end\\\n$/);
    } else {
      await t.rejects(
        corpus.ask(estimator, (model) => write(model)),
        {
          code: 'invalid-request',
          message: new RegExp(`${estimator} of order 3 is not one`),
          errors: [{ pointer: '/estimator' }],
        },
      );
    }
  }
  t.match(await corpus.ask('laplace', (model) => write(model), {}, 2), /\\end\\\n$/);
  const empty = corpusOf(t, []);
  await t.rejects(
    empty.ask('witten-bell', (model) => write(model)),
    { code: 'empty-text' },
  );
});

for (const order of [3, 5]) {
  t.test(`modified Kneser–Ney of order ${order} equals KenLM’s, to 1e-5 in log10`, bookTest, async (t) => {
    const folder = testData as string;
    const book = readFileSync(join(folder, 'timemachine.lines.txt'), 'utf8');
    const kenlm = new ArpaReader(
      gunzipSync(readFileSync(join(folder, `timemachine.lines.${order}.arpa.gz`))).toString(),
    );
    const corpus = corpusOf(t, [book], { sequences: 'line', order });
    const ours = new ArpaReader(await corpus.ask('modified-kneser-ney', (model) => write(model)));
    t.same(ours.announced, kenlm.announced);
    for (const [i, ngrams] of kenlm.ngrams.entries()) {
      t.equal(ours.ngrams[i].size, ngrams.size, `as many n-grams of order ${i + 1}`);
      let furthest = 0;
      for (const [ngram, { logProbability, backoff }] of ngrams) {
        const entry = ours.ngrams[i].get(ngram);
        if (entry === undefined) t.fail(`${ngram} is missing`);
        else {
          const differences = [entry.logProbability - logProbability, entry.backoff - backoff];
          furthest = Math.max(furthest, ...differences.map(Math.abs));
        }
      }
      t.ok(furthest < 1e-5, `order ${i + 1} differs by at most ${furthest}`);
    }
    for (const mark of ['<unk>', '<s>', '</s>']) t.ok(ours.ngrams[0].has(mark), mark);
    if (order === 3) {
      const scores = await corpus.ask('modified-kneser-ney', (model) =>
        scoreLines(model, { bos: true, eos: true, perToken: false }, Buffer.from(book), true),
      );
      const score = addScores(scores);
      t.equal(score.tokens, 35_623);
      t.equal(perplexity(score.logProbability, score.tokens).toFixed(5), '18.58095');
    }
  });
}
