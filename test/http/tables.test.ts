import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { parse } from 'csv-parse/sync';
import t, { type Test } from 'tap';
import { type TablePart, tableParts } from '../../src/http/tables.ts';
import { startService } from './harness.ts';

type Api = Awaited<ReturnType<typeof startService>>['api'];
type Rows = Record<string, string>[];

/** The rows of CSV, by the names of the columns. */
const rowsOf = (csv: string): Rows => parse(csv, { columns: true });

const table = async (api: Api, path: string): Promise<Rows> => {
  const { text } = await api
    .get(path)
    .accept('text/csv')
    .expect(200)
    .expect('content-type', 'text/csv; charset=utf-8; header=present');
  return rowsOf(text);
};

/** All items of a list in JSON, page by page. */
async function items(api: Api, path: string, field = 'items'): Promise<Record<string, unknown>[]> {
  const all = [];
  for (let cursor = ''; ; ) {
    const { body } = await api.get(`${path}${path.includes('?') ? '&' : '?'}${cursor}`);
    all.push(...body[field]);
    if (body.next_cursor === undefined) return all;
    cursor = `cursor=${body.next_cursor}`;
  }
}

/** The cell of an item's field, or of one in its fields. */
function cellOf(item: unknown, column: string): string {
  const value = column.split('.').reduce((of, name) => (of as Record<string, unknown>)?.[name], item);
  return Array.isArray(value) ? value.join(' ') : String(value ?? '');
}

/** Tokens that a sloppy writer or reader of CSV stumbles over. */
const hostile = [
  '"',
  '""',
  ',',
  'a,b',
  '"a',
  "'",
  ';',
  '=1+1',
  '@x',
  '-',
  '+',
  '😀',
  'سلام',
  'é',
  '\u{FEFF}x',
  '\\',
  '#',
  '\0',
];

t.test('every list is the same as CSV as in JSON', async (t) => {
  for (const settings of [{}, { INDEX_MEMORY_BYTES: '0' }]) {
    const { api } = await startService(t, settings);
    const text = Array.from({ length: 6000 }, (_, i) => `${hostile[i % hostile.length]} w${(i * i) % 3001}`);
    await api.put('/v1/corpora/c?tokenizer=whitespace&order=3').type('text/plain').send(text.join(' '));
    await api.put('/v1/corpora/c/documents/two').type('text/plain').send('a text of its own');
    await api.put('/v1/corpora/d?sequences=line&tokenizer=unicode&locale=tr').type('text/plain').send('a\nb');
    await api.put('/v1/corpora/e').type('text/plain').send('42');
    const c = '/v1/corpora/c';
    for (let i = 0; i < 2; i++) await api.post(`${c}/backups`).expect(201);
    for (const [path, field] of [
      [`${c}/vocabulary`],
      [`${c}/ngrams?order=1`],
      [`${c}/ngrams?order=2&limit=1000`],
      [`${c}/ngrams?pattern=w1~+*`],
      [`${c}/ngrams?sort=t&min_count=2`],
      [`${c}/documents`],
      [`${c}/collocates?node=%23&limit=1000`],
      [`${c}/concordance?q=%3D1%2B1&sort=right1&left=1&right=2`],
      ['/v1/corpora'],
      ['/v1/jobs'],
      ['/v1/samples'],
      ['/v1/backups'],
      [`${c}/backups`],
      [`${c}/continuations?context=,&k=1000`, 'continuations'],
      [`${c}/continuations?estimator=witten-bell&prefix=w1&k=1000`, 'continuations'],
    ]) {
      const expected = await items(api, path, field);
      const found = await table(api, path.replace(/&(limit|k)=1000/, ''));
      t.equal(found.length, expected.length, path);
      for (const [i, row] of found.entries()) {
        for (const [column, value] of Object.entries(row)) {
          const cell = cellOf(expected[i], column);
          if (value !== cell) t.equal(value, cell, `${path}, row ${i}, ${column}`);
        }
      }
    }
    t.ok((await table(api, `${c}/ngrams?order=2`)).length > 8192, 'more rows than a part has');
  }
});

t.test('the points of the curves are a table', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a c a b d a b');
  const { series } = (await api.get('/v1/corpora/c/zipf')).body;
  const points = (orders: number[]) =>
    orders.flatMap((order) =>
      series[order - 1].points.map(({ rank, frequency }: { rank: number; frequency: number }) => ({
        order: `${order}`,
        rank: `${rank}`,
        frequency: `${frequency}`,
      })),
    );
  t.same(await table(api, '/v1/corpora/c/zipf'), points([1, 2, 3]));
  t.same(await table(api, '/v1/corpora/c/zipf?orders=3,1'), points([1, 3]));
});

t.test('limit and cursor choose rows, and a limit may be above that of a page', async (t) => {
  const { api } = await startService(t);
  const text = Array.from({ length: 3000 }, (_, i) => `w${i}`).join(' ');
  await api.put('/v1/corpora/c?tokenizer=whitespace').type('text/plain').send(text);
  const ids = async (query: string) =>
    (await table(api, `/v1/corpora/c/vocabulary?${query}`)).map(({ id }) => Number(id));
  t.same(await ids('limit=2'), [0, 1]);
  t.same(
    await ids('limit=1500'),
    Array.from({ length: 1500 }, (_, i) => i),
  );
  const { next_cursor } = (await api.get('/v1/corpora/c/vocabulary?limit=2')).body;
  t.same(await ids(`cursor=${next_cursor}&limit=3`), [2, 3, 4]);
  t.equal((await ids(`cursor=${next_cursor}`)).length, 2999);
  t.equal((await table(api, '/v1/corpora/c/continuations?k=1500')).length, 1500);
  t.equal((await api.get('/v1/corpora/c/vocabulary?limit=1001')).status, 400, 'a page has its maximum');
  t.equal((await api.get('/v1/corpora/c/continuations?k=1001')).body.errors[0].pointer, '/query/k');
});

t.test('the format is that of `format` or, without it, of Accept', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  const type = async (query: string, accept?: string) => {
    const request = api.get(`/v1/corpora/c/continuations${query}`);
    const { headers, status } = await (accept === undefined ? request : request.set('accept', accept));
    return `${status} ${headers['content-type'].split(';')[0]} ${headers.vary ?? ''}`.trim();
  };
  const json = '200 application/json accept';
  const csv = '200 text/csv accept';
  t.equal(await type(''), json);
  t.equal(await type('', 'text/csv'), csv, 'what was answered before is not given to who wants CSV');
  t.equal(await type('', '*/*'), json);
  t.equal(await type(''), json, 'and names Accept when it is given again');
  t.equal(await type('', 'text/html,application/xhtml+xml,*/*;q=0.8'), json, 'a browser');
  t.equal(await type('', 'text/csv;q=0.5, application/json;q=0.4'), csv);
  t.equal(await type('', 'text/csv;q=0'), '406 application/problem+json accept');
  t.equal(await type('?format=csv', 'application/json'), '200 text/csv');
  t.equal(await type('?format=json', 'text/csv'), '200 application/json');
  t.equal(await type('?format=xml'), '400 application/problem+json');
});

t.test('a table names its file and the version that it is of', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/a.b').type('text/plain').send('a b');
  const { headers } = await api.get('/v1/corpora/a.b/ngrams?order=2&format=csv');
  t.equal(headers['content-disposition'], 'attachment; filename="a.b.2-grams.csv"');
  t.equal(headers['corpus-version'], '1');
});

t.test('HEAD has the headers of GET, and errors their own status', async (t) => {
  const { api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b');
  const head = await api.head('/v1/corpora/c/ngrams?format=csv');
  t.match(head, { status: 200, headers: { 'content-type': /^text\/csv/, 'corpus-version': '1' } });
  t.equal(head.headers['content-length'], undefined);
  for (const [path, status] of [
    ['/v1/corpora/none/ngrams', 404],
    ['/v1/corpora/c/ngrams?order=4', 400],
    ['/v1/corpora/c/vocabulary?cursor=x', 400],
    ['/v1/corpora/c/continuations?epsilon=-1', 400],
    ['/v1/corpora/c/continuations?min_version=2', 400],
  ] as const) {
    const { headers, ...answer } = await api.get(path).accept('text/csv');
    t.equal(answer.status, status, path);
    t.match(headers['content-type'], /problem\+json/);
    t.equal(headers['content-disposition'], undefined);
  }
});

t.test('rows are requested as the client reads them', async (t) => {
  const asked: number[] = [];
  const ask = async ({ limit }: { limit: number }): Promise<TablePart> => {
    asked.push(limit);
    return { lines: 'x'.repeat(1000 * limit), rows: limit, next: asked.length < 4 ? 'more' : undefined };
  };
  const parts = tableParts({}, ask);
  await parts.next();
  t.same(asked, [256], 'one part after the other');
  for await (const _ of parts);
  t.same(asked, [256, 262, 262, 262], 'and fewer rows, the longer they are');
});

t.test('a table of which the version changes is cut off', async (t) => {
  let version = 1;
  const ask = async (): Promise<TablePart> => ({ lines: 'a\r\n', rows: 1, next: 'more', version: version++ });
  const parts = tableParts({}, ask);
  t.match((await parts.next()).value, { version: 1 });
  await t.rejects(parts.next(), { code: 'index-not-ready' });
});

/** A large table that nobody reads yet. */
async function unreadTable(t: Test, settings: Record<string, string>) {
  const { api, app } = await startService(t, settings);
  const text = Array.from({ length: 20_000 }, (_, i) => `${i}${'x'.repeat(600)}`).join(' ');
  await api.put('/v1/corpora/c?tokenizer=whitespace&order=1').type('text/plain').send(text);
  if (settings.INDEX_MEMORY_BYTES === undefined) {
    // It waits for the index.
    await api.get(`/v1/corpora/c/probability?word=x&estimator=kneser-ney`).expect(200);
  }
  const { port } = app.server.address() as { port: number };
  const request = get({ port, path: '/v1/corpora/c/ngrams?format=csv', agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { api, response };
}

/** Reads a response to its end: the text, and whether it is whole. */
async function read(response: IncomingMessage): Promise<{ text: string; isWhole: boolean }> {
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
  } catch {
    return { text, isWhole: false };
  }
  return { text, isWhole: true };
}

t.test('what is added meanwhile is in no table that is read from memory', async (t) => {
  const { api, response } = await unreadTable(t, {});
  await api.post('/v1/corpora/c/documents').type('text/plain').send('one more').expect(201);
  const { text, isWhole } = await read(response);
  t.ok(isWhole);
  t.equal(rowsOf(text).length, 20_000);
});

t.test('without an index in memory a change of the corpus cuts the table off', async (t) => {
  const { api, response } = await unreadTable(t, { INDEX_MEMORY_BYTES: '0' });
  await api.post('/v1/corpora/c/documents').type('text/plain').send('one more').expect(201);
  t.notOk((await read(response)).isWhole);
});

t.test('a table in progress counts for MAX_BULK, until it is given up', async (t) => {
  const { api, response } = await unreadTable(t, { MAX_BULK: '1' });
  const another = () => api.get('/v1/corpora/c/vocabulary?format=csv&limit=1');
  t.match(await another(), { status: 503, body: { detail: /MAX_BULK/ } });
  t.equal((await api.get('/v1/corpora/c/vocabulary?limit=1')).status, 200, 'a page in JSON does not');
  response.destroy();
  for (;;) if ((await another()).status === 200) break;
});
