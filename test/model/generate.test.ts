import fc from 'fast-check';
import t from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { type TokenId, UNSEEN } from '../../src/index/count-index.ts';
import { distribution } from '../../src/model/distribution.ts';
import {
  beginGeneration,
  continueGeneration,
  type GeneratedToken,
  type Sampling,
} from '../../src/model/generate.ts';
import type { LanguageModel } from '../../src/model/language-model.ts';
import { corpusOf, probabilityOf } from './models.ts';

const text = 'a b c a b d e\na c a b e f\ng a b c c\nb h\na b i j k';
const documents = corpusOf(t, [text]);
const lines = corpusOf(t, [text], { sequences: 'line' });
const anything: Sampling = { temperature: 1 };

async function generate(
  model: LanguageModel,
  prompt: string,
  sampling: Sampling,
  seed: number,
  limit: number,
) {
  const { generation } = await beginGeneration(model, prompt, seed);
  return continueGeneration(model, sampling, generation, limit);
}
const words = (tokens: readonly GeneratedToken[]) => tokens.map(({ token }) => token);

t.test(
  'the distribution has P of every word of the vocabulary, in groups of equal probability',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...estimatorNames),
        fc.array(fc.integer({ min: 3, max: 13 }), { maxLength: 2 }),
        fc.boolean(),
        async (estimator, context, ofLines) => {
          await (ofLines ? lines : documents).ask(estimator, async (model) => {
            const { index } = model;
            const expected = new Map<TokenId, number>();
            for (const word of index.words()) {
              const levels = index.levels(context, word, model.estimator.reads(context.length + 1));
              const probability = model.estimator.probability(levels);
              if (probability !== null) expected.set(word, probability);
            }
            const groups = distribution(model.estimator, index, context);
            t.equal(
              groups.reduce((sum, { size }) => sum + size, 0),
              expected.size,
              'each word is in one group',
            );
            for (const { probability, pick, size } of groups) {
              const members = new Set<TokenId>();
              let drawn = 0;
              for (let i = 0; i < 100 * size; i++) members.add(pick((n) => drawn++ % n));
              t.equal(members.size, size, 'each member is picked');
              t.ok([...members].every((word) => Math.abs((expected.get(word) ?? -1) - probability) < 1e-15));
            }
            const falling = groups.every(
              ({ probability }, i) => i === 0 || probability <= groups[i - 1].probability,
            );
            t.ok(falling, 'most probable first');
          });
        },
      ),
      { numRuns: 60 },
    );
  },
);

t.test('words are drawn in proportion to their probabilities, at any temperature', async (t) => {
  const draws = 20_000;
  for (const [estimator, temperature] of [
    ['modified-kneser-ney', 1],
    ['laplace', 0.5],
    ['additive', 2],
    ['stupid-backoff', 1],
  ] as const) {
    await documents.ask(estimator, async (model) => {
      const drawn = new Map<string, number>();
      for (let seed = 0; seed < draws; seed++) {
        const [word] = words((await generate(model, 'a b', { temperature }, seed, 1)).tokens);
        drawn.set(word, (drawn.get(word) ?? 0) + 1);
      }
      const tempered = [...model.index.words()].map((id) => {
        const word = model.tokenOf(id);
        return { word, mass: probabilityOf(model, ['a', 'b'], word) ** (1 / temperature) };
      });
      const total = tempered.reduce((sum, { mass }) => sum + mass, 0);
      let chiSquare = 0;
      for (const { word, mass } of tempered) {
        const expected = (draws * mass) / total;
        chiSquare += ((drawn.get(word) ?? 0) - expected) ** 2 / expected;
      }
      // The 99.99th percentile of the distribution with 10 degrees of freedom.
      t.ok(chiSquare < 35.56, `${estimator}: χ² = ${chiSquare}`);
    });
  }
});

t.test('neighbouring seeds give independent first words', async (t) => {
  const sizes = Array.from({ length: 100 }, (_, i) => 100 + i);
  const tokens = sizes.reduce((a, b) => a + b);
  const unequal = corpusOf(t, [sizes.map((size, i) => `w${i} `.repeat(size)).join('')], { order: 1 });
  await unequal.ask('mle', async (model) => {
    for (const draws of [4000, 20_000]) {
      const drawn = sizes.map(() => 0);
      for (let seed = 0; seed < draws; seed++) {
        const [word] = words((await generate(model, '', anything, seed, 1)).tokens);
        drawn[Number(word.slice(1))]++;
      }
      const chiSquare = sizes.reduce((sum, size, i) => {
        const expected = (draws * size) / tokens;
        return sum + (drawn[i] - expected) ** 2 / expected;
      }, 0);
      // The 0.01th and 99.99th percentiles of the distribution with 99 degrees of freedom.
      t.ok(chiSquare > 54.98 && chiSquare < 160.06, `of ${draws} draws χ² = ${chiSquare}`);
    }
  });
});

t.test(
  'a seed gives the same text however it is split into parts, and other seeds give other texts',
  async (t) => {
    await lines.ask('witten-bell', async (model) => {
      const whole = await generate(model, 'a', anything, 7, 30);
      const tokens: GeneratedToken[] = [];
      let { generation } = await beginGeneration(model, 'a', 7);
      for (;;) {
        const part = await continueGeneration(model, anything, generation, 2);
        tokens.push(...part.tokens);
        generation = part.generation;
        if (part.finish !== undefined || tokens.length >= 30) break;
      }
      t.same(tokens, whole.tokens);
      const texts = new Set<string>();
      for (let seed = 0; seed < 20; seed++) {
        texts.add(words((await generate(model, '', anything, seed, 30)).tokens).join(' '));
      }
      t.ok(texts.size > 10);
    });
  },
);

t.test('temperature 0 takes the most probable word, and the lowest id among equals', async (t) => {
  await documents.ask('laplace', async (model) => {
    const { tokens } = await generate(model, '', { temperature: 0 }, 1, 5);
    const context: string[] = [];
    for (const { token, logProbability } of tokens) {
      const ranked = [...model.index.words()].map((id) => {
        const word = model.tokenOf(id);
        return { word, probability: probabilityOf(model, context, word) };
      });
      const best = ranked.reduce((best, next) => (next.probability > best.probability ? next : best));
      t.equal(token, best.word);
      t.equal(logProbability, Math.log(best.probability));
      context.push(token);
    }
  });
});

t.test('at a temperature close to 0 only the most probable word is drawn, whatever top_p is', async (t) => {
  const others = Array.from({ length: 58 }, (_, i) => `w${i}`);
  const corpus = corpusOf(t, [['b', ...others, 'a', 'a'].join(' ')], { order: 1 });
  // The probabilities of a and b differ in the last digits, and their logarithms are the same double.
  const epsilon = [1e17];
  await corpus.ask(
    'laplace',
    async (model) => {
      const [a, b] = ['a', 'b'].map((word) => probabilityOf(model, [], word));
      t.ok(a > b && Math.log(a) === Math.log(b));
      for (const temperature of [Number.MIN_VALUE, 1e-320, 1e-300, 1e-20]) {
        for (const topP of [Number.MIN_VALUE, 0.5, 1]) {
          const { tokens } = await generate(model, '', { temperature, topP }, 3, 40);
          t.same(new Set(words(tokens)), new Set(['a']), `${temperature}, ${topP}`);
        }
      }
      const { tokens } = await generate(model, '', { temperature: 100, topP: 1 - 2 ** -53 }, 3, 1000);
      t.equal(new Set(words(tokens)).size, 60, 'at a high one all are');
    },
    { epsilon },
    1,
  );
});

t.test(
  'top_k and top_p keep the most probable words, and those as probable as the last one kept',
  async (t) => {
    await documents.ask('modified-kneser-ney', async (model) => {
      const ranked = [...model.index.words()]
        .map((id) => model.tokenOf(id))
        .map((word) => ({ word, probability: probabilityOf(model, ['a', 'b'], word) }))
        .sort((a, b) => b.probability - a.probability);
      const upTo = (last: number) =>
        ranked.filter(({ probability }) => probability >= ranked[last].probability - 1e-15);
      const drawn = async (sampling: Sampling) => {
        const found = new Set<string>();
        for (let seed = 0; seed < 3000; seed++) {
          found.add(words((await generate(model, 'a b', sampling, seed, 1)).tokens)[0]);
        }
        return found;
      };
      for (const topK of [1, 2, 4, 100]) {
        const allowed = upTo(Math.min(topK, ranked.length) - 1).map(({ word }) => word);
        t.same([...(await drawn({ temperature: 1, topK }))].sort(), allowed.sort(), `top ${topK}`);
      }
      for (const topP of [0.1, 0.5, 0.9]) {
        const total = ranked.reduce((sum, { probability }) => sum + probability, 0);
        let sum = 0;
        const last = ranked.findIndex(({ probability }) => {
          sum += probability;
          return sum >= topP * total;
        });
        const allowed = upTo(last).map(({ word }) => word);
        t.same([...(await drawn({ temperature: 1, topP }))].sort(), allowed.sort(), `top ${topP}`);
      }
    });
  },
);

t.test('a line ends at </s>, and <s> and <unk> are never generated', async (t) => {
  await lines.ask('kneser-ney', async (model) => {
    const finishes = new Set<string | undefined>();
    for (let seed = 0; seed < 200; seed++) {
      const { tokens, finish } = await generate(model, 'never seen', anything, seed, 4);
      finishes.add(finish);
      const marks = words(tokens).filter((token) => ['<s>', '</s>', '<unk>'].includes(token));
      t.same(marks, []);
      t.ok(tokens.length === 4 || finish === 'stop');
    }
    t.same(finishes, new Set(['stop', undefined]));
  });
});

t.test('if every word has the score 0, the text ends at any temperature', async (t) => {
  for (const temperature of [0, 1e-300, 1]) {
    const part = await documents.ask(
      'stupid-backoff',
      (model) => generate(model, 'never seen', { temperature }, 1, 5),
      { alpha: 0 },
    );
    t.match(part, { tokens: [], finish: 'no_continuation' });
  }
});

t.test('if the estimator has no probability, the text ends with a reason', async (t) => {
  await documents.ask('mle', async (model) => {
    t.match(await generate(model, 'never seen', anything, 1, 5), { tokens: [], finish: 'no_continuation' });
    const { finish, tokens } = await generate(model, 'b', { temperature: 0 }, 1, 50);
    t.ok(finish === 'no_continuation' || tokens.length === 50);
  });
});

t.test('a prompt is continued after its last words, in a corpus of lines after <s>', async (t) => {
  await lines.ask('laplace', async (model) => {
    const { idOf } = model;
    const contextOf = async (prompt: string) => (await beginGeneration(model, prompt, 1)).generation.context;
    t.same(await contextOf(''), [idOf('<s>')]);
    t.same(await contextOf('a'), [idOf('<s>'), idOf('a')]);
    t.same(await contextOf('<s> a'), [idOf('<s>'), idOf('a')]);
    t.same(await contextOf('a b zz'), [idOf('b'), UNSEEN]);
  });
});
