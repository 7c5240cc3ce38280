import t, { type Test } from 'tap';
import { startService } from './harness.ts';

/** What the service answers, as far as it is looked at. */
interface Problem {
  title?: string;
  date?: string;
  errors?: { pointer: string }[];
}

/** A form with these fields and a file. */
function form(text: string, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([text]), 'text.txt');
  return form;
}

async function startWithBook(t: Test) {
  const { app, api } = await startService(t);
  await api.put('/v1/corpora/book').type('text/plain').send('the beginning').expect(201);
  const { port } = app.server.address() as { port: number };
  const send = async (path: string, body: FormData, method = 'POST') => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body });
    return { status: answer.status, body: (await answer.json()) as Problem };
  };
  return { api, send };
}

const path = '/v1/corpora/book/documents';
const labels = { title: 'The Time Machine', date: '1895-05-07' };

t.test('a document has the title and the date that the query, JSON or a form gives', async (t) => {
  const { api, send } = await startWithBook(t);
  const query = new URLSearchParams(labels);
  const added = [
    await api.post(`${path}?${query}`).type('text/plain').send('a b').expect(201),
    await api
      .post(path)
      .send({ text: 'a b', ...labels })
      .expect(201),
    await send(path, form('a b', labels)),
    await api.put(`${path}/mine?title=only`).type('text/plain').send('a b').expect(201),
    await api.put(`${path}/dated`).send({ text: 'a b', date: '1895' }).expect(201),
    await api.post(path).send({ text: 'a b' }).expect(201),
  ].map(({ body }) => body);
  const expected = [labels, labels, labels, { title: 'only' }, { date: '1895' }, {}];
  const labelsOf = ({ title, date }: { title?: string; date?: string }) =>
    Object.fromEntries(Object.entries({ title, date }).filter(([, value]) => value !== undefined));
  t.same(added.map(labelsOf), expected);
  t.same((await api.get(`${path}/mine`)).body, added[3]);
  const { body } = await api.get(path);
  t.same(body.items.map(labelsOf), [{}, ...expected]);
  const csv = await api.get(`${path}?format=csv`);
  const rows = csv.text.split('\r\n').map((line) => line.split(',').slice(6).join());
  t.same(rows.slice(0, 6), [
    'title,date',
    ',',
    ...expected.slice(0, 3).map(() => 'The Time Machine,1895-05-07'),
    'only,',
  ]);
});

t.test('the texts that a corpus is created from have the labels of the request', async (t) => {
  const { api, send } = await startWithBook(t);
  const two = form('a b', { name: 'formed', ...labels });
  two.append('file', new Blob(['c d']), 'other.txt');
  t.equal((await send('/v1/corpora', two)).status, 201);
  await api.put('/v1/corpora/put?date=1895').type('text/plain').send('a b').expect(201);
  await api
    .post('/v1/corpora')
    .send({ name: 'posted', text: 'a b', ...labels })
    .expect(201);
  const labelsIn = async (corpus: string) =>
    (await api.get(`/v1/corpora/${corpus}/documents`)).body.items.map(
      ({ title, date }: { title?: string; date?: string }) => [title, date],
    );
  const both = [labels.title, labels.date];
  t.same(await labelsIn('formed'), [both, both]);
  t.same(await labelsIn('put'), [[undefined, '1895']]);
  t.same(await labelsIn('posted'), [both]);
});

t.test('a sample has its title and its year', async (t) => {
  const { api } = await startService(t);
  await api.post('/v1/samples/sonnets').expect(201);
  const { body } = await api.get('/v1/corpora/sonnets/documents');
  t.match(body.items, [{ title: "Shakespeare's Sonnets", date: '1609' }]);
});

t.test('what is repeated has the same labels, or none, and otherwise is a conflict', async (t) => {
  const { api } = await startWithBook(t);
  const put = (query: object) => api.put(`${path}/mine`).query(query).type('text/plain').send('a b');
  await put(labels).expect(201);
  for (const same of [labels, {}, { date: labels.date }]) await put(same).expect(200);
  const { body } = await put({ date: '1896' }).expect(409);
  t.match(body, { type: '/problems#document-exists', detail: /another title or date/ });
  const corpus = (query: object) => api.put('/v1/corpora/other').query(query).type('text/plain').send('a b');
  await corpus(labels).expect(201);
  for (const same of [labels, {}, { date: labels.date }]) await corpus(same).expect(200);
  t.match((await corpus({ title: 'another' }).expect(409)).body, { type: '/problems#corpus-exists' });
  const keyed = (query: object) =>
    api.post(path).query(query).set('idempotency-key', 'k').type('text/plain').send('a b');
  const { body: first } = await keyed(labels).expect(201);
  t.same((await keyed(labels).expect(201)).body, first);
  t.match(first, labels);
  await keyed({ date: '1896' }).expect(422);
  await keyed({}).expect(422);
});

t.test(
  'dates that the calendar does not have, and titles that are none, are refused with their fields',
  async (t) => {
    const { api, send } = await startWithBook(t);
    const post = (query: object) => api.post(path).query(query).type('text/plain').send('a b');
    for (const date of [
      '1895-13',
      '1895-02-29',
      '1895-5',
      '95',
      '1895-05-07T00:00:00Z',
      '07.05.1895',
      '',
      '1895-00',
      '١٨٩٥',
    ]) {
      const { status, body } = await post({ date });
      t.match([status, body.errors?.[0].pointer], [400, '/query/date'], date);
    }
    for (const date of ['1896-02-29', '0999', '2026-12-31']) await post({ date }).expect(201);
    for (const title of ['', 'a\nb', 'x'.repeat(251), 'a\u0000b']) {
      const { status, body } = await post({ title });
      t.match([status, body.errors?.[0].pointer], [400, '/query/title'], JSON.stringify(title));
    }
    await post({ title: '时'.repeat(250) }).expect(201);
    const inJson = await api.post(path).send({ text: 'a', date: '1895-02-30' });
    t.match([inJson.status, inJson.body.errors?.[0].pointer], [400, '/body/date']);
    const inForm = await send(path, form('a', { date: '1895-02-30' }));
    t.match([inForm.status, inForm.body.errors?.[0].pointer], [400, '/body/date']);
    const twice = await send(`${path}?date=1895`, form('a', { date: '1895' }));
    t.match([twice.status, twice.body.errors?.[0].pointer], [400, '/body/date']);
    const ofNothing = await api.post('/v1/corpora').send({ name: 'empty', title: 'nothing' });
    t.match([ofNothing.status, ofNothing.body.errors?.[0].pointer], [400, '/body/title']);
  },
);

t.test('a backup keeps the labels', async (t) => {
  const { api } = await startWithBook(t);
  await api
    .post(path)
    .send({ text: 'a b', ...labels })
    .expect(201);
  const { body: backup } = await api.post('/v1/corpora/book/backups').expect(201);
  await api.delete('/v1/corpora/book').expect(204);
  await api.post(`/v1/corpora/book/backups/${backup.name}/restore`).expect(201);
  t.match((await api.get(`${path}/2`)).body, labels);
});
