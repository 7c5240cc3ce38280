import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { startService } from '../harness.ts';
import { cut, places, sendInPieces } from './pieces.ts';

const { api, app } = await startService(t, { MAX_UPLOAD_BYTES: '4000000' });
const book = 'the time machine\nthe time traveller\n';
await api.put('/v1/corpora/book').type('text/plain').send(book);
const plain = (await api.get('/v1/corpora/book')).body;

let corpora = 0;
/** The answer to a text that is sent to become a corpus of its own. */
const upload = (body: Uint8Array | string, headers: Record<string, string> = {}, at: number[] = []) =>
  sendInPieces(app, `PUT /v1/corpora/c${++corpora}`, headers, cut(Buffer.from(body as string), at));

/**
 * The answer to a form of these parts: what stands in their header Content-Disposition, their value, further headers.
 */
const send = (
  path: string,
  parts: readonly (readonly [string, string | Uint8Array, string?])[],
  at: number[] = [],
) => {
  const bytes = parts.flatMap(([disposition, value, headers = '']) => [
    Buffer.from(`--X\r\ncontent-disposition: form-data; ${disposition}\r\n${headers}\r\n`),
    Buffer.from(value as string),
    Buffer.from('\r\n'),
  ]);
  const form = Buffer.concat([...bytes, Buffer.from('--X--\r\n')]);
  const type = { 'content-type': 'multipart/form-data; boundary=X' };
  return sendInPieces(app, path, type, cut(form, at));
};
const form = (...parts: (readonly [string, string | Uint8Array, string?])[]) =>
  send(`PUT /v1/corpora/c${++corpora}`, parts);
const file = (name: string) => `name="file"; filename="${name}"`;

t.test('gzip is gzip, however it is said', async (t) => {
  const packed = gzipSync(book);
  const said: Record<string, Record<string, string>> = {
    'not at all': {},
    'as a type': { 'content-type': 'application/gzip' },
    'as the type that it was before': { 'content-type': 'application/x-gzip' },
    'as a text': { 'content-type': 'text/plain; charset="utf-8"' },
    'as bytes': { 'content-type': 'application/octet-stream' },
    'as an encoding': { 'content-encoding': 'gzip' },
    'in capitals': { 'content-encoding': 'GZIP' },
    'as it was before': { 'content-encoding': 'x-gzip' },
    'with spaces': { 'content-encoding': '  gzip\t' },
    'beside identity': { 'content-encoding': 'gzip, identity' },
    'as identity': { 'content-encoding': 'identity' },
    'twice, once as a type': { 'content-encoding': 'gzip', 'content-type': 'application/gzip' },
  };
  for (const [how, headers] of Object.entries(said)) {
    for (const at of [[], [1], [1, 2, 3, packed.length - 1]]) {
      const { status, body } = await upload(packed, headers, at);
      t.equal(status, 201, `${how}: ${JSON.stringify(body)}`);
      t.equal(body.bytes, book.length, how);
      t.equal(body.tokens, plain.tokens, how);
    }
  }
  for (const headers of [{}, { 'content-encoding': 'gzip' }, { 'content-encoding': 'gzip, gzip' }]) {
    t.match(await upload(gzipSync(packed), headers), { status: 201, body: { bytes: book.length } });
  }
});

t.test('gzip is gzip on every route that takes a text', async (t) => {
  const packed = gzipSync(book);
  for (const headers of [
    {},
    { 'content-type': 'application/gzip' },
    { 'content-encoding': 'X-GZIP' },
  ] as Record<string, string>[]) {
    const post = (route: string, bytes: Uint8Array, headers: Record<string, string>) =>
      sendInPieces(app, `POST /v1/corpora/book/${route}`, headers, [bytes]);
    for (const route of ['score?summary=true', 'tune']) {
      const expected = await post(route, Buffer.from(book), { 'content-type': 'text/plain' });
      t.equal(expected.status, 200);
      t.same(await post(route, packed, headers), expected);
      const cutShort = await post(route, packed.subarray(0, -3), headers);
      t.match(cutShort, { status: 400, body: { type: '/problems#invalid-text' } });
    }
  }
});

t.test('what cannot be decompressed is refused, and what can is bounded, however it is said', async (t) => {
  const packed = gzipSync(book);
  const bomb = gzipSync(Buffer.alloc(2 ** 24, 'a b\n'));
  for (const headers of [{}, { 'content-encoding': 'gzip' }] as Record<string, string>[]) {
    const invalid = { status: 400, body: { type: '/problems#invalid-text', errors: [{ pointer: '/body' }] } };
    t.match(await upload(packed.subarray(0, -1), headers), invalid, 'ends early');
    t.match(await upload(Buffer.concat([packed, Buffer.from('x')]), headers), invalid, 'goes on');
    t.match(
      await upload(Buffer.concat([packed, Buffer.alloc(9), packed]), headers),
      invalid,
      'goes on after NULs',
    );
    t.match(await upload(Buffer.concat([packed, Buffer.alloc(9)]), headers), { status: 201 }, 'is padded');
    t.match(await upload(Buffer.concat([packed, packed]), headers), {
      status: 201,
      body: { bytes: 2 * book.length },
    });
    for (const bytes of [bomb, gzipSync(bomb)]) {
      t.match(await upload(bytes, headers), { status: 413, body: { detail: /4000000 bytes/ } });
    }
  }
  t.match(await upload(book, { 'content-type': 'application/gzip' }), {
    status: 400,
    body: { detail: /gzip/ },
  });
  for (const coding of ['deflate', 'br', 'zstd', 'compress']) {
    const answer = await upload(packed, { 'content-encoding': coding });
    t.match(answer, { status: 415, body: { detail: new RegExp(`${coding} and may have gzip`) } });
    const { headers } = await api.put('/v1/corpora/none').set('content-encoding', coding).send('a');
    t.equal(headers['accept-encoding'], 'gzip');
  }
});

t.test('a job knows the size of a text only where it is what is sent', async (t) => {
  const put = (bytes: Buffer, path = `/v1/corpora/c${++corpora}`) =>
    api
      .put(path)
      .set('prefer', 'respond-async')
      .type('application/octet-stream')
      .serialize((raw) => raw as unknown as string)
      .send(bytes as unknown as string);
  t.equal((await put(Buffer.from(book))).body.total_bytes, book.length);
  t.notOk('total_bytes' in (await put(gzipSync(book))).body);
  t.notOk('total_bytes' in (await put(gzipSync('a'), `/v1/corpora/c${corpora}/documents/1`)).body);
});

t.test('what is plainly no text is refused on every route that takes a text', async (t) => {
  const utf16 = Buffer.from('the time machine\n', 'utf16le');
  const routes = ['PUT /v1/corpora/none', 'POST /v1/corpora/book/documents', 'POST /v1/corpora/book/tune'];
  for (const route of [
    ...routes,
    'POST /v1/corpora/book/score',
    'POST /v1/corpora/book/score?summary=true',
  ]) {
    const type = { 'content-type': 'text/plain' };
    for (const [bytes, says] of [
      [utf16, /UTF-16LE.*iconv/],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), /UTF-16.*iconv/],
      [gzipSync(utf16), /UTF-16LE.*iconv/],
      [Buffer.from('PK\x03\x04'), /ZIP/],
      [Buffer.from('\\data\\\nngram 1=3\n'), /ARPA/],
      [Buffer.from('{"text": "the time"}'), /JSON.*content-type: application\/json/],
    ] as const) {
      const { status, body } = await sendInPieces(app, route, type, cut(bytes, [1, 7]));
      t.equal(status, 400, route);
      t.match(body, { type: '/problems#invalid-text', detail: says }, route);
    }
  }
  t.match(await form([file('a.txt'), 'a'], [file('b.txt'), utf16]), {
    status: 400,
    body: { detail: /^The file b\.txt: .*UTF-16LE/, errors: [{ pointer: '/body/file/1' }] },
  });
  const json = JSON.stringify({ text: utf16.toString('latin1') });
  t.match(await upload(json, { 'content-type': 'application/json' }), {
    status: 400,
    body: { detail: /UTF-16LE/, errors: [{ pointer: '/body/text' }] },
  });
  t.equal((await api.get('/v1/corpora/none')).status, 404);
});

t.test('JSON is a text where it is the string of a JSON body', async (t) => {
  const json = JSON.stringify({ text: '{"text": "the time"}' });
  const { status, body } = await upload(json, { 'content-type': 'application/json' });
  t.equal(status, 201);
  t.equal(body.tokens, 3);
});

t.test(
  'a charset that is not UTF-8 is refused, and its name is read whatever stands around it',
  async (t) => {
    for (const type of ['text/plain', 'application/octet-stream']) {
      for (const charset of [
        'iso-8859-1',
        '"ISO-8859-1"',
        'utf-16',
        'x;charset=utf-8',
        '"utf-8;"',
        ' = latin1',
      ]) {
        const contentType = `${type}; a="charset=utf-8"; charset=${charset}`.replace(
          'charset= =',
          'charset =',
        );
        const { status, body } = await upload(book, { 'content-type': contentType });
        t.equal(status, 415, contentType);
        t.match(body.detail, /charset .*must be in UTF-8/);
      }
      for (const charset of [
        'utf-8',
        'UTF-8',
        '"utf-8"',
        'utf8',
        'US-ASCII',
        'utf-8; x="; charset=latin1"',
      ]) {
        const { status } = await upload(book, { 'content-type': `${type}; charset=${charset}` });
        t.equal(status, 201, charset);
      }
    }
  },
);

t.test('a text that nobody reads, because its request is refused before, harms nobody', async (t) => {
  const json = { 'content-type': 'application/json' };
  const bodies: [string, Record<string, string>][] = [
    ['no gzip', { 'content-type': 'application/gzip' }],
    ['no gzip', { 'content-encoding': 'gzip' }],
    ['PK\x03\x04', {}],
    ['{"text":"PK\\u0003\\u0004"}', json],
  ];
  for (const [body, headers] of bodies) {
    const pieces = [Buffer.from(body)];
    const path = 'POST /v1/corpora/nobody/documents';
    t.equal((await sendInPieces(app, path, headers, pieces)).status, 404);
    t.equal((await sendInPieces(app, 'PUT /v1/corpora/no?order=0', headers, pieces)).status, 400);
  }
  t.equal((await send('POST /v1/corpora/nobody/documents', [[file('a'), 'PK\x03\x04']])).status, 404);
  t.equal((await api.get('/healthz')).status, 200);
});

t.test('a text without a token is refused alike in whatever form it comes', async (t) => {
  const json = { 'content-type': 'application/json' };
  for (const text of ['', '\uFEFF', ' \n\t ', '\uFEFF\n']) {
    const answers = {
      body: await upload(text),
      'text/plain': await upload(text, { 'content-type': 'text/plain' }),
      gzip: await upload(gzipSync(text)),
      'gzip by its encoding': await upload(gzipSync(text), { 'content-encoding': 'gzip' }),
      JSON: await upload(JSON.stringify({ text }), json),
      'a file': await form([file('empty.txt'), text]),
      'a compressed file': await form([file('empty.txt.gz'), gzipSync(text)]),
      'a field': await form(['name=file', text]),
      'a file among others': await form([file('a'), 'a'], [file('empty.txt'), text], [file('b'), 'b']),
    };
    for (const [how, { status, body }] of Object.entries(answers)) {
      t.equal(status, 400, `${how}: ${JSON.stringify(text)}`);
      t.equal(body.type, '/problems#empty-text', how);
    }
  }
  t.match(await upload('', { 'content-encoding': 'gzip' }), {
    status: 400,
    body: { type: '/problems#empty-text' },
  });
});

t.test('a problem of one file of many names the file and points to it', async (t) => {
  const latin1 = Buffer.from('caf\xe9', 'latin1');
  const first = ['name="order"', '2'] as const;
  const good = [file('good.txt'), 'the time machine'] as const;
  const cases: [readonly (readonly [string, string | Uint8Array, string?])[], RegExp, string][] = [
    [[first, good, [file('bad.txt'), latin1], good], /^The file bad\.txt: .*byte offset 3/, '/body/file/1'],
    [[[file('bad.txt'), latin1]], /^The file bad\.txt: /, '/body/file/0'],
    [
      [good, ["name=file; filename=x; filename*=UTF-8''na%C3%AFve.txt", latin1]],
      /^The file naïve\.txt: /,
      '/body/file/1',
    ],
    [[good, ['name="a/b~"; filename="bad.txt"', latin1]], /^The file bad\.txt: /, '/body/a~1b~0/0'],
    [[good, good, ['name=file', latin1]], /^Text 3 of the form: /, '/body/file/2'],
    [[good, [file(''), '']], /^Text 2 of the form: .*empty/, '/body/file/1'],
    [[good, [file('bad.gz'), gzipSync('a').subarray(0, -1)]], /^The file bad\.gz: .*gzip/, '/body/file/1'],
    [[good, [file('bad.zip'), 'PK\x03\x04']], /^The file bad\.zip: .*ZIP/, '/body/file/1'],
  ];
  for (const [parts, says, pointer] of cases) {
    for (const path of [`PUT /v1/corpora/c${++corpora}`, 'POST /v1/corpora/book/documents']) {
      const { status, body } = await send(
        path,
        path.startsWith('PUT') ? parts : parts.filter((p) => p !== first),
        [9],
      );
      t.equal(status, 400, JSON.stringify(body));
      t.match(body.detail, says);
      t.match(body.errors, [{ pointer }]);
    }
  }
  t.same((await api.get('/v1/corpora/book')).body, plain, 'nothing is changed');
});

t.test('a part that says it is not UTF-8, or not sent as it is, is refused by its name', async (t) => {
  for (const [headers, says] of [
    ['content-type: text/plain; charset=iso-8859-1\r\n', /is in the charset iso-8859-1/],
    ['content-type: text/plain;charset="UTF-16"\r\n', /is in the charset UTF-16/],
    ['content-transfer-encoding: base64\r\n', /has the Content-Transfer-Encoding base64/],
    ['Content-Transfer-Encoding: Quoted-Printable\r\n', /has the Content-Transfer-Encoding quoted-printable/],
    ['content-type: multipart/mixed; boundary=Y\r\n', /is multipart\/mixed/],
    ['content-encoding: br\r\n', /has the Content-Encoding br/],
  ] as const) {
    t.match(await form([file('a.txt'), 'a'], [file('b.txt'), 'b', headers]), {
      status: 415,
      body: {
        detail: new RegExp(`^The file b\\.txt ${says.source}`),
        errors: [{ pointer: '/body/file/1' }],
      },
    });
    t.match(await form(['name=order', '2', headers], [file('a.txt'), 'a']), {
      status: 415,
      body: {
        detail: new RegExp(`^The field order ${says.source}`),
        errors: [{ pointer: '/body/order' }],
      },
    });
  }
  for (const headers of [
    'content-type: text/plain; charset=UTF-8\r\ncontent-transfer-encoding: 8BIT\r\n',
    'content-type: application/octet-stream\r\ncontent-transfer-encoding: binary\r\n',
    'content-type: text/markdown\r\n',
  ]) {
    t.equal((await form([file('a.txt'), 'a', headers])).status, 201);
  }
});

t.test('texts of a form are files and fields named file, of any length, in their order', async (t) => {
  const long = 'the time machine\n'.repeat(20_000);
  t.match(await form(['name=file', 'the time']), { status: 201, body: { documents: 1, tokens: 2 } });
  const mixed = await form(
    ['name=order', '2'],
    ['name=file', long],
    [file('b.txt'), 'the time'],
    ['name=file', 'machine'],
    [file('c.txt.gz'), gzipSync('the time traveller')],
  );
  t.match(
    mixed,
    { status: 201, body: { order: 2, documents: 4, tokens: 60_006 } },
    JSON.stringify(mixed.body),
  );
  const { body } = await api.get(`/v1/corpora/c${corpora}/documents`);
  t.same(
    body.items.map(({ tokens }: { tokens: number }) => tokens),
    [60_000, 2, 1, 3],
  );
});

t.test('texts of a form together are bounded, decompressed', async (t) => {
  const packed = gzipSync(Buffer.alloc(1_500_000, 'a b\n'));
  t.equal((await form([file('a'), packed], [file('b'), packed])).status, 201);
  t.match(await form([file('a'), packed], [file('b'), packed], [file('c'), packed]), {
    status: 413,
    body: { detail: /4000000 bytes/ },
  });
});

t.test('a field of a form comes once, before the files, and in UTF-8', async (t) => {
  for (const [parts, says, pointer] of [
    [
      [
        ['name=order', '2'],
        ['name=order', '3'],
        [file('a'), 'a'],
      ],
      /order is given twice/,
      '/body/order',
    ],
    [
      [
        [file('a'), 'a'],
        ['name=order', '3'],
      ],
      /order came after a file/,
      '/body/order',
    ],
    [
      [
        ['name=file', 'a'],
        ['name=order', '3'],
      ],
      /order came after a file/,
      '/body/order',
    ],
    [
      [
        ['name=tokenizer', Buffer.from('\xe9', 'latin1')],
        [file('a'), 'a'],
      ],
      /not valid UTF-8/,
      '/body/tokenizer',
    ],
    [
      [
        ['name=__proto__', 'a'],
        [file('a'), 'a'],
      ],
      /not known/,
      '/body/__proto__',
    ],
    [[['name=order', '2']], /no part `file`/, '/body/file'],
  ] as const) {
    t.match(await form(...parts), { status: 400, body: { detail: says, errors: [{ pointer }] } });
  }
  t.equal((await form(['name=_charset_', 'UTF-8'], [file('a'), 'a'])).status, 201);
  t.equal((await form(['name=_charset_', 'windows-1252'], [file('a'), 'a'])).status, 415);
});

t.test('a form is answered alike wherever it is cut', async (t) => {
  const parts = [
    ['name="tokenizer"', 'whitespace'],
    [file('a.txt'), 'the time --X machine'],
    ['name="file"', '\uFEFFthe time'],
    [file('b.txt.gz'), gzipSync('the time')],
  ] as const;
  await send('PUT /v1/corpora/cuts', parts);
  await fc.assert(
    fc.asyncProperty(places, async (at) => {
      t.match(await send('PUT /v1/corpora/cuts', parts, at), { status: 200, body: { tokens: 8 } });
    }),
    { numRuns: 20 },
  );
});

t.test('a form where none is taken is told what is', async (t) => {
  for (const [route, says] of [
    ['score', /text\/plain .* or in application\/json/],
    ['tune', /text\/plain .* or in application\/json/],
    ['generate', /Send application\/json/],
    ['probabilities', /Send application\/json/],
  ] as const) {
    const { status, body } = await send(`POST /v1/corpora/book/${route}`, [[file('a'), 'a']]);
    t.equal(status, 415);
    t.match(body.detail, /^multipart\/form-data is not accepted here/);
    t.match(body.detail, says);
    t.notMatch(body.detail, /-F/);
  }
});

t.test('a content type that is not taken is told all that are', async (t) => {
  for (const [path, kinds] of [
    [
      '/v1/corpora/other',
      /text\/tab-separated-values \(counts of n-grams\), as text\/x-arpa \(an ARPA file\) or/,
    ],
    ['/v1/corpora/book/documents', /x-ndjson \(documents .*text\/tab-separated-values \(counts of n-grams\)/],
  ] as const) {
    for (const type of ['text/csv', 'text/tsv', 'application/x-arpa']) {
      const request = api[path.endsWith('documents') ? 'post' : 'put'](path);
      const { status, body } = await request.type(type).send('the time\t3\n');
      t.match({ status, body }, { status: 415, body: { detail: kinds } }, `${type} ${body.detail}`);
    }
  }
});
