import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { NgramdError } from '../../errors.ts';
import { byteOrderMark, hasByteOrderMark } from '../../text/byte-order-mark.ts';
import { findIllFormed } from '../../text/utf8.ts';
import { invalidField } from '../invalid-fields.ts';
import { readContentType } from './content-type.ts';
import { checkValues } from './json-values.ts';
import { findLoneSurrogate } from './lone-surrogates.ts';
import { findRepeatedName } from './repeated-names.ts';

/** The largest JSON body: it is held in memory, and while it is parsed no other request is served. */
export const maxJsonBytes = 4 * 2 ** 20;

/**
 * Reads the JSON bodies of all routes: in UTF-8 (a byte order mark at the beginning is skipped), with each name of an
 * object once, no half of a surrogate pair, and a limited number of values. Others get `invalid-request`, and other
 * charsets `unsupported-media-type`.
 */
export function acceptJson(app: FastifyInstance): void {
  // It refuses the names that change the prototype of a JavaScript object.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      const type = request.headers['content-type'] as string;
      if (type !== 'application/json') readContentType(type);
      checkBytes(body);
      checkValues(body);
      const text = body.toString('utf8', hasByteOrderMark(body) ? byteOrderMark.length : 0);
      let parsed: { value: unknown } | undefined;
      // Fastify's parser calls back before it returns.
      void parse(request, text, (error, value) => {
        if (error === null) parsed = { value };
      });
      if (parsed === undefined) throw malformed(text);
      checkNamesAndStrings(text, body, parsed.value);
      done(null, parsed.value);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Lets the routes of this scope accept JSON only, and refuse everything else with a problem that says so. */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', ({ mediaType = 'A body without a content type' }, _payload, done) =>
    done(
      new NgramdError('unsupported-media-type', `${mediaType} is not accepted here. Send application/json.`),
    ),
  );
}

/** Throws `invalid-request` if a body is empty or not UTF-8. */
function checkBytes(body: Buffer): void {
  if (body.length === 0) throw invalidField('/body', 'The body is empty: JSON was expected.');
  if (startsWith(body, 0x1f, 0x8b)) {
    throw invalidField('/body', 'The body looks like gzip: say so with Content-Encoding: gzip.');
  }
  // JSON begins with ASCII, so in every other encoding of Unicode one of its first bytes is NUL.
  const isUtf16 =
    startsWith(body, 0xff, 0xfe) || startsWith(body, 0xfe, 0xff) || body.subarray(0, 4).includes(0);
  if (isUtf16) {
    throw invalidField('/body', 'The body looks like UTF-16 or UTF-32, but JSON must be UTF-8.');
  }
  if (isUtf8(body)) return;
  throw invalidField(
    '/body',
    `The body is not valid UTF-8 at byte offset ${findIllFormed(body)}. JSON must be UTF-8: convert it first, for example with iconv.`,
  );
}

function malformed(text: string): NgramdError {
  try {
    JSON.parse(text);
  } catch (error) {
    return invalidField('/body', `The body is not JSON: ${(error as Error).message}.`);
  }
  return invalidField(
    '/body',
    'The body has a name that is not allowed: `__proto__`, or `constructor` with a `prototype`.',
  );
}

function checkNamesAndStrings(text: string, body: Buffer, value: unknown): void {
  const repeated = findRepeatedName(text, body, value);
  if (repeated !== undefined) {
    throw invalidField(`/body${repeated}`, `The field /body${repeated} is given twice.`);
  }
  const broken = findLoneSurrogate(body, value);
  if (broken === undefined) return;
  throw invalidField(
    `/body${broken}`,
    `The string /body${broken} has half of a surrogate pair, such as \\ud800 alone, which is not a character.`,
  );
}

function startsWith(body: Buffer, ...bytes: number[]): boolean {
  return bytes.every((byte, i) => body[i] === byte);
}
