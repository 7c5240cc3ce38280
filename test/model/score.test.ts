import fc from 'fast-check';
import t from 'tap';
import { estimatorNames } from '../../src/estimators/catalogue.ts';
import { inVocabularyPerplexity, perplexity, type ScoringState, TextScorer } from '../../src/model/score.ts';
import { corpusOf, probabilityOf } from './models.ts';
import { addScores, gathering, type Scored, scoreLines, scoreText } from './scored.ts';

const text = ['a b c a b', 'b a c', 'c c a b d', 'a'].join('\n');
const documents = corpusOf(t, [text]);
const lines = corpusOf(t, [text], { sequences: 'line' });
const all = { bos: true, eos: true, perToken: true };
const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'never'), { minLength: 1, maxLength: 8 });
const close = (a: number, b: number) =>
  a === b || Math.abs(a - b) < 1e-9 || (Number.isNaN(a) && Number.isNaN(b));

t.test('the score of a text is the sum of its words’ log probabilities, by the chain rule', async (t) => {
  for (const estimator of estimatorNames) {
    await fc.assert(
      fc.asyncProperty(words, async (words) => {
        await documents.ask(estimator, async (model) => {
          const score = await scoreText(model, all, Buffer.from(words.join(' ')));
          const expected = words.map((word, i) => Math.log(probabilityOf(model, words.slice(0, i), word)));
          t.ok(
            score.perToken?.every(({ logProbability }, i) => close(logProbability, expected[i])),
            `${estimator}: ${words}`,
          );
          t.ok(
            close(
              score.logProbability,
              expected.reduce((a, b) => a + b),
            ),
          );
          t.equal(score.tokens, words.length);
          t.equal(score.outOfVocabulary, words.filter((word) => word === 'never').length);
        });
      }),
      { numRuns: 20 },
    );
  }
});

t.test('a line is scored after <s> and with </s>, each of which can be switched off', async (t) => {
  await fc.assert(
    fc.asyncProperty(words, fc.boolean(), fc.boolean(), async (words, bos, eos) => {
      await lines.ask('modified-kneser-ney', async (model) => {
        const score = await scoreText(model, { ...all, bos, eos }, Buffer.from(words.join(' ')));
        const whole = [...(bos ? ['<s>'] : []), ...words, ...(eos ? ['</s>'] : [])];
        const expected = whole.flatMap((word, i) =>
          word === '<s>' ? [] : [Math.log(probabilityOf(model, whole.slice(0, i), word))],
        );
        t.ok(
          close(
            score.logProbability,
            expected.reduce((a, b) => a + b),
          ),
        );
        t.equal(score.tokens, expected.length);
      });
    }),
  );
});

t.test('each line has the score that it has alone, and a text of several lines has their sum', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(words, { minLength: 1, maxLength: 4 }), async (texts) => {
      const joined = texts.map((words) => words.join(' ')).join('\n');
      for (const corpus of [lines, documents]) {
        await corpus.ask('witten-bell', async (model) => {
          const each = await scoreLines(model, all, Buffer.from(joined));
          const alone = await Promise.all(
            texts.map((words) => scoreText(model, all, Buffer.from(words.join(' ')))),
          );
          t.same(each, alone);
        });
      }
      await lines.ask('witten-bell', async (model) => {
        const { perToken, ...whole } = await scoreText(model, all, Buffer.from(joined));
        const sum = addScores(await scoreLines(model, all, Buffer.from(joined)));
        t.ok(close(whole.logProbability, sum.logProbability));
        t.equal(whole.tokens, sum.tokens);
        t.equal(perToken?.length, sum.tokens);
      });
    }),
    { numRuns: 30 },
  );
});

t.test('both count indexes give the same scores', async (t) => {
  for (const estimator of estimatorNames.filter((name) => !name.endsWith('kneser-ney'))) {
    const score = (model: Parameters<typeof scoreLines>[0]) =>
      scoreLines(model, all, Buffer.from('a b never c\n\nd d a\n'));
    t.same(await lines.ask(estimator, score), await lines.askStore(estimator, score), estimator);
  }
});

t.test('each token has the length of the longest n-gram of the corpus that ends with it', async (t) => {
  const { perToken } = await documents.ask('laplace', (model) =>
    scoreText(model, all, Buffer.from('a b c d d never a')),
  );
  t.same(
    perToken?.map(({ token, order, inVocabulary }) => [token, order, inVocabulary]),
    [
      ['a', 1, true],
      ['b', 2, true],
      ['c', 3, true],
      ['d', 1, true],
      ['d', 1, true],
      ['never', 0, false],
      ['a', 1, true],
    ],
  );
});

t.test(
  'a text without tokens has the log probability 0, or that of its </s> in a corpus of lines',
  async (t) => {
    const empty = ['', '\n', '  ', '\ufeff', '\n\n \n'];
    for (const text of empty) {
      await documents.ask('laplace', async (model) => {
        const expected = { tokens: 0, logProbability: 0, outOfVocabulary: 0, inVocabularyLogProbability: 0 };
        t.same(await scoreText(model, all, Buffer.from(text)), { ...expected, perToken: [] });
      });
      await lines.ask('witten-bell', async (model) => {
        const score = (marks: object) => scoreText(model, { ...all, ...marks }, Buffer.from(text));
        t.match(await score({}), {
          tokens: 1,
          logProbability: Math.log(probabilityOf(model, ['<s>'], '</s>')),
          perToken: [{ token: '</s>', order: 1 }],
        });
        t.equal((await score({ bos: false })).logProbability, Math.log(probabilityOf(model, [], '</s>')));
        t.match(await score({ eos: false }), { tokens: 0, logProbability: 0 });
      });
    }
    await lines.ask('laplace', async (model) => {
      const tokens = async (text: string) =>
        (await scoreLines(model, all, Buffer.from(text))).map(({ tokens }) => tokens);
      t.same(await tokens('a\n\n  \nb'), [2, 1, 1, 2], 'of lines, each is a text');
      t.equal((await scoreText(model, all, Buffer.from('a\n\n  \nb'))).tokens, 4, 'of one text, only it');
    });
  },
);

t.test('sentence markers in a text and invalid UTF-8 are refused', async (t) => {
  await lines.ask('laplace', async (model) => {
    await t.rejects(scoreText(model, all, Buffer.from('a </s> b')), {
      code: 'invalid-text',
      message: /literal <\/s>/,
    });
    await t.rejects(scoreText(model, all, Buffer.from([0x61, 0xff])), { code: 'invalid-text' });
  });
});

const parts = fc.array(
  fc.oneof(
    words.map((words) => words.join(' ')),
    fc.constantFrom(' ', '\n', '\n\n', '\u3000', 'ä', '中文', '\ufeff', '.', 'c '.repeat(600)),
  ),
  { maxLength: 8 },
);

t.test('a text that is scored in parts has the score of the whole, to the last bit', async (t) => {
  const corpora = [
    lines,
    documents,
    ...(['word', 'char', 'unicode'] as const).map((tokenizer) =>
      corpusOf(t, [text, 'a中文b'], { tokenizer, sequences: 'line' }),
    ),
  ];
  const lengths = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(parts, lengths, fc.boolean(), async (parts, lengths, isOfLines) => {
      const bytes = Buffer.from(parts.join(''));
      for (const corpus of corpora) {
        await corpus.ask('modified-kneser-ney', async (model) => {
          const scored: Scored[] = [];
          const visitor = gathering(scored);
          let state: ScoringState | undefined;
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const scorer = new TextScorer(model, all, visitor, { isOfLines, isStart: true, state });
            await scorer.write(bytes.subarray(at, at + lengths[i % lengths.length]));
            at += lengths[i % lengths.length];
            state = structuredClone(await scorer.state());
          }
          const last = new TextScorer(model, all, visitor, { isOfLines, isStart: true, state });
          if (isOfLines) await last.endLines();
          else await last.endText();
          const whole = isOfLines
            ? await scoreLines(model, all, bytes)
            : [await scoreText(model, all, bytes)];
          t.same(scored, whole);
        });
      }
    }),
    { numRuns: 60 },
  );
});

t.test('a text is scored with one version of the corpus', async (t) => {
  const text = { isOfLines: false, isStart: true };
  await documents.ask('laplace', async (model) => {
    const scorer = new TextScorer(model, all, gathering([]), text);
    await scorer.write(Buffer.from('a b'));
    const state = { ...(await scorer.state()), version: 7 };
    t.throws(() => new TextScorer(model, all, gathering([]), { ...text, state }), {
      code: 'index-not-ready',
    });
  });
});

t.test('perplexity is over all tokens, or over those in the vocabulary', async (t) => {
  const score = {
    tokens: 4,
    logProbability: -8,
    outOfVocabulary: 1,
    inVocabularyLogProbability: -3,
  };
  t.equal(perplexity(score.logProbability, score.tokens), Math.exp(2));
  t.equal(inVocabularyPerplexity(score), Math.exp(1));
  t.ok(Number.isNaN(perplexity(0, 0)));
});
