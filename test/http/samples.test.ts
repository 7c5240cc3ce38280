import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { sampleFile, samples } from '../../src/samples.ts';
import { startService } from './harness.ts';

t.test('GET /v1/samples lists the texts, with their sizes', async (t) => {
  const { api } = await startService(t);
  const { body } = await api.get('/v1/samples').expect(200);
  t.same(body, { items: samples });
  for (const { name, bytes } of samples) {
    t.equal(gunzipSync(readFileSync(sampleFile(name))).length, bytes, name);
  }
});

t.test('POST /v1/samples/{name} creates a corpus, and changes nothing when it is repeated', async (t) => {
  const { api } = await startService(t);
  const created = await api.post('/v1/samples/sonnets').expect(201);
  t.equal(created.headers.location, '/v1/corpora/sonnets');
  t.match(created.body, { name: 'sonnets', tokenizer: 'word', documents: 1, version: 1, bytes: 94_039 });
  const repeated = await api.post('/v1/samples/sonnets').expect(200);
  t.same(repeated.body, created.body);
  const { body } = await api.get('/v1/corpora/sonnets/continuations?context=i+compare&k=1').expect(200);
  t.equal(body.continuations[0].word, 'thee');
});

t.test('MAX_UPLOAD_BYTES limits uploads and no samples', async (t) => {
  const { api } = await startService(t, { MAX_UPLOAD_BYTES: '1000' });
  await api.post('/v1/samples/sonnets').expect(201);
});

t.test('the corpus of a sample can have another name and other settings', async (t) => {
  const { api } = await startService(t);
  const path = '/v1/samples/sonnets?corpus=verses&order=2&sequences=line&tokenizer=whitespace';
  const { body } = await api.post(path).expect(201);
  t.match(body, { name: 'verses', order: 2, sequences: 'line', tokenizer: 'whitespace' });
  await api.post('/v1/samples/sonnets?corpus=verses').expect(409);
});

t.test('a sample that does not exist is refused with the names of those that do', async (t) => {
  const { api } = await startService(t);
  const { body } = await api.post('/v1/samples/moby-dick').expect(400);
  t.equal(body.errors[0].pointer, '/path/sample');
  t.match(body.detail, /sonnets/);
});

t.test('a key needs the scope write, for the corpus that is created', async (t) => {
  const { api } = await startService(t, {
    API_KEYS: 'reader:a-secret-of-a-reader:read,writer:a-secret-of-a-writer:write:sonn*',
  });
  const post = (path: string, secret: string) => api.post(path).set('authorization', `Bearer ${secret}`);
  await post('/v1/samples/sonnets', 'a-secret-of-a-reader').expect(403);
  await post('/v1/samples/sonnets?corpus=other', 'a-secret-of-a-writer').expect(403);
  await post('/v1/samples/sonnets', 'a-secret-of-a-writer').expect(201);
});
