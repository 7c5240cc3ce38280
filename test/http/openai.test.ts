import { setTimeout } from 'node:timers/promises';
import OpenAI, { type APIError, BadRequestError, NotFoundError } from 'openai';
import t, { type Test } from 'tap';
import { startService } from './harness.ts';

const text = 'the time machine and the time traveller\nthe traveller and the psychologist\nthe end of time';
const key = 'a-secret-of-openai-1';

/** The error of a call that must fail. */
const failure = (asked: Promise<unknown>): Promise<APIError> =>
  asked.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (error) => error,
  );

/** The service with a corpus of documents and one of lines, and a client of one of them or of all. */
async function startWithClients(t: Test, settings: Record<string, string> = {}, apiKey = 'none') {
  const { app, api } = await startService(t, settings);
  const put = (path: string) =>
    api.put(path).set('authorization', `Bearer ${apiKey}`).type('text/plain').send(text);
  await put('/v1/corpora/book');
  await put('/v1/corpora/lines?sequences=line&tokenizer=whitespace');
  const clientOf = (path: string, apiKey = 'none') =>
    new OpenAI({ baseURL: `${app.listeningOrigin}${path}`, apiKey, maxRetries: 0 });
  return { api, clientOf, openai: clientOf('/v1', apiKey), ofBook: clientOf('/v1/corpora/book/v1', apiKey) };
}

t.test('a prompt is completed by a corpus, or by all with the corpus as model', async (t) => {
  const { api, openai, ofBook } = await startWithClients(t);
  const question = { prompt: 'The time', max_tokens: 4, temperature: 0 };
  const one = await openai.completions.create({ model: 'book', ...question });
  t.match(one, {
    object: 'text_completion',
    model: 'book',
    system_fingerprint: 'book:modified-kneser-ney@1',
    choices: [{ index: 0, logprobs: null, finish_reason: 'length' }],
    usage: { prompt_tokens: 2, completion_tokens: 4, total_tokens: 6 },
  });
  const generated = (await api.post('/v1/corpora/book/generate').send(question)).body;
  t.equal(generated.estimator.name, 'modified-kneser-ney');
  t.equal(one.choices[0].text, ` ${generated.text}`, 'the text continues the prompt');
  const other = await ofBook.completions.create({ model: 'book', ...question });
  t.same(other.choices, one.choices);
});

t.test('the estimator follows the name of the corpus', async (t) => {
  const { api, openai } = await startWithClients(t);
  const question = { prompt: 'the', max_tokens: 8, seed: 3 };
  const { choices } = await openai.completions.create({ model: 'lines:witten-bell', ...question });
  const generated = (
    await api.post('/v1/corpora/lines/generate').send({ ...question, estimator: 'witten-bell' })
  ).body;
  t.equal(choices[0].text, generated.tokens.map((token: string) => ` ${token}`).join(''));
  t.equal(choices[0].finish_reason, generated.finish_reason);
});

t.test('a batch of prompts as texts is answered as their ids are, n completions each', async (t) => {
  const { api, ofBook } = await startWithClients(t);
  const prompts = ['the time', 'and', 'never seen', ''];
  const ids = await Promise.all(
    prompts.map(async (prompt) => (await api.post('/v1/corpora/book/tokenize').send({ prompt })).body.tokens),
  );
  const question = { model: 'book', n: 3, seed: 7, max_tokens: 5, logprobs: 2 };
  const ofTexts = await ofBook.completions.create({ ...question, prompt: prompts });
  t.same(
    ofTexts.choices.map(({ index }) => index),
    [...Array(12).keys()],
  );
  const ofIds = await ofBook.completions.create({ ...question, prompt: ids });
  const asked = ({ choices }: OpenAI.Completion) =>
    choices.map(({ text, logprobs }) => [text, logprobs?.tokens, logprobs?.token_logprobs]);
  t.same(asked(ofIds), asked(ofTexts));
  const second = await ofBook.completions.create({ ...question, prompt: prompts[0], n: 1, seed: 8 });
  t.equal(second.choices[0].text, ofTexts.choices[1].text, 'the second of n has the next seed');
  const alone = await ofBook.completions.create({ ...question, prompt: ids[0] });
  t.same(alone.choices, ofIds.choices.slice(0, 3), 'a list of ids is one prompt');
});

t.test('of best_of completions the most probable ones are chosen', async (t) => {
  const { openai } = await startWithClients(t);
  const question = { model: 'book', prompt: 'the', max_tokens: 3, seed: 1, logprobs: 0 };
  const all = await openai.completions.create({ ...question, n: 8 });
  const [best] = (await openai.completions.create({ ...question, best_of: 8 })).choices;
  const sumOf = ({ logprobs }: OpenAI.CompletionChoice) =>
    (logprobs?.token_logprobs ?? []).reduce((sum, logprob) => sum + logprob, 0);
  t.equal(sumOf(best), Math.max(...all.choices.map(sumOf)));
});

t.test('a text ends before a stop sequence, whole or streamed', async (t) => {
  const { openai } = await startWithClients(t);
  const question = { model: 'book', prompt: 'the', max_tokens: 30, seed: 5 };
  const whole = (await openai.completions.create(question)).choices[0].text;
  const words = whole.trim().split(' ');
  for (const stop of [words[3], [`${words[2]} ${words[3]}`, 'never'], ['', 'never seen'], []]) {
    const [{ text, finish_reason }] = (await openai.completions.create({ ...question, stop })).choices;
    const ends = [stop].flat().filter((stop) => stop !== '' && whole.includes(stop));
    t.equal(text, ends.length === 0 ? whole : whole.slice(0, whole.indexOf(ends[0])));
    t.equal(finish_reason, ends.length === 0 ? 'length' : 'stop');
    let streamed = '';
    for await (const { choices } of await openai.completions.create({ ...question, stop, stream: true })) {
      streamed += choices[0].text;
    }
    t.equal(streamed, text);
  }
});

t.test('a stream has the parts of the whole, and the usage at the end if that is requested', async (t) => {
  const { openai } = await startWithClients(t);
  for (const echo of [false, true]) {
    const question = {
      model: 'lines',
      prompt: ['the 𝒳 time', '<s>'],
      n: 2,
      seed: 1,
      max_tokens: 9,
      logprobs: 1,
      echo,
    };
    const whole = await openai.completions.create(question);
    const stream = await openai.completions.create({
      ...question,
      stream: true,
      stream_options: { include_usage: true },
    });
    const choices = whole.choices.map(({ index }) => ({
      index,
      text: '',
      logprobs: {} as Record<string, unknown[]>,
    }));
    let usage: unknown;
    for await (const part of stream) {
      usage = part.usage;
      for (const { index, text, logprobs, finish_reason } of part.choices) {
        const choice = choices[index];
        choice.text += text;
        for (const [name, list] of Object.entries(logprobs ?? {})) {
          choice.logprobs[name] = [...(choice.logprobs[name] ?? []), ...list];
        }
        Object.assign(choice, { finish_reason });
      }
    }
    t.same(choices, whole.choices);
    t.same(usage, whole.usage);
  }
});

t.test('the models are the corpora that the caller may read', async (t) => {
  const { openai, ofBook } = await startWithClients(t);
  const idsOf = async (client: OpenAI) => (await client.models.list()).data.map(({ id }) => id);
  t.same(await idsOf(openai), ['book', 'lines']);
  const ofCorpus = await idsOf(ofBook);
  t.ok(ofCorpus.includes('book') && ofCorpus.includes('book:laplace'));
  for (const client of [openai, ofBook]) {
    const model = await client.models.retrieve('book:laplace');
    t.match(model, { id: 'book:laplace', object: 'model', owned_by: 'ngramd' });
    t.ok(Math.abs(Date.now() / 1000 - model.created) < 600);
  }
  const other = await failure(ofBook.models.retrieve('lines'));
  t.match(other, { status: 404, param: 'model' }, 'a corpus has its own models only');
});

t.test('errors are read by the client as those of the API that it is made for', async (t) => {
  const { openai, clientOf, ofBook, api } = await startWithClients(t);
  const ask = (fields: object) =>
    failure(openai.completions.create({ model: 'book', prompt: 'the', ...fields }));
  for (const model of ['nothing', 'book:nothing', 'book:laplace:mle', 'GPT/../4', '']) {
    const error = await ask({ model });
    t.type(error, NotFoundError);
    t.match(
      error,
      { status: 404, code: 'model_not_found', type: 'invalid_request_error', param: 'model' },
      model,
    );
  }
  t.match(await failure(clientOf('/v1/corpora/nothing/v1').models.list()), {
    status: 404,
    code: 'model_not_found',
  });
  t.match(await failure(ofBook.completions.create({ model: 'lines', prompt: 'the' })), { status: 404 });
  for (const [fields, param] of [
    [{ max_tokens: -1 }, 'max_tokens'],
    [{ temperature: 3 }, 'temperature'],
    [{ logprobs: 1000 }, 'logprobs'],
    [{ prompt: ['the', 1] }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ prompt: [[1, -1]] }, 'prompt[0][1]'],
    [{ prompt: [[1, 100_000]] }, 'prompt'],
    [{ prompt: Array(100).fill('the'), max_tokens: 2000 }, 'max_tokens'],
    [{ n: 3, best_of: 2 }, 'best_of'],
    [{ suffix: 'end' }, 'suffix'],
    [{ presence_penalty: 1 }, 'presence_penalty'],
    [{ logit_bias: { 5: 1 } }, 'logit_bias'],
  ] as const) {
    const error = await ask(fields);
    t.type(error, BadRequestError, JSON.stringify(fields).slice(0, 100));
    t.match(error, { code: 'invalid_request', type: 'invalid_request_error', param });
    t.ok(error.message.length > 20 && error.requestID);
  }
  const missing = await api.post('/v1/completions').send({ prompt: 'the' });
  t.match(missing, { status: 400, body: { error: { param: 'model' } } });
  const broken = await api.post('/v1/completions').type('application/json').send('{');
  t.match(broken, {
    status: 400,
    type: 'application/json',
    body: { error: { code: 'invalid_request', param: null } },
  });
  t.match(await api.post('/v1/completions').type('text/plain').send('the'), {
    status: 415,
    body: { error: { code: 'unsupported_media_type' } },
  });
  t.match(await api.get('/v1/corpora/book/v1/nothing'), { status: 404, type: 'application/problem+json' });
});

t.test('an answer with too many log probabilities is refused', async (t) => {
  const { openai } = await startWithClients(t);
  const question = { model: 'book', echo: true, max_tokens: 0 };
  const words = 'the '.repeat(5000);
  await openai.completions.create({ ...question, prompt: words, logprobs: 10 });
  for (const stream of [false, true]) {
    const asked = openai.completions.create({ ...question, prompt: words, logprobs: 20, stream });
    t.match(await failure(asked), { status: 413, param: 'logprobs' });
  }
  const two = openai.completions.create({ ...question, prompt: [words, words], logprobs: 10 });
  t.match(await failure(two), { status: 413, param: 'logprobs' });
});

t.test('a key is needed for what it is needed for elsewhere, and an empty one is none', async (t) => {
  const keys = { API_KEYS: `me:${key}:admin,other:other-${key}:read:lines` };
  const { clientOf, openai, api } = await startWithClients(t, keys, key);
  const question = { model: 'book', prompt: 'the' };
  await openai.completions.create(question);
  for (const path of ['/v1', '/v1/corpora/book/v1']) {
    const other = clientOf(path, `other-${key}`);
    t.match(await failure(other.completions.create(question)), { status: 403, type: 'permission_error' });
    const unknown = clientOf(path, 'unknown-key').completions.create(question);
    t.match(await failure(unknown), { status: 401, code: 'invalid_api_key' });
    const empty = await api.post(`${path}/completions`).set('authorization', 'Bearer ').send(question);
    t.match(empty, {
      status: 401,
      body: { error: { code: 'invalid_api_key', type: 'authentication_error' } },
    });
  }
  const other = clientOf('/v1', `other-${key}`);
  t.same(
    (await other.models.list()).data.map(({ id }) => id),
    ['lines'],
  );
  t.match(await failure(other.models.retrieve('book')), { status: 403 });
});

t.test('without keys an empty one does no harm', async (t) => {
  const { api } = await startWithClients(t, { API_KEYS: `me:${key}:admin`, ALLOW_ANONYMOUS: 'read' }, key);
  const asked = api.post('/v1/completions').set('authorization', 'Bearer ');
  t.equal((await asked.send({ model: 'book', prompt: 'the' })).status, 200);
});

t.test('a stream that is not read to its end is not generated to its end', async (t) => {
  const { app, api } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send(text);
  const openai = new OpenAI({ baseURL: `${app.listeningOrigin}/v1`, apiKey: 'none', maxRetries: 0 });
  const generated = async () => {
    const { text } = await api.get('/metrics');
    return Number(/_count\{stage="model\.continuePrompt"\} (\d+)/.exec(text)?.[1]);
  };
  const question = { model: 'book', prompt: 'the', n: 20, max_tokens: 4096, stream: true } as const;
  for await (const { choices } of await openai.completions.create(question)) {
    t.ok(choices[0].text);
    break;
  }
  let before = -1;
  let now = await generated();
  while (now !== before) {
    await setTimeout(200);
    before = now;
    now = await generated();
  }
  t.ok(now > 0 && now < 20 * 4096, `${now}`);
});
