import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { findRepeatedName } from '../../../src/http/bodies/repeated-names.ts';
import { startService } from '../harness.ts';
import { cut, sendInPieces } from './pieces.ts';

const { app } = await startService(t);
const json = { 'content-type': 'application/json' };

/** The answer to a body of JSON, sent whole unless it is cut somewhere. */
const send = (
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = json,
  at: number[] = [],
) => sendInPieces(app, `POST /v1/corpora${path}`, headers, cut(Buffer.from(body as string), at));

await send('', JSON.stringify({ name: 'book', text: 'the time machine café' }));

/** A body for each route that takes JSON. */
const bodies: Record<string, (text: string) => object> = {
  '': (text) => ({ name: 'new', text }),
  '/book/documents': (text) => ({ text }),
  '/book/score': (text) => ({ texts: ['a', text] }),
  '/book/tune': (text) => ({ text }),
  '/book/probabilities': (text) => ({ queries: [{ context: text, word: 'the' }] }),
  '/book/generate': (text) => ({ prompt: text }),
};
const pointers: Record<string, string> = {
  '': '/body/text',
  '/book/documents': '/body/text',
  '/book/score': '/body/texts/1',
  '/book/tune': '/body/text',
  '/book/probabilities': '/body/queries/0/context',
  '/book/generate': '/body/prompt',
};

for (const [path, bodyOf] of Object.entries(bodies)) {
  t.test(`JSON of POST /v1/corpora${path} that is not read one way is refused`, async (t) => {
    const body = JSON.stringify(bodyOf('café'));
    const offset = Buffer.from(body).indexOf('é');
    const latin1 = await send(path, Buffer.from(body, 'latin1'));
    t.equal(latin1.status, 400);
    t.match(latin1.body.detail, new RegExp(`not valid UTF-8 at byte offset ${offset}\\.`));

    for (const encoding of ['utf16le'] as const) {
      const { status, body: problem } = await send(path, Buffer.from(body, encoding));
      t.equal(status, 400);
      t.match(problem.detail, /looks like UTF-16/);
    }
    const bigEndian = Buffer.from(body, 'utf16le').swap16();
    t.match((await send(path, bigEndian)).body.detail, /looks like UTF-16/);
    t.match((await send(path, Buffer.from(`\uFEFF${body}`, 'utf16le'))).body.detail, /looks like UTF-16/);

    for (const charset of ['iso-8859-1', '"latin1"', 'utf-16', 'UTF-16; x=1']) {
      const { status, body: problem } = await send(path, body, {
        'content-type': `application/json; charset=${charset}`,
      });
      t.equal(status, 415, charset);
      t.match(problem.detail, /charset .*must be in UTF-8/i);
    }

    const half = body.replace('café', 'caf\\ud83d!');
    const broken = await send(path, half);
    t.equal(broken.status, 400);
    t.match(broken.body, { detail: /surrogate/, errors: [{ pointer: pointers[path] }] });

    t.match(await send(path, ''), { status: 400, body: { detail: /empty: JSON was expected/ } });
    t.match(await send(path, `${body} x`), { status: 400, body: { detail: /not JSON: .*position/ } });
    t.match(await send(path, gzipSync(body)), { status: 400, body: { detail: /Content-Encoding: gzip/ } });
    t.match(await send(path, `{"__proto__":{},${body.slice(1)}`), {
      status: 400,
      body: { detail: /__proto__/ },
    });
    const [name] = Object.keys(bodyOf('')).slice(-1);
    t.match(await send(path, `{"${name}":0,${body.slice(1)}`), {
      status: 400,
      body: { detail: /given twice/, errors: [{ pointer: `/body/${name}` }] },
    });
  });
}

t.test(
  'JSON is read alike with a byte order mark, a charset, gzip and whole surrogate pairs, however it comes',
  async (t) => {
    const body = JSON.stringify({ texts: ['the 😀 machine', 'café'] });
    const { status, body: answer } = await send('/book/score', body);
    t.equal(status, 200);
    const marked = Buffer.from(`\uFEFF${body}`);
    for (let at = 0; at < 12; at++) t.same((await send('/book/score', marked, json, [at])).body, answer);
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8', 'us-ascii', 'utf-8; x="charset=latin1"']) {
      const headers = { 'content-type': `application/json; charset=${charset}` };
      t.same((await send('/book/score', body, headers)).body, answer, charset);
    }
    const escaped = body.replace('😀', '\\ud83d\\ude00');
    t.same((await send('/book/score', escaped)).body, answer);
    for (const encoding of [
      'gzip',
      'GZIP',
      'x-gzip',
      ' gzip ',
      'gzip, identity',
      'identity,gzip',
      ', gzip',
    ]) {
      const headers = { ...json, 'content-encoding': encoding };
      t.same((await send('/book/score', gzipSync(body), headers, [1, 10, 30])).body, answer, encoding);
    }
    const twice = { ...json, 'content-encoding': 'gzip, x-gzip' };
    t.same((await send('/book/score', gzipSync(gzipSync(body)), twice)).body, answer);
    t.same((await send('/book/score', body, { ...json, 'content-encoding': 'identity' })).body, answer);
  },
);

t.test('gzip is taken of every route of JSON; a broken one, and other codings, are refused', async (t) => {
  const body = JSON.stringify({ queries: [{ context: 'the', word: 'time' }] });
  const gzip = { ...json, 'content-encoding': 'gzip' };
  t.equal((await send('/book/probabilities', gzipSync(body), gzip)).status, 200);
  t.equal((await send('/book/generate', gzipSync('{"seed":1}'), gzip)).status, 200);
  const packed = gzipSync(body);
  t.equal((await send('/book/probabilities', packed.subarray(0, -1), gzip)).status, 400);
  t.equal((await send('/book/probabilities', Buffer.concat([packed, Buffer.from('x')]), gzip)).status, 400);
  for (const encoding of ['deflate', 'br', 'zstd', 'gzip, br', 'gzip, gzip, gzip', 'gzipped']) {
    const { status, body: problem } = await send('/book/probabilities', packed, {
      ...json,
      'content-encoding': encoding,
    });
    t.equal(status, 415, encoding);
    t.match(problem.detail, /may have gzip/);
  }
});

t.test('a decompression bomb of JSON is cut at the limit of its route', async (t) => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(64 * 2 ** 20, ' ')));
  const headers = { ...json, 'content-encoding': 'gzip, gzip' };
  const { status, body } = await send('/book/probabilities', bomb, headers);
  t.equal(status, 413);
  t.match(body.detail, /at most 4194304 bytes after decompression/);
});

t.test('a name that comes twice is found, and only such a one', async (t) => {
  const find = (text: string) => findRepeatedName(text, Buffer.from(text), JSON.parse(text));
  for (const [text, pointer] of [
    ['{"a":1,"a":2}', '/a'],
    ['{"a":1,"b":{"c":[1,{"d":1, "d" : 2}]}}', '/b/c/1/d'],
    ['{"a/~":1,"\\u0061/~":2}', '/a~1~0'],
    ['[[],[{"":1},{"":1,"":2}]]', '/1/1/'],
    ['{"a\\\\":1,"a\\\\"\n:2}', '/a\\'],
    ['{"a":{"b":1},"b":2,"a":3}', '/a'],
    ['{"a":1,"b":{"a":1}}', undefined],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":": no name","b":[":)", "\\":"]}', undefined],
    ['{"a":"\\"a\\": 1"}', undefined],
    ['"a"', undefined],
    ['{}', undefined],
    [`{"a":"${'\\n":"'.replaceAll('"', '\\"').repeat(1_000_000)}","b":":"}`, undefined],
  ] as const) {
    t.equal(find(text), pointer, text.slice(0, 60));
  }
});

t.test(
  'no JSON that is written from a value has a name twice, and each with a member more has',
  async (t) => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: fc.constantFrom('"', ':', '\\', ' ', 'a') }), fc.json()),
        (value) => {
          const text = JSON.stringify(value, null, 1);
          t.equal(findRepeatedName(text, Buffer.from(text), value), undefined);
          const [name] = Object.keys(value);
          if (name === undefined) return;
          const twice = `{${JSON.stringify(name)}:0,${text.slice(1)}`;
          t.type(findRepeatedName(twice, Buffer.from(twice), JSON.parse(twice)), 'string');
        },
      ),
    );
  },
);
