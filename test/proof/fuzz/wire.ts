import fc from 'fast-check';
import type { ApiDocument } from './document.ts';
import { exampleOf } from './requests.ts';
import { brokenEscapes } from './values.ts';

/**
 * Bytes for a connection, which need not be HTTP, and how the client ends it. With `hold` the client does not end it, so
 * the server must, because an announced body does not arrive.
 */
export interface WireRequest {
  bytes: Buffer;
  ending: 'half-close' | 'wait' | 'break off' | 'hold';
}

/** Bytes that violate HTTP/1.1 or are incomplete, derived from the examples of all operations. */
export function wireRequests(document: ApiDocument): fc.Arbitrary<WireRequest> {
  const examples = document.operations.map((operation) => exampleOf(document, operation));
  const ending = fc.constantFrom<WireRequest['ending']>('half-close', 'half-close', 'wait', 'break off');
  const bytes = fc.constantFrom(...examples).chain(({ method, target, headers, body = Buffer.alloc(0) }) => {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const head = (line: string, more = '') => `${line}\r\nhost: x\r\n${lines}${more}\r\n`;
    const line = `${method} ${target} HTTP/1.1`;
    const length = `content-length: ${body.length}\r\n`;
    const whole = Buffer.concat([Buffer.from(head(line, length)), body]);
    const chunked = 'transfer-encoding: chunked\r\n';
    const size = body.length.toString(16);
    return fc.oneof(
      { weight: 2, arbitrary: fc.constant(whole) },
      { weight: 4, arbitrary: fc.nat({ max: whole.length }).map((cut) => whole.subarray(0, cut)) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.nat({ max: whole.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 9 }))
          .map(([at, junk]) => Buffer.concat([whole.subarray(0, at), junk, whole.subarray(at)])),
      },
      {
        weight: 6,
        arbitrary: fc
          .constantFrom(
            head(line, `content-length: ${body.length + 100}\r\n`) + body,
            head(line, `content-length: ${Math.max(0, body.length - 3)}\r\n`) + body,
            ...['GET', 'HEAD', 'DELETE', 'OPTIONS'].map(
              (other) => head(`${other} ${target} HTTP/1.1`, length) + body,
            ),
            head(line, 'content-length: -1\r\n') + body,
            head(line, 'content-length: 99999999999999999999\r\n') + body,
            head(line, `${length}content-length: 1\r\n`) + body,
            head(line, `${length}${chunked}`) + body,
            `${head(line, chunked)}${size}\r\n${body}\r\n0\r\n\r\n`,
            `${head(line, chunked)}${size}\r\n${body}\r\n`,
            `${head(line, chunked)}zz\r\n${body}`,
            `${head(line, chunked)}ffffffffffffffff\r\n${body}`,
            `${head(line, chunked)}${size};${'a'.repeat(20_000)}\r\n${body}`,
            head(line, 'transfer-encoding: gzip, chunked\r\n') + body,
            head(line, 'transfer-encoding: x\r\n') + body,
            head(line, `${length}expect: 100-continue\r\n`),
            head(line, `${length}expect: nonsense\r\n`) + body,
            head(line, `${length}expect: 100-continue, nonsense\r\n`) + body,
            head(line, `content-length: ${2 ** 40}\r\nexpect: 100-continue\r\n`),
            ...brokenEscapes.map((broken) => head(`${method} ${target}?a=${broken} HTTP/1.1`, length) + body),
            ...brokenEscapes.map((broken) => head(`${method} ${target}/${broken} HTTP/1.1`, length) + body),
            head(line, 'upgrade: websocket\r\nconnection: upgrade\r\n'),
            head(line, 'upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AA\r\n'),
            head(line, 'no colon\r\n'),
            head(line, ': no name\r\n'),
            head(line, 'a\0b: c\r\n'),
            head(line, 'a: b\0c\r\n'),
            head(line, ' folded\r\n'),
            head(line, `x: ${'a'.repeat(20_000)}\r\n`),
            head(line, 'x: a\r\n'.repeat(3000)),
            head(line, 'host: y\r\n'),
            `${line}\r\n\r\n`,
            head(`${method} ${target} HTTP/1.0`, length) + body,
            head(`${method} ${target} HTTP/9.9`),
            head(`${method} ${target}`),
            head(`${method.toLowerCase()} ${target} HTTP/1.1`),
            head(`FOO ${target} HTTP/1.1`),
            head(`${method} http://x${target} HTTP/1.1`, length) + body,
            head(`${method} * HTTP/1.1`),
            head(`${method}  HTTP/1.1`),
            head(`${method} ${target}\0 HTTP/1.1`),
            head(`${method} ${target}/é時 HTTP/1.1`),
            head(`${method} ${target}?${'a'.repeat(20_000)} HTTP/1.1`),
            head(`CONNECT ${target} HTTP/1.1`),
            head('OPTIONS * HTTP/1.1'),
            'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
            '\r\n'.repeat(100) + head(line, length) + body,
            whole.toString('latin1') + whole.toString('latin1'),
            `${whole.toString('latin1')}garbage\r\n\r\n`,
          )
          .map((text) => Buffer.from(text, 'latin1')),
      },
      {
        weight: 1,
        arbitrary: fc
          .oneof(
            fc.uint8Array({ maxLength: 300 }),
            fc.constant(Uint8Array.of(0x16, 3, 1, 0, 0xc8, 1, 0, 0, 0xc4, 3, 3)),
          )
          .map((bytes) => Buffer.from(bytes)),
      },
    );
  });
  const announced = fc
    .tuple(
      fc.constantFrom(...examples),
      fc.constantFrom('GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', undefined, undefined, undefined),
      fc.constantFrom('content-length: 1', 'content-length: 99999', 'transfer-encoding: chunked'),
      fc.constantFrom('', 'connection: close\r\n', 'expect: 100-continue\r\n'),
    )
    .map(([{ method, target, headers }, other, announcement, more]): WireRequest => {
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const line = `${other ?? method} ${target} HTTP/1.1\r\nhost: x`;
      return { bytes: Buffer.from(`${line}\r\n${lines}${announcement}\r\n${more}\r\n`), ending: 'hold' };
    });
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ bytes, ending }) },
    { weight: 1, arbitrary: announced },
  );
}
