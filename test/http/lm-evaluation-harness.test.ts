import t, { type Test } from 'tap';
import { wordTokenizers } from '../../src/text/tokenizer.ts';
import { startService } from './harness.ts';

const text =
  'the time machine and the time traveller\nthe traveller and the psychologist\nthe end of time\na time 1984 of the';

interface Choice {
  index: number;
  text: string;
  logprobs: {
    tokens: string[];
    token_logprobs: number[];
    top_logprobs: Record<string, number>[];
    text_offset: number[];
  };
}

/** The service, and a client that sends the requests of lm-evaluation-harness to a corpus of it. */
async function startHarness(t: Test, query: string) {
  const { api } = await startService(t);
  await api.put(`/v1/corpora/c?${query}`).type('text/plain').send(text);
  const post = async (path: string, body: object) => {
    // This is how it sends an empty key.
    const { status, body: answer } = await api.post(path).set('authorization', 'Bearer ').send(body);
    t.equal(status, 200, JSON.stringify(answer).slice(0, 300));
    return answer;
  };
  const tokenize = async (prompt: string): Promise<number[]> =>
    (await post('/v1/corpora/c/tokenize', { prompt, add_special_tokens: false })).tokens;
  const info = (await api.get('/v1/corpora/c/tokenizer_info')).body;
  t.ok('eos_token' in info);
  const complete = async (body: object): Promise<Choice[]> =>
    (await post('/v1/corpora/c/v1/completions', body)).choices;
  return {
    tokenize,
    complete,
    info,
    detokenize: async (tokens: number[]): Promise<string> =>
      (await post('/v1/corpora/c/detokenize', { tokens })).prompt,
    /** Pairs of a context and a continuation: log P, and whether it is the most probable one. */
    async likelihoods(pairs: readonly (readonly [context: number[], continuation: number[]])[]) {
      const choices = await complete({
        model: 'c',
        prompt: pairs.map((pair) => pair.flat()),
        temperature: 0,
        max_tokens: 1,
        logprobs: 1,
        seed: 1234,
        echo: true,
      });
      t.equal(choices.length, pairs.length);
      return choices
        .toSorted((a, b) => a.index - b.index)
        .map(({ logprobs }, i) => {
          const from = pairs[i][0].length;
          t.equal(logprobs.token_logprobs.length, pairs[i].flat().length + 1, 'exactly one token follows');
          t.ok(logprobs.token_logprobs.slice(1).every(Number.isFinite));
          const own = logprobs.token_logprobs.slice(from, -1);
          const tops = logprobs.top_logprobs.slice(from, -1);
          return {
            sum: own.reduce((sum, logprob) => sum + logprob, 0),
            isGreedy: own.every((logprob, j) => logprob === Math.max(...Object.values(tops[j]))),
          };
        });
    },
    /** Log P of texts under the same model. */
    async scores(texts: readonly string[], eos: boolean): Promise<number[]> {
      const marks = info.bos_token === '<s>' ? { eos } : {};
      const body = { texts, estimator: 'modified-kneser-ney', ...marks };
      const { results } = await post('/v1/corpora/c/score', body);
      return results.map(({ log_probability }: { log_probability: number }) => log_probability);
    },
    best: async (context: string): Promise<string> => {
      const question = { context, k: 1, estimator: 'modified-kneser-ney' };
      return (await api.get('/v1/corpora/c/continuations').query(question)).body.continuations[0].word;
    },
  };
}

const near = (a: number, b: number) => Math.abs(a - b) < 1e-12 * Math.max(Math.abs(a), 1);

for (const query of ['tokenizer=whitespace&sequences=line', 'tokenizer=word']) {
  t.test(`the likelihood of continuations is the difference of scores: ${query}`, async (t) => {
    const { tokenize, likelihoods, scores, best } = await startHarness(t, query);
    const contexts = ['the time', 'the', 'and the time', 'the end of never', 'a time'];
    const continuations = [' traveller', ' time machine', ' never seen', ' time', ' 1984 of the'];
    const pairs: [context: string, continuation: string][] = contexts.flatMap((context) =>
      continuations.map((continuation): [string, string] => [context, continuation]),
    );
    const encoded = await Promise.all(
      pairs.map(async ([context, continuation]): Promise<[number[], number[]]> => {
        const before = await tokenize(context);
        const whole = await tokenize(context + continuation);
        t.same(whole.slice(0, before.length), before, 'the tokens of the context come first');
        return [before, whole.slice(before.length)];
      }),
    );
    const found = await likelihoods(encoded);
    const expected = await scores(
      pairs.flatMap(([context, continuation]) => [context + continuation, context]),
      false,
    );
    for (const [i, { sum, isGreedy }] of found.entries()) {
      t.ok(near(sum, expected[2 * i] - expected[2 * i + 1]), pairs[i].join(''));
      const [context, continuation] = pairs[i];
      if (encoded[i][1].length !== 1 || continuation.includes('never')) continue;
      const sentence = query.includes('line') ? `<s> ${context}` : context;
      t.equal(isGreedy, (await best(sentence)) === continuation.trim(), pairs[i].join(''));
    }
  });

  t.test(`the rolling likelihood of a text is its score: ${query}`, async (t) => {
    const { tokenize, likelihoods, scores, info } = await startHarness(t, query);
    const [start] = await tokenize(info.bos_token);
    const texts = ['the time traveller', 'the', 'the end of time\nthe traveller never\n'];
    const found = await likelihoods(
      await Promise.all(
        texts.map(async (text): Promise<[number[], number[]]> => [[start], await tokenize(text)]),
      ),
    );
    const whole = await scores(texts, true);
    const withoutEnds = await scores(texts.slice(0, 2), false);
    for (const [i, { sum }] of found.entries()) t.ok(near(sum, i < 2 ? withoutEnds[i] : whole[i]), texts[i]);
  });
}

t.test('the marks are one token each under every tokenizer, and name themselves', async (t) => {
  for (const tokenizer of wordTokenizers) {
    for (const sequences of ['line', 'document']) {
      await t.test(`${tokenizer}, ${sequences}`, async (t) => {
        const { tokenize, detokenize, info } = await startHarness(
          t,
          `tokenizer=${tokenizer}&sequences=${sequences}`,
        );
        t.equal(info.bos_token, sequences === 'line' ? '<s>' : '<|endoftext|>');
        for (const mark of [info.bos_token, info.eos_token, '<unk>']) {
          const ids = await tokenize(mark);
          t.equal(ids.length, 1);
          t.equal(await detokenize(ids), mark);
          const [, ...rest] = await tokenize(`${mark} the time`);
          t.same(rest, await tokenize('the time'));
        }
        t.not((await tokenize(info.bos_token))[0], 0, 'an id of 0 counts as none');
        const prompt = tokenizer === 'char' ? 'the time' : 'the time <unk> machine';
        t.equal(await detokenize(await tokenize(prompt)), prompt);
      });
    }
  }
});

t.test(
  'each prompt is followed by one token, even at the end of a line or where nothing can follow',
  async (t) => {
    const { tokenize, complete, info } = await startHarness(t, 'tokenizer=whitespace&sequences=line');
    const echo = { max_tokens: 1, temperature: 0, echo: true, logprobs: 1 };
    const [atEnd] = await complete({ ...echo, prompt: 'the end of time' });
    t.same(atEnd.logprobs.tokens, ['the', 'end', 'of', 'time', '</s>']);
    t.equal(atEnd.text, 'the end of time');
    for (const model of ['c:mle', 'c:stupid-backoff']) {
      const [unseen] = await complete({ ...echo, model, prompt: 'never seen' });
      t.same(unseen.logprobs.tokens.length, 3, model);
      t.ok(unseen.logprobs.token_logprobs.every(Number.isFinite));
    }
    const [empty] = await complete({ ...echo, prompt: [await tokenize(info.bos_token)] });
    t.equal(empty.logprobs.tokens.length, 2);
  },
);

t.test(
  'a text is generated up to its stop sequences, which are many or none; other fields are ignored',
  async (t) => {
    const { tokenize, complete } = await startHarness(t, 'tokenizer=word');
    const question = {
      prompt: [await tokenize('the'), await tokenize('the time')],
      model: 'c',
      max_tokens: 12,
      temperature: 0.0,
      seed: 1234,
      do_sample: false,
      repetition_penalty: 1,
    };
    const [first, second] = await complete({ ...question, stop: [] });
    t.same([first.index, second.index], [0, 1]);
    t.equal(first.text.trim().split(' ').length, 12);
    const stop = [...Array.from({ length: 500 }, (_, i) => `never ${i}`), 'and'];
    const [stopped] = await complete({ ...question, stop });
    t.equal(stopped.text, first.text.split('and')[0]);
  },
);

t.test('the longest prompts that are sent are answered with the best word after each prefix', async (t) => {
  const { tokenize, likelihoods } = await startHarness(t, 'tokenizer=word');
  const ids = await tokenize(`${text} `.repeat(200));
  const prompts = [0, 5, 11].map((start): [number[], number[]] => [
    ids.slice(start, start + 1),
    ids.slice(start + 1, start + 2047),
  ]);
  for (const { sum } of await likelihoods(prompts)) t.ok(Number.isFinite(sum));
});

t.test('with --model gguf a text is sent, and its tokens are found by their places', async (t) => {
  const { complete, scores } = await startHarness(t, 'tokenizer=word');
  for (const [context, continuation] of [
    ['The Time', ' traveller'],
    ['“𝒳”, the ', 'time, and'],
    ['', 'the end'],
  ]) {
    const prompt = context + continuation;
    const [{ logprobs, text }] = await complete({
      prompt,
      logprobs: 10,
      temperature: 0.0,
      max_tokens: 1,
      echo: true,
    });
    t.ok(text.startsWith(prompt));
    const { tokens, token_logprobs, top_logprobs, text_offset } = logprobs;
    const from = text_offset.findIndex((offset) => offset >= [...context].length);
    const sum = token_logprobs.slice(from, -1).reduce((sum, logprob) => sum + logprob, 0);
    const [whole, before] = await scores([prompt, context], false);
    t.ok(near(sum, whole - before), prompt);
    for (const [i, token] of tokens.entries()) {
      const best = Math.max(...Object.values(top_logprobs[i]));
      const [top] = Object.entries(top_logprobs[i]).find(([, logprob]) => logprob === best) as [
        string,
        number,
      ];
      t.equal(top === token, token_logprobs[i] === best, `${token} is named as the best word if it is one`);
    }
  }
});

t.test('a word that is a number keeps its place among the best', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/n?tokenizer=whitespace').type('text/plain').send('b b b 7 7 7 b 7');
  const question = { prompt: 'b', echo: true, logprobs: 5, max_tokens: 0 };
  const { text } = await api.post('/v1/corpora/n/v1/completions').send(question);
  const [, top] = /"top_logprobs":\[\{([^}]*)\}/.exec(text) as RegExpExecArray;
  t.match(top, /^"b":[^,]*,"7":/, 'the best first, and among equals the token itself');
});
