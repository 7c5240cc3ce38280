import { buffer, text } from 'node:stream/consumers';
import fc from 'fast-check';
import t from 'tap';
import { formParts } from '../../../src/http/bodies/form.ts';
import { comingIn, cut, places } from './pieces.ts';

/** What is in a form, whose bodies are read up to the end. */
async function read(pieces: Iterable<Uint8Array>, boundary = 'X') {
  const parts: { name: string; filename: string | undefined; body: string }[] = [];
  for await (const { name, filename, body } of formParts(comingIn(pieces), boundary)) {
    parts.push({ name, filename, body: await text(body) });
  }
  return parts;
}

const form = (...parts: string[]) => Buffer.from(`--X\r\n${parts.join('\r\n--X\r\n')}\r\n--X--\r\n`);
const part = (disposition: string, body = 'a') => `Content-Disposition: ${disposition}\r\n\r\n${body}`;

t.test('parts come out as they went in, wherever the form is cut', async (t) => {
  // Bytes that begin a delimiter and do not go on as one.
  const body = fc
    .array(fc.constantFrom('\r', '\n', '-', '--', '\r\n', '\r\n-', '\r\n--', 'X', 'a', '\0', 'é'), {
      maxLength: 20,
    })
    .map((pieces) => pieces.join(''))
    .filter((body) => !`\r\n${body}`.includes('\r\n--X'));
  await fc.assert(
    fc.asyncProperty(fc.array(body, { maxLength: 5 }), places, async (bodies, at) => {
      fc.pre(bodies.length > 0);
      const sent = form(...bodies.map((body, i) => part(`form-data; name="p${i}"`, body)));
      const parts = await read(cut(sent, at));
      t.same(
        parts,
        bodies.map((body, i) => ({ name: `p${i}`, filename: undefined, body })),
      );
    }),
    { numRuns: 200 },
  );
});

t.test('what is left of a part is skipped, and so is what stands before and after the form', async (t) => {
  const sent = Buffer.concat([
    Buffer.from('a preamble\r\n'),
    form(part('form-data; name=a', 'x'.repeat(100_000)), part('form-data; name=b')),
    Buffer.from('an epilogue\r\n--X'),
  ]);
  const names: string[] = [];
  for await (const { name, body } of formParts(comingIn(cut(sent, [5, 50, 5000])), 'X')) {
    names.push(name);
    for await (const _ of body) break;
  }
  t.same(names, ['a', 'b']);
});

t.test('names and file names are read as browsers, curl and others write them', async (t) => {
  for (const [disposition, name, filename] of [
    ['form-data; name="file"; filename="book.txt"', 'file', 'book.txt'],
    ['form-data; name=file; filename=book.txt', 'file', 'book.txt'],
    ['Form-Data;NAME="file";FileName="a;b.txt"', 'file', 'a;b.txt'],
    ['form-data; name="a \\"b\\""; filename=""', 'a "b"', ''],
    ['form-data; name="file"; filename="naïve ☃.txt"', 'file', 'naïve ☃.txt'],
    ["form-data; name=file; filename=x; filename*=UTF-8''na%C3%AFve.txt", 'file', 'naïve.txt'],
    ["form-data; name=file; filename=x; filename*=UTF-8''%zz", 'file', 'x'],
    ['form-data; name="file"', 'file', undefined],
    ['form-data;\r\n name="file";\r\n\tfilename="folded.txt"', 'file', 'folded.txt'],
  ] as const) {
    t.same(await read([form(part(disposition))]), [{ name, filename, body: 'a' }], disposition);
  }
  const latin1 = Buffer.from(
    '--X\r\ncontent-disposition: form-data; name=file; filename="caf\xe9.txt"\r\n\r\na\r\n--X--',
    'latin1',
  );
  t.same(await read([latin1]), [{ name: 'file', filename: 'café.txt', body: 'a' }]);
});

t.test('headers are found by their names in any case', async (t) => {
  const sent = form('CONTENT-disposition: form-data; name=file\r\ncontent-TYPE:  text/plain \r\n\r\na');
  for await (const { headers, body } of formParts(comingIn([sent]), 'X')) {
    t.equal(headers.get('content-type'), 'text/plain');
    await buffer(body);
  }
});

t.test('headers of 16 KiB are read and larger ones are not, wherever they are cut', async (t) => {
  const before = '\r\ncontent-disposition: form-data; name=a\r\nx: ';
  const headers = before + 'x'.repeat(16_384 - before.length);
  const sent = (headers: string) => Buffer.from(`--X${headers}\r\n\r\na\r\n--X--`);
  for (const at of [[], [10], [16_380, 16_386, 16_389], [16_384], [16_387], [16_390]]) {
    t.equal((await read(cut(sent(headers), at))).length, 1);
    await t.rejects(read(cut(sent(`${headers}x`), at)), { message: /larger than 16384 bytes/ });
  }
});

t.test('a malformed form is refused, wherever it is cut', async (t) => {
  const cases: Record<string, [string, RegExp]> = {
    nothing: ['', /ends before/],
    'no boundary': ['the time machine', /ends before/],
    'a part that does not end': [
      '--X\r\ncontent-disposition: form-data; name=a\r\n\r\nthe time',
      /ends before/,
    ],
    'headers that do not end': ['--X\r\ncontent-disposition: form-data; name=a', /ends before/],
    'a boundary and nothing else': ['--X', /ends before/],
    'headers that a boundary cuts off': [
      '--X\r\ncontent-disposition: form-data; name=a\r\n--X\r\n\r\na\r\n--X--',
      /do not end/,
    ],
    'headers that the last boundary cuts off': [
      '--X\r\ncontent-disposition: form-data; name=a\r\n--X--',
      /do not end/,
    ],
    'text behind a boundary': [
      '--Xyz\r\ncontent-disposition: form-data; name=a\r\n\r\n\r\n--X--',
      /Content-Disposition/,
    ],
    'a line that is no header': [
      '--X\r\nno header\r\ncontent-disposition: form-data; name=a\r\n\r\na\r\n--X--',
      /Content-Disposition/,
    ],
    'a header twice': [
      '--X\r\ncontent-disposition: form-data; name=a\r\nx: 1\r\nX: 2\r\n\r\na\r\n--X--',
      /more than one header x/,
    ],
    'a part without headers': ['--X\r\n\r\na\r\n--X--', /Content-Disposition/],
    'a part without a name': ['--X\r\ncontent-disposition: form-data\r\n\r\na\r\n--X--', /name=/],
    'an attachment': ['--X\r\ncontent-disposition: attachment; name=a\r\n\r\na\r\n--X--', /form-data/],
    'headers that are large and do not end': [`--X\r\nx: ${'a'.repeat(50_000)}`, /larger than 16384 bytes/],
  };
  for (const [name, [sent, says]] of Object.entries(cases)) {
    for (const at of [[], [1], [2, 3], [4, 5, 6, 30], [9000, 17_000]]) {
      await t.rejects(read(cut(Buffer.from(sent), at)), { code: 'invalid-request', message: says }, name);
    }
  }
});

t.test('a boundary has up to 70 characters', async (t) => {
  const boundary = 'b'.repeat(70);
  const sent = Buffer.from(`--${boundary}\r\n${part('form-data; name=a')}\r\n--${boundary}--`);
  t.equal((await read([sent], boundary)).length, 1);
  for (const length of [71, 300]) {
    await t.rejects(read([sent], 'b'.repeat(length)), { code: 'invalid-request', message: /70 characters/ });
  }
});

t.test('no more of a form is taken than has been read', async (t) => {
  const pieces = [
    Buffer.from(`--X\r\n${part('form-data; name=a', 'first')}`),
    Buffer.from('second'),
    form(part('form-data; name=b')),
  ];
  let taken = 0;
  let isClosed = false;
  async function* source() {
    try {
      for (const piece of pieces) {
        taken++;
        yield piece;
      }
    } finally {
      isClosed = true;
    }
  }
  const parts = formParts(source(), 'X');
  const { value } = await parts.next();
  t.equal(taken, 1);
  for await (const bytes of value?.body ?? []) {
    t.same(bytes, Buffer.from('first'));
    break;
  }
  t.equal(taken, 1);
  await parts.return();
  t.equal(taken, 1, 'where nobody wants the rest, nothing more is taken');
  t.ok(isClosed);
});

t.test('all parts of a chunk come out, however many there are', async (t) => {
  const bodies = Array.from({ length: 3000 }, (_, i) => `${i}`);
  const parts = await read([form(...bodies.map((body) => part('form-data; name=a', body)))]);
  t.same(
    parts.map(({ body }) => body),
    bodies,
  );
});
