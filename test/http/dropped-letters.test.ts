import t from 'tap';
import { startService } from './harness.ts';

const { api } = await startService(t);
const russian = 'время и час, a time machine';
const note = /^The tokenizer word reads A–Z alone, and about \d+ % of the letters/;

t.test('the answer to an upload says so where the tokenizer reads few of the letters', async (t) => {
  const created = await api.put('/v1/corpora/word').type('text/plain').send(russian);
  t.match(created, { status: 201, body: { tokens: 3, note } });
  const again = await api.put('/v1/corpora/word').type('text/plain').send(russian);
  t.match(again, { status: 200, body: { note } });
  t.equal((await api.get('/v1/corpora/word')).body.note, undefined, 'it is about the text');
  const documents = '/v1/corpora/word/documents';
  t.match(await api.put(`${documents}/ru`).type('text/plain').send(russian), { status: 201, body: { note } });
  t.equal((await api.post(documents).type('text/plain').send('naïve, the time')).body.note, undefined);
  const form = await api
    .post(documents)
    .attach('file', Buffer.from('the'), 'a')
    .attach('file', Buffer.from(russian), 'b');
  t.match(form.body, { items: [{ tokens: 1 }, { tokens: 3 }], note });
});

t.test('a job says so in its result', async (t) => {
  await api.put('/v1/corpora/job').set('prefer', 'respond-async').type('text/plain').send(russian);
  for (;;) {
    const [job] = (await api.get('/v1/jobs?limit=1')).body.items;
    if (job.result === undefined) continue;
    t.match(job.result.body, { note });
    return;
  }
});

t.test('other tokenizers read all letters', async (t) => {
  const { body } = await api.put('/v1/corpora/unicode?tokenizer=unicode').type('text/plain').send(russian);
  t.equal(body.note, undefined);
});

t.test('a text of other letters alone, which has no token, is refused with the same advice', async (t) => {
  const { status, body } = await api.put('/v1/corpora/none').type('text/plain').send('时间机器');
  t.equal(status, 400);
  t.match(body, { type: '/problems#empty-text', detail: /no token .* 100 % of the letters .*unicode/ });
});
