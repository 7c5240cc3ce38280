import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ApiDocument, Operation, Parameter, Schema } from './document.ts';
import { brokenEscapes, fitting, hostileJson, hostileText, RawJson, text, writeJson } from './values.ts';

/** A request as it is sent over the wire. */
export interface FuzzRequest {
  method: string;
  /** The path and query, in visible ASCII; `{{name:i}}` is replaced by a value that an earlier answer named. */
  target: string;
  headers: [string, string][];
  body?: Buffer;
}

/** Requests to an operation, some parts of which conform to the document and some do not. */
export function requestsTo(document: ApiDocument, operation: Operation): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      path: pathOf(document, operation),
      query: queryOf(document, operation),
      headers: headersOf(document, operation),
      body: bodyOf(document, operation),
    })
    .map(({ path, query, headers, body }) => ({
      method: operation.method,
      target: path + (query.length === 0 ? '' : `?${query.join('&')}`),
      headers: [...headers, ...body.headers],
      ...(body.bytes === undefined ? {} : { body: body.bytes }),
    }));
}

/** The request made of an operation's documented examples. */
export function exampleOf(document: ApiDocument, operation: Operation): FuzzRequest {
  const given = (place: string) =>
    operation.parameters.flatMap((parameter): [string, string][] => {
      const value = exampleValue(document, parameter);
      return parameter.in === place && value !== undefined ? [[parameter.name, String(value)]] : [];
    });
  const path = given('path').reduce(
    (path, [name, value]) => path.replace(`{${name}}`, encode(value)),
    operation.path,
  );
  const query = given('query').map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const target = path + (query.length === 0 ? '' : `?${query.join('&')}`);
  const [mediaType, media] = Object.entries(operation.bodies)[0] ?? [];
  if (mediaType === undefined) return { method: operation.method, target, headers: given('header') };
  const example = media?.example ?? media?.schema?.examples?.[0] ?? media?.schema?.example;
  return {
    method: operation.method,
    target,
    headers: [...given('header'), ['content-type', mediaType]],
    body: Buffer.from(typeof example === 'string' ? example : writeJson(example)),
  };
}

function exampleValue(document: ApiDocument, { example, schema }: Parameter): unknown {
  const { example: inner, examples } = document.resolve(schema);
  return example ?? inner ?? examples?.[0];
}

/** Requests that match no operation of the document: wrong methods and unknown paths. */
export function strayRequests(document: ApiDocument): fc.Arbitrary<FuzzRequest> {
  const paths = fc
    .constantFrom(...document.operations.map((operation) => operation))
    .chain((operation) => pathOf(document, operation));
  const beside = fc
    .tuple(
      fc.oneof(paths, fc.constantFrom('/', '/docs', '/docs/static', '/openapi.json', '/v1', '/v2/corpora')),
      fc.oneof(
        fc.constantFrom('/', '//', '/.', '/..', '/../', '/%2e%2e/', '/..%2f..%2fpackage.json', ';a=b'),
        fc.constantFrom('.json', '%00', '%', '%zz', '%c0%ae', '%ED%A0%80', '/a/b/c', '/*', '?', '#', '&a'),
        fc.constantFrom('/..%5c..%5c', '/%252e%252e%252f', '/static/..%2f..%2f..%2fpackage.json'),
        hostileText.map((text) => `/${encode(text)}`),
      ),
    )
    .map(([path, end]) => path + end);
  const target = fc.oneof(
    paths,
    beside,
    paths.map((path) => `/${path}`),
    paths.map((path) => path.toUpperCase()),
  );
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
  return fc.record({
    method: fc.constantFrom(...methods),
    target,
    headers: oddHeaders,
  });
}

/** Percent-encodes everything but letters and digits; a lone surrogate as if UTF-8 allowed it. */
export function encode(value: string): string {
  return Array.from(value, (character) => {
    if (/^[A-Za-z0-9._~-]$/.test(character)) return character;
    const code = character.codePointAt(0) as number;
    const bytes =
      code >= 0xd800 && code <= 0xdfff
        ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
        : [...Buffer.from(character)];
    return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  }).join('');
}

/** The text of a parameter's value. */
function written(value: unknown): string {
  return typeof value === 'object' && value !== null ? writeJson(value) : String(value);
}

/** Mostly values that fit, otherwise values that do not. */
function mostly<T>(fits: fc.Arbitrary<T>, hostile: fc.Arbitrary<T>, weight = 9): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: fits }, { weight: 1, arbitrary: hostile });
}

function pathOf(document: ApiDocument, { path, parameters }: Operation): fc.Arbitrary<string> {
  const segments = path.split('/').map((segment, place, all) => {
    if (!segment.startsWith('{')) return fc.constant(segment);
    const parameter = parameters.find(
      (parameter) => parameter.in === 'path' && `{${parameter.name}}` === segment,
    );
    const known = parameter === undefined ? undefined : exampleValue(document, parameter);
    const schema = parameter?.schema ?? { type: 'string' };
    return mostly(
      fc.oneof(
        ...(known === undefined ? [] : [{ weight: 4, arbitrary: fc.constant(encode(String(known))) }]),
        { weight: 3, arbitrary: fc.nat({ max: 9 }).map((i) => `{{${all[place - 1] ?? ''}:${i}}}`) },
        { weight: 3, arbitrary: fitting(document, schema).map((value) => encode(written(value))) },
      ),
      fc.oneof(hostileText.map(encode), rawSegments),
    );
  });
  return fc.tuple(...segments).map((parts) => parts.join('/'));
}

const rawSegments = fc.constantFrom(
  '..',
  '.',
  '%2e%2e%2f',
  '%2e%2e',
  '..%2f..%2fbystander',
  'a%2fb',
  'a%5cb',
  '%00',
  '%',
  '%zz',
  '%c0%af',
  '%ED%A0%80',
  '%F4%90%80%80',
  'caf%E9',
  'a;b=c',
  'a//b',
  'bystander%00',
  'BYSTANDER',
);

function queryOf(document: ApiDocument, { parameters }: Operation): fc.Arbitrary<string[]> {
  const ofQuery = parameters.filter(({ in: place }) => place === 'query');
  const pairs = ofQuery.map(({ name, required, schema }) => {
    const fits = fc.oneof(
      { weight: 5, arbitrary: fitting(document, schema).map((value) => encode(written(value))) },
      { weight: 1, arbitrary: fc.nat({ max: 9 }).map((i) => `{{${name}:${i}}}`) },
    );
    const value = mostly(
      fits,
      fc.oneof(hostileText.map(encode), rawSegments, fc.constantFrom(...brokenEscapes)),
    );
    const pair = value.map((value) => [`${encode(name)}=${value}`]);
    const twice = fc.tuple(value, value).map((values) => values.map((value) => `${encode(name)}=${value}`));
    const none = fc.constant<string[]>([]);
    // Only one or two of the optional parameters, since not all can be combined.
    return fc.oneof(
      { weight: 10, arbitrary: pair },
      { weight: 1, arbitrary: twice },
      { weight: required ? 1 : 7 * ofQuery.length, arbitrary: none },
    );
  });
  const unknown = fc.oneof(
    fc.tuple(hostileText, hostileText).map((pair) => pair.map(encode).join('=')),
    fc.constantFrom(
      'a',
      '=',
      '=a',
      '&&',
      'a[b]=1',
      'a[]=1',
      '__proto__=1',
      '__proto__[a]=1',
      'constructor=1',
    ),
    fc.constant('a=1&'.repeat(2000)),
    fc.constantFrom(...brokenEscapes),
    fc.constantFrom(...brokenEscapes).map((broken) => `${broken}=1`),
  );
  return fc
    .tuple(
      fc.tuple(...pairs),
      mostly(
        fc.constant<string[]>([]),
        unknown.map((pair) => [pair]),
        15,
      ),
    )
    .map(([known, more]) => [...known.flat(), ...more]);
}

const visible = fc
  .array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff })), {
    maxLength: 40,
  })
  .map((codes) => String.fromCharCode(...codes));

/** Headers that no operation requires. */
const oddHeaders: fc.Arbitrary<[string, string][]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<[string, string]>(['x-huge', 'a'.repeat(17_000)]) },
    {
      weight: 12,
      arbitrary: fc.tuple(
        fc.constantFrom(
          'accept',
          'accept-encoding',
          'authorization',
          'x-api-key',
          'x-request-id',
          'range',
          'if-none-match',
          'if-match',
          'prefer',
          'idempotency-key',
          'origin',
          'cookie',
          'x-forwarded-for',
          'x-http-method-override',
          'traceparent',
          'last-event-id',
          'expect',
        ),
        fc.oneof(
          visible,
          fc.constantFrom('*', 'Bearer', 'Bearer a', 'Basic OjphOg==', 'bytes=0-', 'respond-async, wait=-1'),
          fc.constantFrom('a'.repeat(4000), ';;;,,,', 'application/json;q=0', 'text/html, */*;q=1e999'),
          fc.constantFrom('00-00000000000000000000000000000000-0000000000000000-00', 'null', 'http://a.b'),
        ),
      ),
    },
  ),
  { maxLength: 2 },
);

function headersOf(document: ApiDocument, operation: Operation): fc.Arbitrary<[string, string][]> {
  const declared = operation.parameters
    .filter(({ in: place }) => place === 'header')
    .map(({ name, schema }) => {
      const fits = fitting(document, schema).map((value) => headerValue(written(value)));
      const value = mostly(fits, hostileText.map(headerValue));
      const header = value.map((value): [string, string][] => [[name, value]]);
      return mostly(fc.constant<[string, string][]>([]), header, 2);
    });
  const types = [...new Set([...operation.responses.values()].flatMap(({ mediaTypes }) => mediaTypes))];
  const accept = fc.constantFrom('*/*', ...types).map((type): [string, string][] => [['accept', type]]);
  const none = fc.constant<[string, string][]>([]);
  return fc
    .tuple(fc.tuple(...declared), mostly(none, accept, 1), mostly(none, oddHeaders))
    .map(([known, accepted, odd]) => [...known.flat(), ...accepted, ...odd]);
}

/** The part of a text that a header can contain. */
function headerValue(value: string): string {
  return value.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?').slice(0, 4000);
}

interface Body {
  headers: [string, string][];
  bytes?: Buffer;
}

function bodyOf(document: ApiDocument, { bodies }: Operation): fc.Arbitrary<Body> {
  const none = fc.constant<Body>({ headers: [] });
  const wrong = fc
    .tuple(fc.oneof(fc.constantFrom(...oddTypes), visible), fc.oneof(hostileText, text).map(bytesOf))
    .map(([type, bytes]): Body => ({ headers: [['content-type', type]], bytes }));
  const fits = Object.entries(bodies).map(([type, { schema = {}, example }]) =>
    bodyAs(document, type, schema, example),
  );
  if (fits.length === 0) return mostly(none, wrong);
  const plain = fc.oneof(
    { weight: 16, arbitrary: fc.oneof(...fits) },
    { weight: 2, arbitrary: wrong },
    { weight: 1, arbitrary: none },
  );
  return mostly(plain, plain.chain(encoded), 6);
}

const oddTypes = [
  'application/json; charset=utf-16',
  'application/json;',
  'APPLICATION/JSON',
  'application/json garbage',
  'application/merge-patch+json',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/x-npy',
  'text/plain;charset=latin1',
  'TEXT/PLAIN; charset="UTF-8"; a',
  'text/plain; charset=',
  'text/',
  'text',
  '/',
  ';',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'b'.repeat(300)}`,
  'multipart/mixed; boundary=X',
  'image/png',
];

function bodyAs(document: ApiDocument, type: string, schema: Schema, example: unknown): fc.Arbitrary<Body> {
  if (type === 'multipart/form-data') return formOf(document, schema);
  const typed = (bytes: Buffer): Body => ({ headers: [['content-type', type]], bytes });
  if (/\bjson$/.test(type)) {
    const json = jsonOf(document, schema, example);
    return mostly(json.map(bytesOf), json.chain(otherwiseEncoded), 12).map(typed);
  }
  const upTo = fc.oneof(
    { weight: 6, arbitrary: text.map(bytesOf) },
    { weight: 2, arbitrary: hostileText.map(bytesOf) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: fc.constantFrom('a '.repeat(20_000), '\n'.repeat(5000), '').map(bytesOf) },
  );
  return upTo.map(typed);
}

/** A text in encodings that are not allowed for JSON, some of which look similar. */
function otherwiseEncoded(text: string): fc.Arbitrary<Buffer> {
  const utf16 = Buffer.from(text, 'utf16le');
  const bom = Buffer.of(0xff, 0xfe);
  return fc.constantFrom(
    utf16,
    Buffer.concat([bom, utf16]),
    Buffer.concat([bom, utf16]).swap16(),
    Buffer.from(text.replaceAll(/[^\p{ASCII}]|e/gu, 'é'), 'latin1'),
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`${text}\ufeff`),
    Buffer.concat([Buffer.from(text), Buffer.of(0)]),
  );
}

/** JSON that fits, that has one invalid field, or that is not JSON. */
function jsonOf(document: ApiDocument, schema: Schema, example: unknown): fc.Arbitrary<string> {
  const fits = fitting(document, example === undefined ? schema : { ...document.resolve(schema), example });
  const mutated = fc
    .tuple(fits, fc.nat(), hostileText, hostileJson, fc.constantFrom('replace', 'add', 'drop', 'twice'))
    .map(([value, i, name, hostile, change]) => {
      if (typeof value !== 'object' || value === null) return hostile;
      const keys = Object.keys(value);
      const key = keys[i % Math.max(1, keys.length)] ?? name;
      if (change === 'replace') return { ...value, [key]: hostile };
      if (change === 'add') return { ...value, [name]: hostile };
      if (change === 'drop')
        return Object.fromEntries(Object.entries(value).filter(([field]) => field !== key));
      const fields = [...Object.entries(value), [key, hostile]];
      return new RawJson(`{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${writeJson(inner)}`)}}`);
    });
  const cut = fc.tuple(fits, fc.nat()).map(([value, i]) => {
    const whole = writeJson(value);
    return whole.slice(0, i % (whole.length + 1));
  });
  const malformed = fc.constantFrom(
    '',
    ' ',
    '{',
    '[',
    '"',
    '{"a"',
    "{'a':1}",
    '{"a":01}',
    '\ufeff{}',
    '"\\ud800"',
    'NaN',
  );
  return fc.oneof(
    { weight: 8, arbitrary: fits.map(writeJson) },
    { weight: 5, arbitrary: mutated.map(writeJson) },
    { weight: 1, arbitrary: hostileJson.map(writeJson) },
    { weight: 1, arbitrary: cut },
    { weight: 1, arbitrary: malformed },
  );
}

const boundary = 'fuzzed-boundary';

/** Forms; fields that are lists become files. */
function formOf(document: ApiDocument, schema: Schema): fc.Arbitrary<Body> {
  const { properties = {}, required = [] } = document.resolve(schema);
  const parts = Object.entries(properties).map(([name, field]) => {
    const isFile = document.resolve(field).type === 'array';
    const content = mostly(isFile ? text : fitting(document, field).map(written), hostileText);
    const part = fc.tuple(content, mostly(fc.constant('a.txt'), hostileText)).map(([content, file]) => {
      const disposition = `form-data; name="${name}"${isFile ? `; filename="${file.replaceAll(/["\r\n]/g, '_')}"` : ''}`;
      return `--${boundary}\r\ncontent-disposition: ${disposition}\r\n\r\n${content}\r\n`;
    });
    if (isFile) return fc.array(part, { minLength: required.includes(name) ? 1 : 0, maxLength: 3 });
    return fc.array(part, { maxLength: 1 });
  });
  const end = `--${boundary}--\r\n`;
  return fc
    .record({
      parts: fc.tuple(...parts).map((all) => all.flat()),
      change: mostly(
        fc.constant('none'),
        fc.constantFrom('no end', 'cut', 'last first', 'no boundary', 'bad header', 'empty', 'many'),
        6,
      ),
      cut: fc.nat(),
    })
    .map(({ parts, change, cut }) => {
      let form = parts.join('') + end;
      if (change === 'no end') form = parts.join('');
      if (change === 'cut') form = form.slice(0, cut % form.length);
      if (change === 'last first') form = [...parts].reverse().join('') + end;
      if (change === 'bad header') form = `--${boundary}\r\n\0: ;;\r\nno header\r\n\r\na\r\n${form}`;
      if (change === 'empty') form = '';
      if (change === 'many') form = form.slice(0, -end.length).repeat(200) + end;
      const type =
        change === 'no boundary' ? 'multipart/form-data' : `multipart/form-data; boundary=${boundary}`;
      return { headers: [['content-type', type]], bytes: bytesOf(form) };
    });
}

/** A body with a correct, corrupt or unknown encoding. */
function encoded({ headers, bytes = Buffer.alloc(0) }: Body): fc.Arbitrary<Body> {
  const zipped = gzipSync(bytes);
  const as = (encoding: string, bytes: Buffer): Body => ({
    headers: [...headers, ['content-encoding', encoding]],
    bytes,
  });
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(as('gzip', zipped)) },
    {
      weight: 3,
      arbitrary: fc.nat({ max: zipped.length }).map((length) => as('gzip', zipped.subarray(0, length))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.nat({ max: zipped.length - 1 }), fc.nat({ max: 255 }))
        .map(([at, byte]) =>
          as('gzip', Buffer.concat([zipped.subarray(0, at), Buffer.of(byte), zipped.subarray(at + 1)])),
        ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        as('gzip', bytes),
        as('gzip', gzipSync(zipped)),
        as('gzip', Buffer.concat([zipped, zipped])),
        as('gzip', Buffer.concat([zipped, Buffer.from('garbage')])),
        as('gzip', bomb),
        as('gzip, gzip', gzipSync(zipped)),
        as('br', bytes),
        as('deflate', bytes),
        as('identity', bytes),
        as('x-gzip', zipped),
        as('GZIP', zipped),
        as('', bytes),
        as('*', bytes),
      ),
    },
  );
}

/** Some kilobytes that decompress to 64 million bytes. */
const bomb = gzipSync(Buffer.alloc(2 ** 26, 'a '));

/** UTF-8, except that a lone surrogate is encoded as if it were a character. */
function bytesOf(text: string): Buffer {
  if (!/\p{Surrogate}/u.test(text)) return Buffer.from(text);
  return Buffer.from(decodeURIComponentBytes(encode(text)));
}

function decodeURIComponentBytes(encoded: string): number[] {
  return (encoded.match(/%[0-9a-f]{2}|./g) ?? []).map((part) =>
    part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0),
  );
}
