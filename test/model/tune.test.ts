import t from 'tap';
import type { EstimatorParameters } from '../../src/estimators/catalogue.ts';
import { perplexity } from '../../src/model/score.ts';
import { tune } from '../../src/model/tune.ts';
import { corpusOf } from './models.ts';
import { addScores, scoreLines } from './scored.ts';

/** A text in which the next word mostly depends on the two words before. */
function patterned(length: number, seed: number): string {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const words = [0, 1];
  while (words.length < length) {
    const [before, last] = words.slice(-2);
    words.push(next() < 0.7 ? (2 * before + 3 * last + 1) % 12 : Math.floor(next() * 12));
  }
  return words.map((word) => `w${word}`).join(' ');
}

const corpus = corpusOf(t, [patterned(3000, 1)]);
const heldOut = Buffer.from(patterned(600, 99));

function perplexityUnder(
  estimator: Parameters<typeof corpus.ask>[0],
  parameters: EstimatorParameters,
): Promise<number> {
  return corpus.ask(
    estimator,
    async (model) => {
      const options = { bos: true, eos: true, perToken: false };
      const { logProbability, tokens } = addScores(await scoreLines(model, options, heldOut, true));
      return perplexity(logProbability, tokens);
    },
    parameters,
  );
}

const grids: [Parameters<typeof corpus.ask>[0], EstimatorParameters[]][] = [
  ['laplace', [0.01, 1, 10, 100].flatMap((a) => [0.01, 1, 10, 100].map((b) => ({ epsilon: [1, a, b] })))],
  ['additive', [0.001, 0.01, 0.1, 0.3, 1, 3].map((k) => ({ k }))],
  [
    'jelinek-mercer',
    [0.1, 0.2, 0.4].flatMap((a) => [0.1, 0.2, 0.4].map((b) => ({ lambda: [a, b, 1 - a - b] }))),
  ],
  [
    'absolute-discounting',
    [0.2, 0.5, 0.8].flatMap((a) => [0.2, 0.5, 0.8].map((b) => ({ discount: [0.5, a, b] }))),
  ],
];

for (const [estimator, grid] of grids) {
  t.test(`${estimator}: no point of a grid is better than the result`, async (t) => {
    const { best, curve, tokens } = await corpus.ask(estimator, (model) => tune(model, heldOut));
    t.equal(tokens, 600);
    t.ok(curve.length >= 100);
    t.ok(
      Math.abs(best.perplexity - (await perplexityUnder(estimator, best.parameters))) < 1e-9,
      'as scoring gives it',
    );
    for (const parameters of grid) {
      const there = await perplexityUnder(estimator, parameters);
      t.ok(best.perplexity < there * 1.002, `${best.perplexity} is below ${there}`);
    }
    t.ok(curve.every((step) => step.perplexity >= best.perplexity));
  });
}

t.test('the given parameters are tried first, and kept if nothing is better', async (t) => {
  const { best } = await corpus.ask('additive', (model) => tune(model, heldOut));
  const again = await corpus.ask('additive', (model) => tune(model, heldOut), best.parameters);
  t.same(again.curve[0].parameters, best.parameters);
  t.ok(again.best.perplexity <= best.perplexity);
});

t.test('with order 1 there is one weight, and nothing to search', async (t) => {
  const { best, curve } = await corpus.ask('jelinek-mercer', (model) => tune(model, heldOut), {}, 1);
  t.same(best.parameters, { lambda: [1] });
  t.equal(curve.length, 1);
});

t.test('a search ends even if many points are equally good', async (t) => {
  const texts = ["Über isn't\nÜber isn't ", 'traveller <s> 時間 of\nmachine Über traveller <s> <s> <s> '];
  const settings = { tokenizer: 'char', order: 1, sequences: 'line' } as const;
  const few = corpusOf(t, [...texts, '42 time <unk> </s> machine 時間 時間 '], settings);
  const text = Buffer.from("isn't 時間 time\n<unk> Über ");
  const { curve } = await few.ask('laplace', (model) => tune(model, text), { epsilon: [1e308] });
  t.ok(curve.length >= 400);
});

t.test('unknown words are counted, and excluded if no weights give them a probability', async (t) => {
  const text = Buffer.from(`${heldOut} zebra`);
  const additive = await corpus.ask('additive', (model) => tune(model, text));
  t.match(additive, { tokens: 601, outOfVocabulary: 1 });
  const mercer = await corpus.ask('jelinek-mercer', (model) => tune(model, text));
  t.match(mercer, { tokens: 600, outOfVocabulary: 1 });
  t.ok(Number.isFinite(mercer.best.perplexity));
});

t.test('estimators without parameters, and texts without information, are refused', async (t) => {
  for (const estimator of ['mle', 'stupid-backoff', 'modified-kneser-ney', 'witten-bell'] as const) {
    await t.rejects(
      corpus.ask(estimator, (model) => tune(model, heldOut)),
      {
        code: 'invalid-request',
        message: new RegExp(`${estimator} has no parameters`),
        errors: [{ pointer: '/estimator' }],
      },
    );
  }
  await t.rejects(
    corpus.ask('additive', (model) => tune(model, Buffer.from(' \n'))),
    {
      errors: [{ pointer: '/text' }],
    },
  );
  await t.rejects(
    corpus.ask('jelinek-mercer', (model) => tune(model, Buffer.from('zebra'))),
    {
      errors: [{ pointer: '/text' }],
    },
  );
  const empty = corpusOf(t, []);
  await t.rejects(
    empty.ask('additive', (model) => tune(model, heldOut)),
    { code: 'empty-text' },
  );
  await t.rejects(
    corpus.ask('additive', (model) => tune(model, Buffer.from('w1 '.repeat(100_001)))),
    {
      message: /more than 100000 tokens/,
    },
  );
});

t.test('an error of the checkpoint ends the search', async (t) => {
  let evaluations = 0;
  const stop = () => {
    if (++evaluations === 3) throw new Error('stop');
  };
  await t.rejects(
    corpus.ask('additive', (model) => tune(model, heldOut, stop)),
    { message: 'stop' },
  );
  t.equal(evaluations, 3);
});
