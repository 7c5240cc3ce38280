import { readFileSync } from 'node:fs';
import t from 'tap';
import { startService } from './harness.ts';

/** Blank lines: empty ones, and such with white space alone; one after the other, and not at the end. */
const text = `the sonnet ends

the poet writes the end of the sonnet
 
the end


the poet ends the line
a line of the sonnet
\t
the poet writes a line
the end of the line
the poet
`;

/** What `lmplz -o 3 --discount_fallback` of KenLM makes of this text. */
const lmplz = readFileSync(new URL('blank-lines.arpa', import.meta.url), 'utf8');

const { api } = await startService(t);
const settings = 'tokenizer=whitespace&sequences=line&blank_lines=sentence';
const create = (name: string, body = text, query = settings) =>
  api.put(`/v1/corpora/${name}?${query}`).type('text/plain').send(body);
const arpa = async (name: string, version = 1) =>
  (await api.get(`/v1/corpora/${name}/arpa?min_version=${version}`).expect(200)).text;

/** The probability and the back-off weight of each n-gram of an ARPA file. */
function entriesOf(file: string): Map<string, readonly [logProbability: number, backOff: number]> {
  const lines = file.split('\n').map((line) => line.split('\t'));
  return new Map(
    lines
      .filter(({ length }) => length > 1)
      .map(([probability, ngram, backOff = '0']) => [ngram, [Number(probability), Number(backOff)]]),
  );
}

t.test('with blank lines as sentences, the model is that of lmplz', async (t) => {
  await create('c').expect(201);
  const expected = entriesOf(lmplz);
  const found = entriesOf(await arpa('c'));
  t.equal(expected.size, 59);
  t.same([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [ngram, [probability, backOff]] of expected) {
    const [ours, ourBackOff] = found.get(ngram) as readonly [number, number];
    t.ok(Math.abs(ours - probability) < 1e-6, `log P of ${ngram}`);
    t.ok(Math.abs(ourBackOff - backOff) < 1e-6, `back-off of ${ngram}`);
  }
});

t.test('a blank line is nothing unless that is chosen', async (t) => {
  const skipped = text.replaceAll(/^\s*\n/gm, '');
  for (const query of ['', '&blank_lines=skip']) {
    const name = `skip${query.length}`;
    const { body } = await create(name, text, `tokenizer=whitespace&sequences=line${query}`);
    t.match(body, { blank_lines: 'skip', tokens: 43 });
    await create(`${name}-without`, skipped);
    t.equal(await arpa(name), await arpa(`${name}-without`));
  }
});

t.test('documents that come and go leave the counts of those that stay', async (t) => {
  const [first, second, third] = [text.slice(0, 57), '\n\n', text.slice(57)];
  await create('whole', first + third);
  await create('parts', first);
  const documents = '/v1/corpora/parts/documents';
  await arpa('parts');
  for (const [id, part] of [
    ['blank', second],
    ['rest', third],
  ]) {
    await api.put(`${documents}/${id}`).type('text/plain').send(part).expect(201);
  }
  t.match((await api.get(documents)).body.items[1], { id: 'blank', tokens: 2 });
  const both = await api.get('/v1/corpora/parts/ngrams?order=2&format=csv');
  t.match(both.text, /<s> <\/s>,7\r\n/);
  await api.delete(`${documents}/blank`).expect(204);
  for (const order of [1, 2, 3]) {
    const rows = async (name: string) =>
      (await api.get(`/v1/corpora/${name}/ngrams?order=${order}&format=csv`)).text
        .split('\r\n')
        .map((row) => row.replace(/^\d+,/, ''))
        .sort();
    t.same(await rows('parts'), await rows('whole'), `order ${order}`);
  }
  const lines = (file: string) => file.split('\n').sort();
  t.same(lines(await arpa('parts', 4)), lines(await arpa('whole')));
});

t.test('a text scores the sum of its lines, of which each blank one is a sentence', async (t) => {
  await create('scored');
  const path = '/v1/corpora/scored/score?estimator=witten-bell';
  for (const scored of ['the poet\n\nthe end', '\n', '\n\n', '', 'the\n', ' \nthe end of\n\n\n']) {
    const summary = await api.post(`${path}&summary=true`).type('text/plain').send(scored);
    const { body } = await api.post(path).send({ texts: [scored] });
    const [{ tokens, log_probability }] = body.results;
    if (scored === '') {
      t.equal(tokens, 1, 'an empty text is one');
      continue;
    }
    t.equal(tokens, summary.body.tokens, JSON.stringify(scored));
    t.ok(Math.abs(log_probability - summary.body.log_probability) < 1e-12);
  }
});

t.test('minibatches and prompts have their ends', async (t) => {
  await create('short', 'a b\n\nc\n');
  const { body } = await api.get(
    '/v1/corpora/short/batches?strategy=sequential&batch_size=1&num_steps=1&as=tokens&limit=10&seed=1',
  );
  const stream = ['a', 'b', '</s>', '</s>', 'c', '</s>'];
  const read = body.batches.map(({ x }: { x: string[][] }) => x[0][0]);
  t.same(read, stream.slice(body.offset, -1));
  const { tokens } = (
    await api.post('/v1/corpora/short/tokenize').send({ prompt: 'a b\n\nc', add_special_tokens: false })
  ).body;
  t.equal(tokens.length, 5);
  t.same(tokens.slice(2, 4), [2, 2]);
});

t.test('it is a setting like the others', async (t) => {
  t.match((await create('set', 'a\n')).body, { sequences: 'line', blank_lines: 'sentence' });
  t.equal((await create('set', 'a\n')).status, 200, 'the same again');
  t.equal((await create('set', 'a\n', 'tokenizer=whitespace&sequences=line')).status, 409);
  t.match(await create('no', 'a\n', 'blank_lines=sentence'), {
    status: 400,
    body: { errors: [{ pointer: '/query/blank_lines' }] },
  });
  const json = await api.put('/v1/corpora/no').send({ text: 'a', blank_lines: 'skip' });
  t.match(json, { status: 400, body: { errors: [{ pointer: '/body/blank_lines' }] } });
  t.equal((await api.put('/v1/corpora/doc').type('text/plain').send('a')).body.blank_lines, undefined);
});
