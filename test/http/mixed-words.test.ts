import t, { type Test } from 'tap';
import { startService } from './harness.ts';
// Writes the encodings' files.
import '../../scripts/encodings.ts';

const path = '/v1/corpora/mix';
const lines = 'tokenizer=whitespace&sequences=line';

/** A corpus and an ARPA file, and a mixture of them. */
async function withMixture(t: Test, settings = lines) {
  const { api } = await startService(t);
  const put = (name: string, text: string, query = settings) =>
    api.put(`/v1/corpora/${name}?${query}`).type('text/plain').send(text).expect(201);
  await put('first', 'a b\na c\nb c a b\n');
  await put('second', 'c a\nd d b\n');
  const mixture = [
    { corpus: 'first', weight: 0.75, estimator: 'witten-bell' },
    { corpus: 'second', weight: 0.25, estimator: 'laplace' },
  ];
  await api.put(path).send({ mixture }).expect(201);
  const post = (question: string, body: object) => api.post(`${path}/${question}`).send(body);
  return { api, put, post };
}

type Api = Awaited<ReturnType<typeof withMixture>>['api'];

interface Item {
  id: number;
  token: string;
}

/** All tokens that a corpus lists, in pages. */
async function listed(api: Api, corpus: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await api.get(`/v1/corpora/${corpus}/vocabulary?limit=${limit}${cursor}`).expect(200);
    items.push(...body.items);
    if (body.next_cursor === undefined) return items;
    cursor = `&cursor=${body.next_cursor}`;
  }
}

const tokensOf = (items: readonly Item[]) => items.map(({ token }) => token);

t.test('the vocabulary of a mixture is that of its parts together, by id, each token once', async (t) => {
  const { api, put } = await withMixture(t);
  const union = async () => {
    const parts = [await listed(api, 'first', 100), await listed(api, 'second', 100)];
    return [...new Set(parts.flatMap(tokensOf))].sort();
  };
  for (const limit of [1, 2, 100]) {
    const items = await listed(api, 'mix', limit);
    t.same(tokensOf(items).sort(), await union());
    t.same(
      items.map(({ id }) => id),
      items.map(({ id }) => id).sort((a, b) => a - b),
    );
    t.equal(new Set(items.map(({ id }) => id)).size, items.length);
  }
  const items = await listed(api, 'mix', 100);
  t.same(items.slice(0, 3), [
    { id: 0, token: '<unk>' },
    { id: 1, token: '<s>' },
    { id: 2, token: '</s>' },
  ]);
  const { body } = await api.get(`${path}/vocabulary?token=d`);
  t.same(body, { version: 1, part_versions: [1, 1], items: items.filter(({ token }) => token === 'd') });
  t.match((await api.get(`${path}/vocabulary?token=zzz`)).body, { items: [] });
  const csv = await api.get(`${path}/vocabulary?format=csv`).expect(200);
  t.equal(csv.text, `id,token,count\r\n${items.map(({ id, token }) => `${id},${token},\r\n`).join('')}`);

  await put('first/documents/more', 'd e\n', '');
  t.same(tokensOf(await listed(api, 'mix', 3)).sort(), await union());
  t.match((await api.get(`${path}/vocabulary`)).body, { version: 1, part_versions: [2, 1] });
  await api.delete('/v1/corpora/first/documents/more').expect(204);
  const after = await listed(api, 'mix', 2);
  t.same(tokensOf(after).sort(), await union(), 'd is in the second part alone, and has its id in the first');
});

t.test('ids of tokens can be turned into their text again, also after a part has got a token', async (t) => {
  const { api, put, post } = await withMixture(t);
  const prompt = 'a d zzz\nc';
  const { body } = await post('tokenize', { prompt, return_token_strs: true, add_special_tokens: true });
  t.same(body.token_strs, ['<s>', 'a', 'd', 'zzz', '</s>', 'c']);
  const items = await listed(api, 'mix', 100);
  const idOf = (token: string) => items.find((item) => item.token === token)?.id ?? 0;
  t.same(body.tokens, body.token_strs.map(idOf));
  const text = { prompt: '<s> a d <unk> </s> c' };
  t.same((await post('detokenize', { tokens: body.tokens })).body, text);

  await put('first/documents/more', 'd e\n', '');
  const now = (await post('tokenize', { prompt, add_special_tokens: true })).body.tokens;
  t.not(now[2], body.tokens[2], 'd has its id in the first part now');
  for (const tokens of [body.tokens, now]) t.same((await post('detokenize', { tokens })).body, text);
  const completed = async (prompt: number[]) =>
    (await post('v1/completions', { prompt, echo: true, logprobs: 2, max_tokens: 0 })).body.choices;
  t.same(await completed(body.tokens), await completed(now), 'both ids are those of the same token');
  const [strange] = [Math.max(...now) + 1000];
  t.match((await post('detokenize', { tokens: [strange] })).body, {
    error: { message: new RegExp(`id ${strange}`), param: 'tokens' },
  });
});

t.test('completions list the log probabilities of scores, and the best words of continuations', async (t) => {
  const { api, post } = await withMixture(t);
  const prompt = 'a d zzz b\nb c\n';
  const { body } = await post('v1/completions', { prompt, echo: true, logprobs: 3, max_tokens: 0 }).expect(
    200,
  );
  t.match(body, { system_fingerprint: 'mix:mixture@1,1,1', usage: { prompt_tokens: 8 } });
  const { tokens, token_logprobs: found, top_logprobs: best } = body.choices[0].logprobs;
  t.same(tokens, ['a', 'd', 'zzz', 'b', '</s>', 'b', 'c', '</s>']);
  const score = await post('score', { texts: prompt.trim().split('\n'), per_token: true });
  const expected: number[] = score.body.results.flatMap(({ per_token: list }: { per_token: Item[] }) =>
    list.map((token) => (token as unknown as { log_probability: number }).log_probability),
  );
  t.equal(found.length, expected.length);
  for (const [i, value] of expected.entries()) t.ok(Math.abs(found[i] - value) < 1e-12, tokens[i]);
  const next = await api.get(`${path}/continuations?k=3&context=${encodeURIComponent('<s> b')}`);
  const words: { word: string; probability: number }[] = next.body.continuations;
  t.same(best[6], Object.fromEntries(words.map(({ word, probability }) => [word, Math.log(probability)])));
});

for (const [name, settings, prompt] of [
  ['lines', lines, 'a d b\nb c'],
  ['documents', 'tokenizer=whitespace', 'a d b b c'],
  ['subwords', 'tokenizer=gpt2&sequences=line', 'a b d b\nb c'],
] as const) {
  t.test(
    `completions of a mixture of ${name} are the same of texts and ids, at once and streamed`,
    async (t) => {
      const { api, post } = await withMixture(t, settings);
      const choicesOf = async (body: object) => (await post('v1/completions', body).expect(200)).body.choices;
      const ids = (await post('tokenize', { prompt })).body.tokens;
      const echoed = { echo: true, logprobs: 3, max_tokens: 0 };
      const [ofText] = await choicesOf({ ...echoed, prompt });
      const [ofIds] = await choicesOf({ ...echoed, prompt: ids });
      t.same(ofIds.logprobs.token_logprobs, ofText.logprobs.token_logprobs);
      t.same(ofIds.logprobs.top_logprobs, ofText.logprobs.top_logprobs);
      const sampled = { prompt, max_tokens: 6, seed: 5, logprobs: 2 };
      const [choice] = await choicesOf(sampled);
      const named = await api
        .post('/v1/completions')
        .send({ ...sampled, model: 'mix' })
        .expect(200);
      t.same(named.body.choices, [choice]);
      const streamed = await post('v1/completions', { ...sampled, stream: true }).expect(200);
      const events = streamed.text.split('\n\n').filter((event) => event.startsWith('data: {'));
      const parts = events.map((event) => JSON.parse(event.slice('data: '.length)).choices[0]);
      t.equal(parts.map(({ text }) => text).join(''), choice.text);
      const logprobs = parts.flatMap(({ logprobs }) => logprobs.token_logprobs);
      t.same(logprobs, choice.logprobs.token_logprobs);
    },
  );
}
