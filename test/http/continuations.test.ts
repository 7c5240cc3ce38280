import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { bookTest, startService, testData } from './harness.ts';

interface Continuation {
  word: string;
  probability: number;
  count: number;
}

t.test('continuations of The Time Machine are those of the chapter', bookTest, async (t) => {
  const { api } = await startService(t);
  await api
    .put('/v1/corpora/timemachine')
    .type('text/plain')
    .send(readFileSync(join(testData as string, 'timemachine.txt'), 'utf8'));
  const { body } = await api
    .get('/v1/corpora/timemachine/continuations')
    .query({ context: 'of the', epsilon: '1,0.5,0.25', k: 3 });
  t.same(body.context, ['of', 'the']);
  t.same(body.continuations, [
    { word: 'morlocks', probability: 0.02910380232224232, count: 9 },
    { word: 'time', probability: 0.02587397092363431, count: 8 },
    { word: 'little', probability: 0.025871825102086556, count: 8 },
  ]);

  t.comment('exactly as sorting the whole vocabulary, under every estimator');
  const words: string[] = [];
  for (let cursor = ''; cursor !== 'end'; ) {
    const page = (await api.get(`/v1/corpora/timemachine/vocabulary?limit=1000${cursor}`)).body;
    words.push(...page.items.slice(cursor === '' ? 1 : 0).map(({ token }: { token: string }) => token));
    cursor = page.next_cursor === undefined ? 'end' : `&cursor=${page.next_cursor}`;
  }
  for (const parameters of [{}, { estimator: 'mle' }, { estimator: 'additive', k: 0.1 }]) {
    for (const context of ['', 'the', 'of the', 'said the time', 'never seen', 'zebra']) {
      const all = await api
        .post('/v1/corpora/timemachine/probabilities')
        .send({ queries: words.map((word) => ({ context, word })), ...parameters });
      const sorted = all.body.results
        .map(({ word, probability }: Continuation, id: number) => ({ word, probability, id }))
        .filter(({ probability }: Continuation) => probability !== null)
        .sort(
          (a: Continuation & { id: number }, b: Continuation & { id: number }) =>
            b.probability - a.probability || a.id - b.id,
        )
        .slice(0, 40);
      const { k, ...estimator } = parameters as { k?: number };
      const top = await api
        .get('/v1/corpora/timemachine/continuations')
        .query({ context, k: 40, ...estimator, ...(k === undefined ? {} : { additive_k: k }) });
      t.same(
        top.body.continuations.map(({ word, probability }: Continuation) => ({ word, probability })),
        sorted.map(({ word, probability }: Continuation) => ({ word, probability })),
        `${JSON.stringify(parameters)} after "${context}"`,
      );
    }
  }
});

t.test('prefix= leaves only the words that begin so, and is read as the tokenizer reads', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('tea time to the two tea the TIM');
  const { body } = await api.get('/v1/corpora/c/continuations').query({ prefix: 'T', k: 3 });
  t.same(
    body.continuations.map(({ word }: Continuation) => word),
    ['tea', 'the', 'time'],
  );
  const none = await api.get('/v1/corpora/c/continuations').query({ prefix: 'xyz' });
  t.same(none.body.continuations, []);
});

t.test('prefix= is not split: only words that begin with all of its characters are named', async (t) => {
  const { api } = await startService(t);
  const text = "don't do it. done deal. donna don’t know. ΟΔΟΣ ΟΔΟΣΑ. do not don't C++ <b";
  for (const tokenizer of ['word', 'unicode', 'whitespace', 'char']) {
    await api
      .put(`/v1/corpora/${tokenizer}?tokenizer=${tokenizer}&sequences=line`)
      .type('text/plain')
      .send(text);
  }
  const words = async (corpus: string, prefix: string) => {
    const { status, body } = await api.get(`/v1/corpora/${corpus}/continuations`).query({ prefix });
    t.equal(status, 200);
    return body.continuations.map(({ word }: Continuation) => word).sort();
  };
  t.same(await words('unicode', "don'"), ["don't"]);
  t.same(await words('unicode', 'DON’'), ['don’t']);
  t.same(await words('unicode', 'DO\u00adN'), ["don't", 'done', 'donna', 'don’t']);
  t.same(await words('unicode', 'ΟΔΟΣ'), ['οδος', 'οδοσα'].sort());
  t.same(await words('unicode', 'do.'), []);
  t.same(await words('word', 'C++'), []);
  t.same(await words('word', "don'"), []);
  t.same(await words('word', '<'), ['</s>']);
  t.same(await words('whitespace', 'C+'), ['C++']);
  t.same(await words('whitespace', 'c'), []);
  t.same(await words('whitespace', '<'), ['</s>', '<b']);
  t.same(await words('char', 'D'), ['d']);
  t.same(await words('char', ' '), [' ']);
  t.same(await words('char', 'do'), []);
  for (const corpus of ['word', 'unicode', 'whitespace']) {
    const { status, body } = await api
      .get(`/v1/corpora/${corpus}/continuations`)
      .query({ prefix: 'a\u202f' });
    t.equal(status, 400);
    t.match(body.errors, [{ pointer: '/query/prefix', detail: /white space/ }]);
  }
});

t.test('continuations of a corpus of lines name </s> and never <s>', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b\na b\n');
  const { body } = await api.get('/v1/corpora/c/continuations').query({ context: 'b', k: 10 });
  t.same(
    body.continuations.map(({ word }: Continuation) => word),
    ['</s>', 'b', 'a'].sort((a, b) => (a === '</s>' ? -1 : b === '</s>' ? 1 : a < b ? -1 : 1)),
  );
});

t.test('where the estimator has no probability there are none, and a note says why', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c');
  const ask = async (query: object) => (await api.get('/v1/corpora/c/continuations').query(query)).body;
  t.match(await ask({ context: 'zebra', estimator: 'mle' }), {
    continuations: [],
    note: /"zebra" is never followed by anything/,
  });
  t.notOk('note' in (await ask({ context: 'zebra' })));
  t.notOk('note' in (await ask({ prefix: 'zebra' })));
});

t.test('a document that is added changes the continuations', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c a b');
  const best = async () =>
    (await api.get('/v1/corpora/c/continuations').query({ context: 'a', k: 1 })).body.continuations[0].word;
  t.equal(await best(), 'b');
  await api.post('/v1/corpora/c/documents').type('text/plain').send('a c a c a c');
  t.equal(await best(), 'c');
});

t.test('a note says what of a context is in no token, for continuations and probabilities', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/words').type('text/plain').send('the time machine and the machine');
  await api.put('/v1/corpora/all?tokenizer=whitespace').type('text/plain').send('the * machine');
  const noteOf = async (corpus: string, context: string) => {
    const [one, other] = await Promise.all([
      api.get(`/v1/corpora/${corpus}/continuations`).query({ context }),
      api.get(`/v1/corpora/${corpus}/probability`).query({ context, word: 'machine' }),
    ]);
    t.equal(one.body.note, other.body.note, context);
    return one.body.note;
  };
  t.match(await noteOf('words', 'the * machine'), /no token of "\*"; the context is read without it/);
  t.match(await noteOf('words', 'and 1984 the —'), /no token of "1984", "—"/);
  for (const context of ['* and the machine', 'the time-machine', '<unk> the', '']) {
    t.equal(await noteOf('words', context), undefined, context);
  }
  t.equal(await noteOf('all', 'the *'), undefined, 'whitespace has a token for all');
});
