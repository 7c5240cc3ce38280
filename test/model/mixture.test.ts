import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { EstimatorName } from '../../src/estimators/catalogue.ts';
import type { CorpusAddress } from '../../src/index/corpus.ts';
import { withAnyCorpus } from '../../src/index/thread-corpora.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';
import { languageModel } from '../../src/model/language-models.ts';
import type { MixtureModel } from '../../src/model/mixture/mixture-model.ts';
import { tuneMixture } from '../../src/model/mixture/tune-mixture.ts';
import { bestWeights } from '../../src/model/mixture/weights.ts';
import type { CorpusSettings } from '../../src/store/store.ts';
import { corpusOf } from './models.ts';
import { scoreText } from './scored.ts';

const texts = [
  ['a b c a b\nb a c d\nc c a b d\na', 'b b a'],
  ['c d e f\nf e d a\ne e f', 'g a'],
  ['<unk> a h h\nh <unk> c'],
];
const settings = { tokenizer: 'whitespace', sequences: 'line', order: 3 } as const;

interface Part {
  estimator: EstimatorName;
  weight: number;
  order?: number;
}

/** Corpora of the texts, and mixtures of the first of them, asked as threads ask them. */
function mixtures(t: Test, inMemory: boolean) {
  const corpora = texts.map((texts) => corpusOf(t, texts, settings));
  const address = async (i: number): Promise<CorpusAddress> => {
    const { trie, ...stored } = await corpora[i].address();
    return inMemory ? { ...stored, trie } : stored;
  };
  return {
    /** Asks a mixture, with the models of its parts. */
    async ask<T>(
      parts: readonly Part[],
      question: (mixture: MixtureModel, models: readonly LanguageModel[]) => Promise<T>,
    ): Promise<T> {
      const addresses = await Promise.all(parts.map((_, i) => address(i)));
      const content = {
        kind: 'mixture' as const,
        parts: parts.map(({ estimator, weight, order }, i) => ({
          corpus: `c${i}`,
          estimator,
          weight,
          order,
        })),
      };
      const own: CorpusSettings = { ...settings, content };
      const whole = {
        ...addresses[0],
        trie: undefined,
        mixture: { settings: own, version: 1, parts: addresses },
      };
      return withAnyCorpus(whole, async (corpus) => {
        if (!('parts' in corpus)) throw new Error('This is no mixture.');
        const models: LanguageModel[] = [];
        for (const [i, { estimator, order = 3 }] of parts.entries()) {
          models.push(await languageModel(corpus.parts[i], { estimator, order, parameters: {} }));
        }
        return question((await languageModel(corpus, {} as never)) as MixtureModel, models);
      });
    },
  };
}

/** What a model gives to a word after a context by their names, and whether it has the word. */
async function answerOf(model: LanguageModel, context: readonly string[], word: string) {
  const used = model.order === 1 ? [] : context.slice(1 - model.order);
  const ids = [...(await model.vocabulary.tokenIds([...used, word]))];
  const counted = await model.countedIds(ids, 1);
  const query = { context: counted.slice(0, -1), word: counted[ids.length - 1], own: ids[ids.length - 1] };
  const [answer] = await model.probabilities([query], false);
  return answer;
}

/** Σ λᵢ Pᵢ by asking each model; a word that another has and a model has not gets nothing from it. */
async function mixedByHand(
  parts: readonly Part[],
  models: readonly LanguageModel[],
  context: readonly string[],
  word: string,
) {
  const answers = await Promise.all(models.map((model) => answerOf(model, context, word)));
  const isKnown = answers.some(({ inVocabulary }) => inVocabulary);
  let sum = 0;
  for (const [i, { probability, inVocabulary }] of answers.entries()) {
    sum += isKnown && !inVocabulary ? 0 : parts[i].weight * (probability as number);
  }
  return { probability: sum, inVocabulary: isKnown };
}

const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '<unk>', '</s>', 'zzz'];
const anyContext = fc.array(fc.constantFrom('<s>', ...words.filter((word) => word !== '</s>')), {
  maxLength: 4,
});
const anyEstimator = fc.constantFrom<EstimatorName>(
  'modified-kneser-ney',
  'witten-bell',
  'laplace',
  'jelinek-mercer',
);
const anyParts = fc
  .array(
    fc.record({
      estimator: anyEstimator,
      weight: fc.integer({ min: 1, max: 5 }),
      order: fc.constantFrom(1, 2, 3),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => {
    const sum = parts.reduce((sum, { weight }) => sum + weight, 0);
    return parts.map((part) => ({ ...part, weight: part.weight / sum }));
  });

const inMemory = mixtures(t, true);

t.test('the probability of a word is the sum of its weighted probabilities in the parts', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyParts, anyContext, fc.constantFrom(...words), async (parts, context, word) => {
      await inMemory.ask(parts, async (mixture, models) => {
        const { explanation: _, ...answer } = await answerOf(mixture, context, word);
        t.same(answer, await mixedByHand(parts, models, context, word));
      });
    }),
    { numRuns: 60 },
  );
});

t.test('the continuations are the best of all words, sorted', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      anyParts,
      anyContext,
      fc.integer({ min: 1, max: 12 }),
      fc.option(fc.nat(11), { nil: undefined }),
      async (parts, context, k, from) => {
        await inMemory.ask(parts, async (mixture) => {
          const named = words.filter((word) => word !== 'zzz');
          const ids = [...(await mixture.vocabulary.tokenIds(named))].filter((id) => id >= 0);
          const used = [...(await mixture.vocabulary.tokenIds(context))].slice(-2);
          const all: { word: number; probability: number }[] = [];
          for (const id of await mixture.nextWords(ids)) {
            const [{ probability }] = await mixture.probabilities(
              [{ context: used, word: id, own: id }],
              false,
            );
            all.push({ word: id, probability: probability as number });
          }
          all.sort((a, b) => b.probability - a.probability || a.word - b.word);
          const after = from === undefined || all[from] === undefined ? undefined : all[from];
          const start = after === undefined ? 0 : all.indexOf(after) + 1;
          const selection = after && { after: { word: after.word, score: after.probability } };
          t.same(await mixture.continuations(used, { k, ...selection }), all.slice(start, start + k));
          const among = new Set(all.filter((_, i) => i % 2 === 0).map(({ word }) => word));
          t.same(
            await mixture.continuations(used, { k, among }),
            all.filter(({ word }) => among.has(word)).slice(0, k),
          );
        });
      },
    ),
    { numRuns: 60 },
  );
});

t.test('the probabilities of all words add up to 1 where those of the parts do', async (t) => {
  const parts: Part[] = [
    { estimator: 'laplace', weight: 0.25 },
    { estimator: 'witten-bell', weight: 0.5 },
    { estimator: 'jelinek-mercer', weight: 0.25 },
  ];
  await inMemory.ask(parts, async (mixture) => {
    for (const context of [[], ['a'], ['zzz', 'e'], ['<s>'], ['c', 'h']]) {
      const ids = [...(await mixture.vocabulary.tokenIds(context))];
      const groups = await mixture.distribution(ids);
      const sum = groups.reduce((sum, { probability }) => sum + probability, 0);
      t.ok(Math.abs(sum - 1) < 1e-12, `after ${context}: ${sum}`);
    }
  });
});

t.test('words are drawn as often as they are probable', async (t) => {
  const parts: Part[] = [
    { estimator: 'witten-bell', weight: 0.3 },
    { estimator: 'laplace', weight: 0.7 },
  ];
  await inMemory.ask(parts, async (mixture) => {
    const context = [...(await mixture.vocabulary.tokenIds(['a']))];
    const drawn = new Map<number, number>();
    const rounds = 4000;
    let state = 1;
    const pick = (size: number) => {
      state = (state * 48271) % 2147483647;
      return state % size;
    };
    for (let i = 0; i < rounds; i++) {
      // Evenly spread instead of random.
      const word = await mixture.draw(context, { uniform: () => (i + 0.5) / rounds, pick });
      if (word !== undefined) drawn.set(word.word, (drawn.get(word.word) ?? 0) + 1);
    }
    for (const { probability, pick } of await mixture.distribution(context)) {
      const share = (drawn.get(pick(() => 0)) ?? 0) / rounds;
      t.ok(Math.abs(share - probability) < 0.02, `${share} of ${probability}`);
    }
  });
});

t.test('texts are scored token by token as they are asked, from memory and from the store', async (t) => {
  const options = { bos: true, eos: true, perToken: true };
  const parts: Part[] = [
    { estimator: 'witten-bell', weight: 0.3 },
    { estimator: 'laplace', weight: 0.5, order: 2 },
    { estimator: 'jelinek-mercer', weight: 0.2 },
  ];
  const text = Buffer.from('a b zzz d\ne f g h a\n\n<unk> zzz a b c\n'.repeat(50));
  const score = (mixture: MixtureModel) => scoreText(mixture, options, text);
  const scored = await inMemory.ask(parts, score);
  const lines = text.toString().trim().split(/\n+/);
  await inMemory.ask(parts, async (mixture) => {
    const expected: number[] = [];
    for (const line of lines.slice(0, 3)) {
      const tokens = ['<s>', ...line.split(' '), '</s>'];
      for (let i = 1; i < tokens.length; i++) {
        const { probability } = await answerOf(mixture, tokens.slice(0, i), tokens[i]);
        expected.push(Math.log(probability as number));
      }
    }
    const found = scored.perToken.map(({ logProbability }) => logProbability);
    t.ok(expected.every((value, i) => Math.abs(value - found[i]) < 1e-12));
  });
  t.same(await mixtures(t, false).ask(parts, score), scored);
});

t.test('expectation maximization finds the weights of the highest probability', async (t) => {
  await fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.double({ min: 1e-3, max: 1, noNaN: true }),
          fc.double({ min: 1e-3, max: 1, noNaN: true }),
        ),
        {
          minLength: 1,
          maxLength: 30,
        },
      ),
      (tokens) => {
        const probabilities = [tokens.map(([one]) => one), tokens.map(([, other]) => other)];
        const steps = bestWeights(probabilities, [0.5, 0.5]);
        for (const [i, { weights, logProbability }] of steps.entries()) {
          t.ok(Math.abs(weights[0] + weights[1] - 1) < 1e-9);
          if (i > 0) t.ok(logProbability >= steps[i - 1].logProbability - 1e-9);
        }
        const of = (weight: number) =>
          tokens.reduce((sum, [one, other]) => sum + Math.log(weight * one + (1 - weight) * other), 0);
        // The log probability is concave in the weight, so the best of a grid is near the best.
        const best = Math.max(...Array.from({ length: 1001 }, (_, i) => of(i / 1000)));
        const found = Math.max(...steps.map(({ logProbability }) => logProbability));
        t.ok(found > best - 1e-3 * Math.max(1, Math.abs(best)), `${found} of ${best}`);
      },
    ),
    { numRuns: 30 },
  );
});

t.test('a step of expectation maximization is that of compute-best-mix, by hand', (t) => {
  // Shares of the first part with equal weights: 0.2/0.3, 0.1/0.5 and 1.
  const [before, step] = bestWeights(
    [
      [0.2, 0.1, 0.3],
      [0.1, 0.4, 0],
    ],
    [0.5, 0.5],
  );
  t.same(before.weights, [0.5, 0.5]);
  t.ok(Math.abs(before.logProbability - Math.log(0.15 * 0.25 * 0.15)) < 1e-12);
  t.ok(Math.abs(step.weights[0] - (2 / 3 + 1 / 5 + 1) / 3) < 1e-12);
  t.end();
});

t.test('a mixture is tuned to the part that the text comes from', async (t) => {
  const parts: Part[] = [
    { estimator: 'witten-bell', weight: 0.5 },
    { estimator: 'witten-bell', weight: 0.5 },
  ];
  await inMemory.ask(parts, async (mixture) => {
    const { before, best, tokens, outOfVocabulary } = await tuneMixture(
      mixture,
      Buffer.from('f e d a\ne e f zzz\n'),
    );
    t.same([tokens, outOfVocabulary], [10, 1]);
    t.same(before.weights, [0.5, 0.5]);
    t.ok(best.weights[1] > 0.8);
    t.ok(best.perplexity < before.perplexity);
    const { logProbability } = await scoreText(
      mixture,
      { bos: true, eos: true, perToken: false },
      Buffer.from('f e d a\ne e f zzz\n'),
    );
    t.ok(Math.abs(logProbability - before.logProbability) < 1e-9);
    await t.rejects(tuneMixture(mixture, Buffer.from('\n')), { code: 'invalid-request' });
  });
});
