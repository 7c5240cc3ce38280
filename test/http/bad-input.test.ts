import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startService } from './harness.ts';

const { api, app, folder } = await startService(t, { MAX_UPLOAD_BYTES: '1000' });
await api.put('/v1/corpora/book').type('text/plain').send('the time machine, the time traveller');
const before = (await api.get('/v1/corpora/book')).body;

interface Case {
  method?: 'get' | 'post' | 'put';
  path: string;
  type?: string;
  encoding?: string;
  body?: string | Buffer;
  status: number;
  /** Of the problem's type. */
  problem?: string;
  /** What the detail must say. */
  says: RegExp;
  /** The JSON pointer of the first invalid field. */
  pointer?: string;
}

const upload = { method: 'post', path: '/v1/corpora?name=new', type: 'text/plain' } as const;
const form = { ...upload, type: 'multipart/form-data; boundary=X' };
const query = (path: string) => `/v1/corpora/book/${path}`;
const scores = { method: 'post', path: query('score'), type: 'application/json' } as const;

const cases: Record<string, Case> = {
  'an empty text': { ...upload, body: '', status: 400, problem: 'empty-text', says: /empty|no body/ },
  'no body at all': {
    method: 'post',
    path: upload.path,
    status: 400,
    problem: 'empty-text',
    says: /no body|empty/,
  },
  'a text without a token': {
    ...upload,
    body: '123 !',
    status: 400,
    problem: 'empty-text',
    says: /no token/,
  },
  'a text that is not UTF-8': {
    ...upload,
    body: Buffer.from([0x61, 0x62, 0xff, 0x63]),
    status: 400,
    problem: 'invalid-text',
    says: /UTF-8 .*byte offset 2/,
  },
  'an unknown tokenizer': {
    ...upload,
    path: '/v1/corpora?name=new&tokenizer=bpe',
    body: 'a',
    status: 400,
    says: /word, char, unicode, whitespace/,
    pointer: '/query/tokenizer',
  },
  'order 0': {
    ...upload,
    path: '/v1/corpora?name=new&order=0',
    body: 'a',
    status: 400,
    says: />= 1/,
    pointer: '/query/order',
  },
  'order 7': {
    ...upload,
    path: '/v1/corpora?name=new&order=7',
    body: 'a',
    status: 400,
    says: /<= 6/,
    pointer: '/query/order',
  },
  'a name with a slash': {
    ...upload,
    path: '/v1/corpora?name=a%2Fb',
    body: 'a',
    status: 400,
    says: /pattern/,
    pointer: '/query/name',
  },
  'a path with a name of dots': {
    method: 'put',
    path: '/v1/corpora/..%2Fb',
    type: 'text/plain',
    body: 'a',
    status: 400,
    says: /pattern/,
    pointer: '/path/corpus',
  },
  'no name': { ...upload, path: '/v1/corpora', body: 'a', status: 400, says: /name/, pointer: '/query/name' },
  'an unknown setting': {
    ...upload,
    path: '/v1/corpora?name=new&ordre=2',
    body: 'a',
    status: 400,
    says: /ordre/,
    pointer: '/query/ordre',
  },
  'an order that is no number, in JSON': {
    method: 'post',
    path: '/v1/corpora',
    type: 'application/json',
    body: '{"name":"new","order":"3"}',
    status: 400,
    says: /integer/,
    pointer: '/body/order',
  },
  'JSON that is none': {
    method: 'post',
    path: '/v1/corpora',
    type: 'application/json',
    body: '{"name":',
    status: 400,
    says: /JSON/,
  },
  'a name that is taken': {
    ...upload,
    path: '/v1/corpora?name=book',
    body: 'a',
    status: 409,
    problem: 'corpus-exists',
    says: /book/,
  },
  'a text over the limit': {
    ...upload,
    body: 'a '.repeat(501),
    status: 413,
    problem: 'content-too-large',
    says: /1000 bytes/,
  },
  'a text over the limit, compressed': {
    ...upload,
    encoding: 'gzip',
    body: gzipSync('a '.repeat(501)),
    status: 413,
    problem: 'content-too-large',
    says: /1000 bytes/,
  },
  'a broken gzip': {
    ...upload,
    encoding: 'gzip',
    body: Buffer.from('not gzip'),
    status: 400,
    problem: 'invalid-text',
    says: /gzip/,
  },
  'a gzip that ends early': {
    ...upload,
    encoding: 'gzip',
    body: gzipSync('the time machine').subarray(0, 20),
    status: 400,
    problem: 'invalid-text',
    says: /gzip/,
  },
  'a gzip that ends early, of a request that is refused unread': {
    ...upload,
    path: '/v1/corpora?name=new&order=0',
    encoding: 'gzip',
    body: gzipSync('the time machine').subarray(0, 4),
    status: 400,
    says: />= 1/,
    pointer: '/query/order',
  },
  'no body where there must be JSON': {
    method: 'post',
    path: query('probabilities'),
    status: 400,
    says: /object/,
    pointer: '/body',
  },
  'null where there must be an object': {
    method: 'post',
    path: query('generate'),
    type: 'application/json',
    body: 'null',
    status: 400,
    says: /object/,
    pointer: '/body',
  },
  'null for a corpus': {
    method: 'post',
    path: '/v1/corpora?name=new',
    type: 'application/json',
    body: 'null',
    status: 400,
    says: /object/,
    pointer: '/body',
  },
  'a path that is not percent-encoded': { path: '/v1/corpora/%zz', status: 400, says: /%zz/ },
  'a name that is far too long': { path: `/v1/corpora/${'a'.repeat(300)}`, status: 400, says: /longer/ },
  'a form that ends early': {
    ...form,
    body: '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: text/plain\r\n\r\na b c',
    status: 400,
    problem: 'invalid-request',
    says: /form/,
  },
  'a form without a boundary': {
    ...form,
    type: 'multipart/form-data',
    body: '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: text/plain\r\n\r\na b c',
    status: 400,
    says: /form.*[Bb]oundary/,
  },
  'a form without a file': {
    ...form,
    body: '--X--\r\n',
    status: 400,
    says: /no part `file`/,
    pointer: '/body/file',
  },
  'a form whose fields come after the file': {
    ...form,
    body: '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: text/plain\r\n\r\na b c\r\n--X\r\ncontent-disposition: form-data; name="order"\r\n\r\n2\r\n--X--\r\n',
    status: 400,
    says: /order came after a file/,
    pointer: '/body/order',
  },
  'a compressed form': {
    ...form,
    encoding: 'gzip',
    body: gzipSync(
      '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\ncontent-type: text/plain\r\n\r\na b c',
    ),
    status: 415,
    says: /must not be compressed/,
  },
  'an unknown encoding': { ...upload, encoding: 'br', body: 'a', status: 415, says: /br .*gzip/ },
  'what curl -d sends': {
    ...upload,
    type: 'application/x-www-form-urlencoded',
    body: 'a',
    status: 415,
    problem: 'unsupported-media-type',
    says: /--data-binary/,
  },
  'a picture': { ...upload, type: 'image/png', body: 'a', status: 415, says: /image\/png .*text\/plain/ },
  'another charset': {
    ...upload,
    type: 'text/plain; charset=iso-8859-1',
    body: 'a',
    status: 415,
    says: /iso-8859-1 .*UTF-8/,
  },
  'a text for a route of JSON': {
    method: 'post',
    path: query('probabilities'),
    type: 'text/plain',
    body: 'a',
    status: 415,
    says: /application\/json/,
  },
  'a corpus that is not there': {
    path: '/v1/corpora/nobody',
    status: 404,
    problem: 'corpus-not-found',
    says: /nobody/,
  },
  'a document for a corpus that is not there': {
    method: 'post',
    path: '/v1/corpora/nobody/documents',
    type: 'text/plain',
    body: 'a',
    status: 404,
    problem: 'corpus-not-found',
    says: /nobody/,
  },
  'a document that is not there': {
    path: query('documents/7'),
    status: 404,
    problem: 'document-not-found',
    says: /"7"/,
  },
  'a long address that no route has': {
    path: `/v2/${'x'.repeat(5000)}`,
    status: 404,
    problem: 'not-found',
    says: /^There is no GET \/v2\/x{96}…; \/docs/,
  },
  'a route that is not there': { path: '/v2/corpora', status: 404, problem: 'not-found', says: /docs/ },
  'a word of two tokens': {
    path: query('probability?word=new+york'),
    status: 400,
    says: /\["new","york"\]/,
    pointer: '/query/word',
  },
  'a word of no token': {
    path: query('probability?word=42'),
    status: 400,
    says: /0 of "42"/,
    pointer: '/query/word',
  },
  'no word': { path: query('probability?context=the'), status: 400, says: /missing/, pointer: '/query/word' },
  'an order above the corpus’s': {
    path: query('probability?word=a&order=4'),
    status: 400,
    says: /up to order 3/,
    pointer: '/query/order',
  },
  'ε that is not a number': {
    path: query('probability?word=a&epsilon=1,NaN'),
    status: 400,
    says: /finite/,
    pointer: '/query/epsilon',
  },
  'ε that is negative': {
    path: query('probability?word=a&epsilon=-1'),
    status: 400,
    says: /negative/,
    pointer: '/query/epsilon',
  },
  'ε that is infinite': {
    path: query('probability?word=a&epsilon=1e999'),
    status: 400,
    says: /finite/,
    pointer: '/query/epsilon',
  },
  'more ε than orders': {
    path: query('probability?word=a&epsilon=1,1,1,1'),
    status: 400,
    says: /order 3/,
    pointer: '/query/epsilon',
  },
  'an unknown estimator': {
    path: query('probability?word=a&estimator=magic'),
    status: 400,
    says: /laplace, mle, additive/,
    pointer: '/query/estimator',
  },
  'a parameter of another estimator': {
    path: query('probability?word=a&estimator=mle&epsilon=1'),
    status: 400,
    says: /epsilon .*mle/,
    pointer: '/query/epsilon',
  },
  'λ that do not add up to one': {
    path: query('probability?word=a&estimator=jelinek-mercer&lambda=0.5,0.3,0.1'),
    status: 400,
    says: /lambda must add up to 1, and adds up to 0.9/,
    pointer: '/query/lambda',
  },
  'λ for another order': {
    path: query('continuations?estimator=jelinek-mercer&lambda=0.5,0.5'),
    status: 400,
    says: /order 3 has 3/,
    pointer: '/query/lambda',
  },
  'a discount above 1': {
    path: query('probability?word=a&estimator=absolute-discounting&discount=2'),
    status: 400,
    says: /at most 1/,
    pointer: '/query/discount',
  },
  'α above 1': {
    path: query('probability?word=a&estimator=stupid-backoff&alpha=1.5'),
    status: 400,
    says: /at most 1/,
    pointer: '/query/alpha',
  },
  'a discount for Kneser–Ney, which estimates its own': {
    path: query('probability?word=a&estimator=modified-kneser-ney&discount=0.5'),
    status: 400,
    says: /discount .*modified-kneser-ney, which takes none/,
    pointer: '/query/discount',
  },
  'scores of no texts': {
    ...scores,
    body: JSON.stringify({ texts: [] }),
    status: 400,
    says: /fewer than 1/,
    pointer: '/body/texts',
  },
  'scores of an empty stream': {
    ...scores,
    type: 'text/plain',
    body: '',
    status: 400,
    problem: 'empty-text',
    says: /nothing to score/,
    pointer: '/body',
  },
  'the total score of a stream that is not UTF-8': {
    ...scores,
    path: query('score?summary=true'),
    type: 'text/plain',
    body: Buffer.from([0x61, 0x0a, 0x62, 0x63, 0xff]),
    status: 400,
    problem: 'invalid-text',
    says: /Line 2: .*byte offset 2/,
  },
  'scores of a form': { ...form, path: query('score'), body: '--X--', status: 415, says: /form/ },
  'scores by an unknown parameter in JSON': {
    ...scores,
    body: JSON.stringify({ texts: ['a'], estimator: 'jelinek-mercer', lambda: [1, 1, 1] }),
    status: 400,
    says: /lambda must add up to 1/,
    pointer: '/body/lambda',
  },
  'scores by an order above the corpus’s': {
    ...scores,
    body: JSON.stringify({ texts: ['a'], order: 5 }),
    status: 400,
    says: /up to order 3/,
    pointer: '/body/order',
  },
  'marks of lines in a corpus of documents': {
    ...scores,
    body: JSON.stringify({ texts: ['a'], eos: false }),
    status: 400,
    says: /sequences are documents/,
    pointer: '/body/eos',
  },
  'a generated text that is too long': {
    ...scores,
    path: query('generate'),
    body: JSON.stringify({ max_tokens: 5000 }),
    status: 400,
    says: /<= 4096/,
    pointer: '/body/max_tokens',
  },
  'a share of nothing': {
    ...scores,
    path: query('generate'),
    body: JSON.stringify({ top_p: 0 }),
    status: 400,
    says: /> 0/,
    pointer: '/body/top_p',
  },
  'a negative temperature': {
    ...scores,
    path: query('generate'),
    body: JSON.stringify({ temperature: -1 }),
    status: 400,
    says: />= 0/,
    pointer: '/body/temperature',
  },
  'an ARPA file of an estimator that is no back-off model': {
    path: query('arpa?estimator=stupid-backoff'),
    status: 400,
    says: /stupid-backoff of order 3 is not/,
    pointer: '/query/estimator',
  },
  'an ARPA file of an order above the corpus’s': {
    path: query('arpa?order=4'),
    status: 400,
    says: /up to order 3/,
    pointer: '/query/order',
  },
  'thresholds that are no counts': {
    path: query('arpa?prune=0,1.5'),
    status: 400,
    says: /integers in decimal digits, separated by commas, such as 0,0,1; 1\.5 is not/,
    pointer: '/query/prune',
  },
  'thresholds that decrease': {
    path: query('arpa?prune=0,2,1'),
    status: 400,
    says: /The threshold of order 3, 1, is less than 2/,
    pointer: '/query/prune',
  },
  'more thresholds than orders': {
    path: query('arpa?prune=0,0,1,1'),
    status: 400,
    says: /4 thresholds.*up to order 3/,
    pointer: '/query/prune',
  },
  'a threshold that leaves no word': {
    path: query('arpa?prune=100'),
    status: 400,
    says: /no words would be left/,
    pointer: '/query/prune',
  },
  'a negative increase of the perplexity': {
    path: query('arpa?prune_entropy=-1'),
    status: 400,
    says: />= 0/,
    pointer: '/query/prune_entropy',
  },
  'a vocabulary that is neither a number of words nor a list': {
    path: query('arpa?vocabulary=top:0'),
    status: 400,
    says: /such as top:50000/,
    pointer: '/query/vocabulary',
  },
  'a vocabulary in the query and in the body': {
    method: 'post',
    path: query('arpa?vocabulary=top:2'),
    type: 'text/plain',
    body: 'the',
    status: 400,
    says: /vocabulary is not known here/,
    pointer: '/query/vocabulary',
  },
  'a line of a vocabulary that is two words': {
    method: 'post',
    path: query('arpa'),
    type: 'text/plain',
    body: 'the\ntime machine\n',
    status: 400,
    says: /Line 2 of the vocabulary/,
    pointer: '/body',
  },
  'a vocabulary in JSON without a word of the corpus': {
    method: 'post',
    path: query('arpa'),
    type: 'application/json',
    body: JSON.stringify({ vocabulary: ['morlock'] }),
    status: 400,
    says: /no words would be left/,
    pointer: '/body/vocabulary',
  },
  'an empty vocabulary': {
    method: 'post',
    path: query('arpa'),
    type: 'text/plain',
    body: '',
    status: 400,
    says: /vocabulary is empty/,
    pointer: '/body',
  },
  'tuning what has no parameters': {
    ...scores,
    path: query('tune?estimator=mle'),
    type: 'text/plain',
    body: 'the time',
    status: 400,
    says: /no parameters/,
    pointer: '/query/estimator',
  },
  'tuning by a text without tokens': {
    ...scores,
    path: query('tune'),
    body: JSON.stringify({ text: '42' }),
    status: 400,
    says: /nothing to tune on/,
    pointer: '/body/text',
  },
  'tuning by a plain text without tokens': {
    ...scores,
    path: query('tune?estimator=additive'),
    type: 'text/plain',
    body: '42',
    status: 400,
    says: /nothing to tune on/,
    pointer: '/body',
  },
  'tuning by nothing': {
    ...scores,
    path: query('tune'),
    body: JSON.stringify({ text: '' }),
    status: 400,
    says: /empty/,
    pointer: '/body/text',
  },
  'more points than Zipf’s curve has': {
    path: query('zipf?points=2001'),
    status: 400,
    says: /<= 2000/,
    pointer: '/query/points',
  },
  'k=0': { path: query('continuations?k=0'), status: 400, says: />= 1/, pointer: '/query/k' },
  'a parameter k of the estimator where k is the number of words': {
    path: query('continuations?estimator=additive&additive_k=-1'),
    status: 400,
    says: /negative/,
    pointer: '/query/additive_k',
  },
  'a prefix of two tokens': {
    path: query('continuations?prefix=a+b'),
    status: 400,
    says: /prefix/,
    pointer: '/query/prefix',
  },
  'a limit that is too large': {
    path: query('ngrams?limit=1001'),
    status: 400,
    says: /at most 1000/,
    pointer: '/query/limit',
  },
  'a cursor that is malformed': {
    path: query('ngrams?cursor=abc'),
    status: 400,
    says: /next_cursor/,
    pointer: '/query/cursor',
  },
  'a cursor of another list': {
    path: query('ngrams?order=2&cursor=WzFd'),
    status: 400,
    says: /next_cursor/,
    pointer: '/query/cursor',
  },
  'a page of minibatches that is too large': {
    path: query('batches?batch_size=1024&num_steps=1024&limit=2'),
    status: 400,
    says: /1048576/,
    pointer: '/query/limit',
  },
  'a rank that is not below world_size': {
    path: query('batches?rank=2&world_size=2'),
    status: 400,
    says: /rank/,
    pointer: '/query/rank',
  },
  'too many queries': {
    method: 'post',
    path: query('probabilities'),
    type: 'application/json',
    body: JSON.stringify({ queries: Array(10_001).fill({ word: 'a' }) }),
    status: 400,
    says: /10000/,
    pointer: '/body/queries',
  },
};

for (const [
  name,
  { method = 'get', path, type, encoding, body, status, problem, says, pointer },
] of Object.entries(cases)) {
  t.test(`${name} is answered with ${status}, and nothing is changed`, async (t) => {
    const request = api[method](path);
    if (type !== undefined) request.type(type);
    if (encoding !== undefined) request.set('content-encoding', encoding);
    if (body !== undefined) request.serialize((raw) => raw as unknown as string).send(body as string);
    const answer = await request;
    t.equal(answer.status, status, JSON.stringify(answer.body));
    t.match(answer.headers['content-type'], /^application\/problem\+json/);
    t.equal(answer.body.status, status);
    t.match(answer.body.detail, says);
    t.equal(answer.body.instance, answer.headers['x-request-id']);
    if (problem !== undefined) t.equal(answer.body.type, `/problems#${problem}`);
    if (pointer !== undefined) t.equal(answer.body.errors[0].pointer, pointer);
    t.same((await api.get('/v1/corpora/book')).body, before);
    t.same(
      (await api.get('/v1/corpora')).body.items.map(({ name }: { name: string }) => name),
      ['book'],
    );
  });
}

t.test('what is no HTTP, or too much of it, is answered with a problem', async (t) => {
  const { port } = app.server.address() as { port: number };
  const answerTo = async (sent: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(sent);
    return await text(socket);
  };
  for (const [sent, status] of [
    ['garbage\r\n\r\n', 400],
    ['GET /healthz HTTP/1.1\r\nhost: x\r\nno colon\r\n\r\n', 400],
    [`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    const [head, body] = (await answerTo(sent)).split('\r\n\r\n');
    t.match(head, new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json`));
    t.equal(JSON.parse(body).status, status);
  }
});

t.test('an id of a request that is not plain is not taken over', async (t) => {
  for (const id of ['', 'a b', 'a'.repeat(1000), 'é']) {
    const { headers } = await api.get('/v1/corpora').set('x-request-id', id);
    t.match(headers['x-request-id'], /^[0-9a-f]{24}-[1-9]\d*$/);
  }
});

t.test('a body that comes with DELETE is not looked at', async (t) => {
  await api.put('/v1/corpora/gone').type('text/plain').send('a');
  t.equal((await api.delete('/v1/corpora/gone').type('image/png').send('a')).status, 204);
});

t.test('an upload that is cut off leaves nothing', async (t) => {
  const { port } = app.server.address() as { port: number };
  const beginnings = {
    text: 'the time machine',
    form: '--X\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nthe time machine',
  };
  const seen = new Set<string>();
  for (const [name, beginning] of Object.entries(beginnings)) {
    const type = name === 'form' ? 'multipart/form-data; boundary=X' : 'text/plain';
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `PUT /v1/corpora/cut HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 900\r\n\r\n${beginning}`,
    );
    const job = async () => {
      const [newest] = (await api.get('/v1/jobs?limit=1')).body.items;
      return newest.corpus === 'cut' && !seen.has(newest.id) ? newest : undefined;
    };
    while ((await job())?.bytes !== 16) await setTimeout(5);
    socket.destroy();
    while ((await job()).state === 'receiving') await setTimeout(5);
    const { id, state } = await job();
    seen.add(id);
    t.equal(state, 'failed');
    t.equal((await api.get('/v1/corpora/cut')).status, 404);
    t.same(readdirSync(join(folder, 'tmp')), []);
  }
  t.equal(
    (await api.put('/v1/corpora/after').type('text/plain').send('a')).status,
    201,
    'the service goes on',
  );
});
