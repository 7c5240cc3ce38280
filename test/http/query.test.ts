import { stringify } from 'node:querystring';
import fc from 'fast-check';
import t from 'tap';
import { parseQuery } from '../../src/http/query.ts';
import { startService } from './harness.ts';

const { api } = await startService(t);
await api
  .put('/v1/corpora/book?tokenizer=whitespace')
  .type('text/plain')
  .send('été café été thé a\u0000b été');

t.test('a query is read as it was written', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1 });
  const value = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: false }), (query) => {
      t.same({ ...parseQuery(stringify(query)) }, query);
    }),
    { numRuns: 200 },
  );
});

t.test('escapes that are UTF-8 are read, in names too, and + is a space', async (t) => {
  const ask = async (query: string) => (await api.get(`/v1/corpora/book/probability?${query}`)).body;
  const expected = { context: ['thé', 'a\u0000b'], word: 'été', in_vocabulary: true };
  t.match(await ask('context=th%C3%A9+a%00b&word=%C3%A9t%C3%A9'), expected);
  t.match(await ask('%63ontext=th%c3%a9%20a%00b&w%6Frd=été'.replace('été', '%C3%A9t%C3%A9')), expected);
});

/** Percent-escapes that are broken, or that stand for no UTF-8. */
const broken: Record<string, string> = {
  'of another encoding': 'caf%E9',
  'beside ones that are right': '%C3%A9t%C3%A9+caf%E9',
  'without digits': '%',
  'with one digit': 'a%4',
  'with other letters': '%zz',
  'of half a character': '%C3',
  'of half a character before more': '%C3x',
  'of a character that is longer than need be': '%C0%80',
  'of half of a surrogate pair': '%ED%A0%80',
  'of both halves': '%ED%A0%BD%ED%B8%80',
  'beyond the last character': '%F4%90%80%80',
  'of a byte that UTF-8 never has': '%FF',
};

t.test('other escapes are refused with a pointer to their parameter, on every route', async (t) => {
  const addresses = [
    '/v1/corpora/book/probability?word=a&context=',
    '/v1/corpora/book/continuations?prefix=',
    '/v1/corpora/book/ngrams?cursor=',
    '/v1/corpora/book/vocabulary?unknown=',
    '/v1/corpora/book?whatever=',
    '/v1/corpora?cursor=',
    '/healthz?a=',
    '/openapi.json?a=',
    '/docs/?a=',
  ];
  for (const [name, value] of Object.entries(broken)) {
    for (const address of addresses) {
      const { status, body, headers } = await api.get(address + value);
      t.equal(status, 400, `${name}: ${address}${value}`);
      t.match(headers['content-type'], /^application\/problem\+json/);
      const parameter = /(\w+)=$/.exec(address)?.[1];
      t.same(
        body.errors.map(({ pointer }: { pointer: string }) => pointer),
        [`/query/${parameter}`],
      );
      t.match(body.detail, /UTF-8/);
    }
    const upload = await api
      .post(`/v1/corpora?name=new&order=2&tokenizer=${value}`)
      .type('text/plain')
      .send('a');
    t.match(upload, { status: 400, body: { errors: [{ pointer: '/query/tokenizer' }] } }, name);
    const deletion = await api.delete(`/v1/corpora/book?a=${value}`);
    t.match(deletion, { status: 400, body: { errors: [{ pointer: '/query/a' }] } }, name);
    const inPath = await api.get(`/v1/corpora/${value}`);
    t.match(inPath, { status: 400, body: { errors: [{ pointer: '/path' }] } }, `in a path: ${value}`);
  }
  t.equal((await api.get('/v1/corpora/book')).status, 200);
});

t.test('so are names that cannot be read, and each parameter that cannot is named', async (t) => {
  const { status, body } = await api.get(
    '/v1/corpora/book/probability?c%E9=a&word=%zz&context=the&a%2Fb~=%C3&word=%FF',
  );
  t.equal(status, 400);
  t.same(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/query/c%E9', '/query/word', '/query/a~1b~0', '/query/word'],
  );
});

t.test(
  'a parameter that is given more than once is refused with a pointer to it, on every route',
  async (t) => {
    for (const path of [
      '/v1/corpora/book/probability?word=a&word=b',
      '/v1/corpora?word=&word=',
      '/version?word=a&word=a',
    ]) {
      const { status, body } = await api.get(path);
      t.equal(status, 400);
      t.same(body.errors, [{ pointer: '/query/word', detail: 'is given more than once' }]);
    }
  },
);

t.test('a field that the query and the body both have is refused with a pointer to it', async (t) => {
  const refused = async (path: string, body: object, field: string) => {
    const { status, body: problem } = await api.post(path).send(body);
    t.equal(status, 400, path);
    t.equal(problem.errors[0].pointer, `/body/${field}`);
    t.match(problem.detail, /given twice, in the query and in the body/);
  };
  const path = '/v1/corpora/book';
  await refused(`${path}/score?estimator=mle`, { texts: ['été'], estimator: 'laplace' }, 'estimator');
  await refused(`${path}/tune?epsilon=1`, { text: 'été', epsilon: [1] }, 'epsilon');
  await refused('/v1/corpora?name=one', { name: 'two', text: 'été' }, 'name');
  const form = await api
    .post('/v1/corpora?name=one&order=2')
    .field('order', '3')
    .attach('file', Buffer.from('a'), 'a');
  t.equal(form.status, 400);
  t.equal(form.body.errors[0].pointer, '/body/order');
  t.equal((await api.post('/v1/corpora?name=one&order=2').send({ text: 'été' })).status, 201);
});

t.test('a NUL is a character in texts, and in no name', async (t) => {
  t.match((await api.get('/v1/corpora/book/continuations?prefix=a%00')).body, {
    continuations: [{ word: 'a\u0000b' }],
  });
  t.match(await api.get('/v1/corpora/book%00'), {
    status: 400,
    body: { errors: [{ pointer: '/path/corpus' }] },
  });
});

t.test('a list is repeated or separated by commas', async (t) => {
  const ask = async (query: string) =>
    (await api.get(`/v1/corpora/book/probability?word=a&order=2&${query}`)).body.estimator;
  const expected = { name: 'laplace', epsilon: [1, 0.5] };
  t.same(await ask('epsilon=1,0.5'), expected);
  t.same(await ask('epsilon=1&epsilon=0.5'), expected);
  const { body } = await api.get('/v1/corpora/book/probability?word=a&epsilon=1&epsilon=x');
  t.match(body.errors, [{ pointer: '/query/epsilon', detail: /; "x" is not$/ }]);
});
