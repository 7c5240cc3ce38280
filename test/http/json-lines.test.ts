import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { startService } from './harness.ts';

const ndjson = 'application/x-ndjson';

interface Listed {
  id: string;
  sha256: string;
  title?: string;
  date?: string;
}

async function start(t: Test, settings = {}) {
  const { api, app } = await startService(t, settings);
  const { port } = app.server.address() as { port: number };
  const sendForm = async (path: string, form: FormData) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: form });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const listed = async (corpus: string) =>
    (await api.get(`/v1/corpora/${corpus}/documents?limit=1000`).expect(200)).body.items as Listed[];
  return { api, sendForm, listed };
}

const jsonLines = (documents: readonly object[]) =>
  documents.map((document) => JSON.stringify(document)).join('\n');

t.test('each line of NDJSON becomes the document that its text alone would be', async (t) => {
  const { api, listed } = await start(t);
  const word = fc.constantFrom('a', 'b', 'c', 'é', '"', '\n');
  const text = fc.array(word, { maxLength: 6 }).map((words) => `x ${words.join(' ')}`);
  const documents = fc.array(fc.record({ body: text, key: fc.boolean() }), { minLength: 1, maxLength: 8 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(documents, fc.constantFrom('document', 'line'), async (texts, sequences) => {
      const settings = `tokenizer=whitespace&order=3&sequences=${sequences}`;
      const [one, all] = [`one${++run}`, `all${run}`];
      await api.put(`/v1/corpora/${one}?${settings}`).send({}).expect(201);
      for (const { body } of texts)
        await api.post(`/v1/corpora/${one}/documents`).send({ text: body }).expect(201);
      const lines = texts.map(({ body, key }, i) => ({ body, key: key ? `own-${i}` : null }));
      const sent = api.put(`/v1/corpora/${all}?${settings}&field=body&id_field=key`).type(ndjson);
      const created = (await sent.send(`\n${jsonLines(lines)}\r\n\n`).expect(201)).body;
      const {
        name: _,
        version,
        created_at,
        updated_at,
        ...apart
      } = (await api.get(`/v1/corpora/${one}`).expect(200)).body;
      t.match(created, apart);
      const [alone, together] = [await listed(one), await listed(all)];
      t.same(
        together.map(({ sha256 }) => sha256),
        alone.map(({ sha256 }) => sha256),
      );
      t.same(
        together.map(({ id }) => id),
        texts.map(({ key }, i) => (key ? `own-${i}` : String(i + 1))),
      );
      for (const list of ['ngrams?order=3', 'vocabulary?a=1', 'ngrams?order=1']) {
        const page = async (corpus: string) =>
          (await api.get(`/v1/corpora/${corpus}/${list}&limit=1000`.replace('?a=1&', '?'))).body.items;
        t.same(await page(all), await page(one));
      }
    }),
    { numRuns: 15 },
  );
});

t.test('documents have the titles and dates of fields, or those of all of them', async (t) => {
  const { api, listed } = await start(t);
  const query = 'title_field=t&date_field=d&title=general&date=1900';
  const lines = [
    { id: 7, text: 'a', t: 'First', d: '1895-05-07', other: [1, { a: 2 }] },
    { id: 'b.2', text: 'a b', t: null },
  ];
  const put = () => api.put(`/v1/corpora/c?${query}`).type('application/jsonl').send(jsonLines(lines));
  await put().expect(201);
  const documents = await listed('c');
  t.match(documents, [
    { id: '7', title: 'First', date: '1895-05-07' },
    { id: 'b.2', title: 'general', date: '1900' },
  ]);
  t.equal((await put().expect(200)).body.documents, 2, 'the same again changes nothing');
  const other = [lines[0], { ...lines[1], id: 'b.3' }];
  await api.put(`/v1/corpora/c?${query}`).type(ndjson).send(jsonLines(other)).expect(409);
  const plain = api.post('/v1/corpora/c/documents').type(ndjson).send('{"text":"c","title":"no"}');
  t.match((await plain.expect(201)).body, { documents: 1, tokens: 1, bytes: 1, version: 2 });
  t.notOk((await listed('c'))[2].title, 'no title is read unless a field is named');
});

t.test('a key makes documents safe to send again, and a job says how many there were', async (t) => {
  const { api, listed } = await start(t);
  await api.put('/v1/corpora/c').send({}).expect(201);
  const post = (body: string, key?: string) => {
    const request = api.post('/v1/corpora/c/documents').type(ndjson);
    return (key === undefined ? request : request.set('idempotency-key', key)).send(body);
  };
  const body = '{"text":"a b","id":"x"}\n{"text":"c"}';
  const first = await post(body, 'k').expect(201);
  t.same(first.body, { documents: 2, tokens: 3, bytes: 4, version: 2 });
  t.equal(first.headers.location, '/v1/corpora/c/documents');
  const again = await post(body, 'k').expect(201);
  t.same([again.body, again.headers['idempotent-replayed']], [first.body, 'true']);
  await post(body.replace('"x"', '"y"'), 'k').expect(422);
  t.match((await post(body).expect(409)).body, { type: '/problems#document-exists', detail: /"x"/ });
  t.equal((await listed('c')).length, 2);
  const job = await post('{"text":"d"}\n{"text":"e"}').set('prefer', 'respond-async').expect(202);
  for (;;) {
    const { body } = await api.get(job.headers.location);
    if (body.state !== 'succeeded') continue;
    t.match(body.result, { status: 201, location: '/v1/corpora/c/documents', documents: 2 });
    break;
  }
});

t.test('an id that a line gives is not chosen for another', async (t) => {
  const { api, listed } = await start(t);
  await api.put('/v1/corpora/c').type(ndjson).send('{"text":"a"}\n{"text":"b","id":"1"}\n{"text":"c"}');
  const ids = (await listed('c')).map(({ id }) => id);
  t.same(ids, ['2', '1', '3']);
});

t.test('whole numbers of any size are ids as they are written', async (t) => {
  const { api, listed } = await start(t);
  const ids = ['12345678901234567890', '12345678901234567891', '9007199254740993', '7', '1.50'];
  const body = ids.map((id) => `{"meta":{"id":5},"id":${id},"text":"a"}\n`).join('');
  await api.put('/v1/corpora/c').type(ndjson).send(body).expect(201);
  t.same(
    (await listed('c')).map(({ id }) => id),
    [...ids.slice(0, 4), '1.5'],
  );
  const long = api
    .put('/v1/corpora/long')
    .type(ndjson)
    .send(`{"id":${'1'.repeat(129)},"text":"a"}`);
  t.match((await long.expect(400)).body, { detail: /^Line 1: .*more than 128 digits/ });
  const nested = `{"id":12345678901234567890,"text":"a","x":${'['.repeat(1e5)}${']'.repeat(1e5)}}`;
  const deep = api.put('/v1/corpora/deep').type(ndjson).send(nested);
  t.match((await deep.expect(400)).body, { detail: /^Line 1: .*nested too deeply/ });
});

t.test('two files of a form cannot have documents of the same id', async (t) => {
  const { api, sendForm } = await start(t);
  const form = new FormData();
  form.append('name', 'c');
  form.append('file', new Blob(['{"text":"a","id":"x"}'], { type: ndjson }), 'a.jsonl');
  form.append('file', new Blob(['{"text":"b"}\n{"text":"c","id":"x"}'], { type: ndjson }), 'b.jsonl');
  const detail = /^Line 2: .*an earlier text of the upload has its id "x" too/;
  t.match(await sendForm('/v1/corpora', form), {
    status: 400,
    body: { type: '/problems#invalid-text', errors: [{ pointer: '/body/file/1', detail }] },
  });
  await api.get('/v1/corpora/c').expect(404);
  await api.put('/v1/corpora/c').type('text/plain').send('a').expect(201);
  t.match(await sendForm('/v1/corpora/c/documents', formWithout(form, 'name')), { status: 400 });
  t.match((await api.get('/v1/corpora/c')).body, { documents: 1, version: 1 });
});

/** The same form without a field. */
function formWithout(form: FormData, field: string): FormData {
  const copy = new FormData();
  for (const [name, value] of form.entries()) if (name !== field) copy.append(name, value);
  return copy;
}

t.test('who sends NDJSON as something else is told its content type', async (t) => {
  const { api } = await start(t);
  const text = api.put('/v1/corpora/c').type('text/plain').send('{"text":"a"}\n{"text":"b"}\n');
  t.match((await text.expect(400)).body, { detail: /looks like JSON.*application\/x-ndjson/ });
  const lines = api.put('/v1/corpora/c').type('application/x-jsonlines').send('{"text":"a"}\n');
  t.match((await lines.expect(415)).body, { detail: /application\/x-ndjson/ });
});

t.test('NDJSON comes compressed, and as a file of a form beside texts', async (t) => {
  const { api, sendForm, listed } = await start(t);
  const body = Buffer.from('\ufeff{"text":"a b","id":"x"}\n{"text":"c","id":"y"}\n');
  const gzip = gzipSync(body);
  await api.put('/v1/corpora/coded').type(ndjson).set('content-encoding', 'gzip').send(gzip).expect(201);
  await api.put('/v1/corpora/file').type(ndjson).send(gzip).expect(201);
  const form = new FormData();
  form.append('name', 'form');
  form.append('field', 'text');
  form.append('file', new Blob([body], { type: ndjson }), 'a.jsonl');
  form.append('file', new Blob([gzipSync('{"text":"d"}')], { type: 'application/jsonl' }), 'b.jsonl.gz');
  t.match(await sendForm('/v1/corpora', form), { status: 201, body: { documents: 3 } });
  for (const corpus of ['coded', 'file', 'form'])
    t.same((await listed(corpus)).map(({ id }) => id).slice(0, 2), ['x', 'y']);
  const mixed = new FormData();
  mixed.append('file', new Blob(['plain text']), 'a.txt');
  mixed.append('file', new Blob(['{"text":"d"}'], { type: ndjson }), 'b.jsonl');
  const added = await sendForm('/v1/corpora/form/documents', mixed);
  t.match(added, { status: 201, body: { documents: 2, tokens: 3 } });
  form.append('file', new Blob(['plain text']), 'c.txt');
  form.set('name', 'other');
  t.match(await sendForm('/v1/corpora', form), {
    status: 400,
    body: { errors: [{ pointer: '/body/field', detail: /field of documents/ }] },
  });
});

t.test('a line that is no document refuses all of them, and is named', async (t) => {
  const { api } = await start(t);
  await api.put('/v1/corpora/c?sequences=line').type('text/plain').send('a b').expect(201);
  const before = (await api.get('/v1/corpora/c')).body;
  const bad: [Buffer | string, RegExp][] = [
    ['{"text":"a"', /^Line 2: .*not JSON: .*at position 11\.$/],
    ['[]', /^Line 2: .*JSON object/],
    ['{"id":"a"}', /^Line 2: .*"text", the text, must be a string/],
    ['{"text":5}', /^Line 2: .*"text"/],
    ['{"text":"a","id":{}}', /^Line 2: .*"id", the id/],
    ['{"text":"a","id":"a/b"}', /^Line 2: .*"a\/b" may have letters/],
    ['{"text":"a","id":1.5e300}', /^Line 2: .*may have letters/],
    ['{"text":"a","id":"first"}', /^Line 2: .*line 1 has its id "first" too/],
    ['{"text":"a","d":"1895-13"}', /^Line 2: .*"d", the date, must be a year/],
    ['{"text":"a","t":"a\\u0000"}', /^Line 2: .*"t", the title, must be/],
    ['{"text":"\\ud800"}', /^Line 2: .*surrogate/],
    ['{"text":""}', /^The text in line 2: .*empty/],
    ['{"text":"!?"}', /^The text in line 2: .*no token/],
    [Buffer.from('7b2274657874223a22ff227d', 'hex'), /^Line 2: .*not valid UTF-8/],
  ];
  for (const [line, detail] of bad) {
    const body = Buffer.concat([Buffer.from('{"text":"a","id":"first"}\n'), Buffer.from(line)]);
    const post = api.post('/v1/corpora/c/documents?title_field=t&date_field=d').type(ndjson).send(body);
    const answer = (await post.expect(400)).body;
    t.match(answer, { type: '/problems#invalid-text', errors: [{ pointer: '/body', detail }] });
  }
  for (const body of ['\n \n', ' ']) {
    const post = api.post('/v1/corpora/c/documents').type(ndjson).send(body);
    t.match((await post.expect(400)).body, { type: '/problems#empty-text' });
  }
  t.same((await api.get('/v1/corpora/c')).body, before);
});

t.test('a literal mark in a text names both lines', async (t) => {
  const { api } = await start(t);
  const put = api.put('/v1/corpora/c?sequences=line&tokenizer=whitespace').type(ndjson);
  const answer = (await put.send('\n{"text":"a\\nb <s>"}').expect(400)).body;
  t.match(answer, { detail: /^The text in line 2: Line 2 has a literal <s>/ });
  await api.get('/v1/corpora/c').expect(404);
});

t.test('fields of documents are refused with other bodies, and documents under one id', async (t) => {
  const { api } = await start(t);
  for (const field of ['field', 'id_field', 'title_field', 'date_field']) {
    const text = api.put(`/v1/corpora/c?${field}=x`).type('text/plain').send('a');
    t.match((await text.expect(400)).body, { errors: [{ pointer: `/query/${field}` }] });
    const json = api.put(`/v1/corpora/c?${field}=x`).send({ text: 'a' });
    t.match((await json.expect(400)).body, { errors: [{ pointer: `/query/${field}` }] });
  }
  await api.put('/v1/corpora/c').send({}).expect(201);
  const put = api.put('/v1/corpora/c/documents/x').type(ndjson).send('{"text":"a"}');
  t.match((await put.expect(415)).body, { detail: /POST/ });
});

t.test('a line of more than 16 MiB is refused, and a shorter one is read', async (t) => {
  const { api } = await start(t);
  const line = (bytes: number) => `{"text":"${'a '.repeat(bytes / 2)}"}\n`;
  const long = api
    .put('/v1/corpora/c')
    .type(ndjson)
    .send(`{"text":"b"}\n${line(2 ** 24)}`);
  t.match((await long.expect(413)).body, { detail: /Line 2 is longer than 16777216 bytes/ });
  const short = api
    .put('/v1/corpora/c')
    .type(ndjson)
    .send(line(2 ** 24 - 100));
  t.match((await short.expect(201)).body, { documents: 1, tokens: 2 ** 23 - 50 });
});
