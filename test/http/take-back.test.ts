import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { startService } from './harness.ts';

const { api, folder } = await startService(t);

/** A corpus of documents under their own ids. */
async function create(name: string, settings: string, texts: Record<string, string>) {
  await api.put(`/v1/corpora/${name}?${settings}`).send({});
  for (const [id, text] of Object.entries(texts)) {
    const { status } = await api.put(`/v1/corpora/${name}/documents/${id}`).type('text/plain').send(text);
    t.equal(status, 201);
  }
}

t.test('DELETE of a document takes its counts away; another time there is none', async (t) => {
  await create('counts', 'order=2', { one: 'a b a', two: 'b c', three: 'a b' });
  t.equal((await api.delete('/v1/corpora/counts/documents/two')).status, 204);
  const again = await api.delete('/v1/corpora/counts/documents/two');
  t.equal(again.status, 404);
  t.equal(again.body.type, '/problems#document-not-found');
  t.equal((await api.delete('/v1/corpora/none/documents/two')).body.type, '/problems#corpus-not-found');
  t.equal((await api.get('/v1/corpora/counts/documents/two')).status, 404);
  t.match((await api.get('/v1/corpora/counts')).body, {
    version: 5,
    documents: 2,
    tokens: 5,
    bytes: 8,
    vocabulary_size: 2,
    token_ids: 4,
    ngrams: [
      { distinct: 2, total: 5 },
      { distinct: 2, total: 3 },
    ],
  });
  const put = await api.put('/v1/corpora/counts/documents/two').send({ text: 'another text' });
  t.equal(put.status, 201, 'the id is free');
});

t.test('every question is answered as by a corpus that never had the document', async (t) => {
  const words = (seed: number) => Array.from({ length: 300 }, (_, i) => `w${(i * i * seed) % 41}`).join(' ');
  const settings = 'tokenizer=whitespace&order=3';
  const [first, second, third] = [1, 5, 3].map(words);
  await create('never', settings, { first, third });
  await create('had', settings, { first, second: `${second} gone away`, third });
  await api.delete('/v1/corpora/had/documents/second');
  const questions = [
    'ngrams?order=1&limit=1000',
    'ngrams?order=3&limit=1000',
    'zipf',
    'vocabulary',
    'probability?context=w1+w4&word=w9&estimator=modified-kneser-ney&explain=true',
    'probability?context=w1+w4&word=gone',
    'continuations?context=w1+w4&k=50',
    'continuations?context=w1+w4&k=50&estimator=kneser-ney',
    'batches?seed=3&batch_size=4&num_steps=7&limit=9&as=tokens',
    'batches?seed=3&batch_size=4&num_steps=7&limit=9&as=tokens&strategy=sequential&min_freq=4',
    'arpa?estimator=modified-kneser-ney',
  ];
  for (const question of questions) {
    const [had, never] = await Promise.all(
      ['had', 'never'].map(async (name) => {
        const { status, text } = await api.get(`/v1/corpora/${name}/${question}`).buffer(true);
        t.equal(status, 200, question);
        // Ids stay as they were given, also those of words that are gone.
        return text
          .replace(/"version":\d+|"id":\d+|"token_ids":\d+/g, '')
          .replaceAll(`/corpora/${name}/`, '');
      }),
    );
    t.equal(had, never, question);
  }
  const generate = async (name: string) =>
    (await api.post(`/v1/corpora/${name}/generate`).send({ prompt: 'w1', max_tokens: 40, seed: 7 })).body;
  t.same((await generate('had')).tokens, (await generate('never')).tokens);
});

t.test('a word of which nothing is left is in no list, and keeps its id', async (t) => {
  await create('words', 'tokenizer=whitespace&order=2', {
    one: 'the time',
    two: 'thyme the',
    three: 'a',
  });
  await api.delete('/v1/corpora/words/documents/two');
  const tokens = (await api.get('/v1/corpora/words/vocabulary?limit=2')).body;
  t.same(tokens.items, [
    { id: 0, token: '<unk>', count: 0 },
    { id: 1, token: 'the', count: 1 },
  ]);
  const rest = (await api.get(`/v1/corpora/words/vocabulary?cursor=${tokens.next_cursor}`)).body.items;
  t.same(
    rest.map(({ id, token }: { id: number; token: string }) => [id, token]),
    [
      [2, 'time'],
      [4, 'a'],
    ],
  );
  for (const query of ['prefix=th', 'context=the&prefix=th', 'context=the&prefix=th&estimator=kneser-ney']) {
    const { continuations } = (await api.get(`/v1/corpora/words/continuations?${query}`)).body;
    t.same(
      continuations.map(({ word }: { word: string }) => word),
      ['the'],
      query,
    );
  }
  t.match((await api.get('/v1/corpora/words/probability?word=thyme')).body, { in_vocabulary: false });
  await api.post('/v1/corpora/words/documents').type('text/plain').send('thyme');
  t.match((await api.get('/v1/corpora/words/vocabulary')).body.items[3], { id: 3, token: 'thyme', count: 1 });
});

t.test('without its last document a corpus is empty, answers, and takes new ones', async (t) => {
  for (const sequences of ['document', 'line']) {
    const corpus = `/v1/corpora/${sequences}`;
    await api.put(`${corpus}?sequences=${sequences}`).type('text/plain').send('a b a\nb b');
    t.equal((await api.delete(`${corpus}/documents/1`)).status, 204);
    t.match((await api.get(corpus)).body, { documents: 0, tokens: 0, bytes: 0, vocabulary_size: 0 });
    t.same((await api.get(`${corpus}/ngrams?order=2`)).body.items, []);
    t.same((await api.get(`${corpus}/continuations`)).body.continuations, []);
    t.same((await api.get(`${corpus}/batches`)).body.batches, []);
    const added = await api.post(`${corpus}/documents`).type('text/plain').send('b c');
    t.match(added.body, { id: '2', version: 3 });
    t.match(
      (await api.get(`${corpus}/probability?word=c&estimator=modified-kneser-ney&min_version=3`)).body,
      {
        in_vocabulary: true,
      },
    );
  }
});

t.test('after a founding document was taken back, no PUT is the same as the corpus', async (t) => {
  const put = (text: string) => api.put('/v1/corpora/founding').type('text/plain').send(text);
  t.equal((await put('a b')).status, 201);
  await api.post('/v1/corpora/founding/documents').type('text/plain').send('c d');
  t.equal((await put('a b')).status, 200);
  await api.delete('/v1/corpora/founding/documents/2');
  t.equal((await put('a b')).status, 200, 'what came later is no part of it');
  await api.delete('/v1/corpora/founding/documents/1');
  t.equal((await put('a b')).status, 409);
  t.equal((await api.put('/v1/corpora/founding').send({})).status, 409);
  await api.post('/v1/corpora/founding/documents').type('text/plain').send('a b');
  t.equal((await put('a b')).status, 409);
});

t.test('documents that are added and taken back at the same time queue up', async (t) => {
  await create('queue', 'order=2', { stays: 'x y' });
  const ids = Array.from({ length: 8 }, (_, i) => `d${i}`);
  const document = (id: string) => `/v1/corpora/queue/documents/${id}`;
  await Promise.all(
    ids.map(async (id) => {
      await api
        .put(document(id))
        .type('text/plain')
        .send(`a b ${'c'.repeat(Number(id[1]))} a`);
      const statuses = (await Promise.all([api.delete(document(id)), api.delete(document(id))])).map(
        ({ status }) => status,
      );
      t.same(statuses.sort(), [204, 404]);
    }),
  );
  t.match((await api.get('/v1/corpora/queue')).body, { documents: 1, tokens: 2, version: 18 });
  t.same(
    (await api.get('/v1/corpora/queue/ngrams?order=2')).body.items.map(
      ({ ngram }: { ngram: string[] }) => ngram,
    ),
    [['x', 'y']],
  );
});

t.test('the space of a large document is given back', async (t) => {
  const large = Array.from({ length: 60_000 }, (_, i) => `v${(i * i) % 4999}`).join(' ');
  const size = (name: string) => statSync(join(folder, 'corpora', `${name}.sqlite`)).size;
  await create('small', 'tokenizer=whitespace', { small: 'a b c' });
  await create('space', 'tokenizer=whitespace', { small: 'a b c', large });
  // The changes are in the log until it is moved into the file.
  await api.post('/v1/corpora/space/backups');
  await api.delete('/v1/corpora/space/documents/large');
  const words = 5000 * 40;
  while (size('space') >= size('small') + words) await setTimeout(100);
  t.pass('soon after the answer');
});
