import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { NgramdError } from '../errors.ts';
import type { Text } from '../ingest/ingest.ts';
import { gzipLayers } from './bodies/content-encoding.ts';
import { checkCharset, readContentType } from './bodies/content-type.ts';
import { unsupportedText, uploadTooLarge } from './bodies/errors.ts';
import { type FormPart, formParts } from './bodies/form.ts';
import { limited } from './bodies/limited.ts';
import { openText, readText, type TextOptions } from './bodies/text.ts';
import { pointerTo } from './pointer.ts';
import { checkFields, invalidField } from './validation.ts';

/** The largest JSON body, which is held in memory whole. */
const maxJsonBytes = 4 * 2 ** 20;

/** The most texts of a form, the most fields before them, and the longest value of a field in bytes. */
const maxTexts = 10_000;
const maxFields = 100;
const maxFieldBytes = 1000;

/** What a scope's routes take beside texts. */
export interface AcceptedTexts {
  maxUploadBytes: number;
  forms: boolean;
}

/**
 * Lets the routes of this scope take texts: as a stream (`text/plain`, `application/octet-stream`, `application/gzip` or
 * no content type), in JSON and, with `forms`, as `multipart/form-data`.
 */
export function acceptTexts(app: FastifyInstance, { maxUploadBytes, forms }: AcceptedTexts): void {
  const types = new Set(['text/plain', 'application/octet-stream', ...gzipTypes]);
  if (forms) types.add('multipart/form-data');
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', (request, payload, done) => {
    try {
      const { essence } = readContentType(request.headers['content-type'] ?? 'text/plain');
      if (!types.has(essence)) throw unsupportedText(essence, forms);
      done(null, payload);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (Number(request.headers['content-length']) > maxUploadBytes) throw uploadTooLarge(maxUploadBytes);
    return payload;
  });
  app.addHook('onRoute', (route) => {
    route.bodyLimit = Math.min(route.bodyLimit ?? maxJsonBytes, maxUploadBytes);
  });
}

const gzipTypes = ['application/gzip', 'application/x-gzip'];

/**
 * The text that is a request's body, as it comes in: at most `most` bytes of it, or `tooLarge` is thrown. Throws
 * `invalid-text` as `readText` does.
 */
export function textOfBody(
  request: FastifyRequest,
  most: number,
  tooLarge: () => NgramdError = () => uploadTooLarge(most),
): AsyncIterable<Uint8Array> {
  return readText(request.body as Readable, { most, tooLarge, isGzip: isSaidToBeGzip(request) });
}

/** Who says it as an encoding too means it once: a file that was compressed twice is seen to be. */
function isSaidToBeGzip({ headers, mediaType }: FastifyRequest): boolean {
  return headers['content-encoding'] === undefined && gzipTypes.includes(mediaType ?? '');
}

function upTo(maxBytes: number, most = maxBytes): Pick<TextOptions, 'most' | 'tooLarge'> {
  return { most, tooLarge: () => uploadTooLarge(maxBytes) };
}

/** What came with an upload: its fields and the texts, which must be consumed in order. */
export interface Upload<Fields> {
  fields: Fields;
  texts: AsyncIterable<Text>;
}

/**
 * Reads the fields of an upload, from the query and from the body, where they win, up to its first text.
 * `schema` is of the fields and closed. Throws `invalid-request` for wrong fields and `content-too-large`, from
 * `texts`, after `maxBytes`.
 */
export async function readUpload<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
): Promise<Upload<Fields>> {
  const query = request.query as object;
  const { body } = request;
  if (body === undefined || body === null) {
    throw new NgramdError('empty-text', 'The request has no body: there is no text to count.');
  }
  if (!(body instanceof Readable)) {
    const { text, ...fields } = body as { text?: string };
    const texts = text === undefined ? none() : one(textOfJson(text, maxBytes));
    return { fields: { ...query, ...fields } as Fields, texts };
  }
  if (request.mediaType === 'multipart/form-data') return readForm(request, body, schema, maxBytes);
  const text = textFrom(
    body,
    { ...upTo(maxBytes), isGzip: isSaidToBeGzip(request) },
    atPlace('/body'),
    body === request.raw ? request.headers['content-length'] : undefined,
  );
  return { fields: query as Fields, texts: one(text) };
}

function textOfJson(text: string, maxBytes: number): Text {
  const bytes = Buffer.from(text);
  return textFrom(Readable.from([bytes]), upTo(maxBytes), atPlace('/body/text'), bytes.length);
}

/** A text that is read when it is asked for, and of `length` bytes unless it turns out to be compressed. */
function textFrom(
  sent: AsyncIterable<Uint8Array>,
  options: TextOptions,
  about: Text['about'],
  length?: number | string,
): Text {
  const read = async function* () {
    const { body, wasGzip } = await openText(sent, options);
    if (wasGzip) text.bytes = undefined;
    yield* body;
  };
  const text: Text = { body: read(), about, bytes: length === undefined ? undefined : Number(length) };
  return text;
}

/** Adds a pointer to the text, and a beginning of the sentence if it needs one, to an error about a text. */
function atPlace(pointer: string, subject?: string): Text['about'] {
  return (error) => {
    const isAboutText =
      error instanceof NgramdError && (error.code === 'invalid-text' || error.code === 'empty-text');
    if (!isAboutText) return error;
    const { code, message } = error;
    const detail = subject === undefined ? message : `${subject}: ${message}`;
    return new NgramdError(code, detail, [{ pointer, detail: message }]);
  };
}

async function readForm<Fields>(
  request: FastifyRequest,
  body: Readable,
  schema: TSchema,
  maxBytes: number,
): Promise<Upload<Fields>> {
  const boundary = readContentType(request.headers['content-type'] as string).params.get('boundary');
  if (!boundary) {
    throw new NgramdError('invalid-request', 'The form cannot be read: its content type has no boundary.');
  }
  const parts = formParts(
    limited(body, maxBytes, () => uploadTooLarge(maxBytes)),
    boundary,
  );
  const fields = new Map<string, string>();
  for (;;) {
    const { value: part, done } = await parts.next();
    if (done === true) {
      throw invalidField(
        '/body/file',
        'The form has no part `file`: add the text with curl -F file=@book.txt.',
      );
    }
    if (isText(part)) {
      const merged = { ...(request.query as object), ...Object.fromEntries(fields) };
      return {
        fields: checkFields<Fields>(schema, '/body', merged),
        texts: textsOfForm(part, parts, maxBytes),
      };
    }
    await readField(part, fields);
  }
}

/** Whether a part of a form is a text: a file under any name, or what is named `file`. */
function isText({ name, filename }: FormPart): boolean {
  return filename !== undefined || name === 'file';
}

/**
 * Reads a field. `_charset_` is none of ours: with it a client says what the others are encoded in (RFC 7578, 4.6). Throws
 * `invalid-request` where there was one of that name before, or where it is not UTF-8.
 */
async function readField(part: FormPart, fields: Map<string, string>): Promise<void> {
  const { name } = part;
  const pointer = pointerTo(['body', name]);
  checkPart(part, `The field ${name}`, pointer);
  if (fields.has(name)) throw invalidField(pointer, `The field ${name} is given twice.`);
  if (fields.size === maxFields) throw tooManyParts();
  const tooLong = () =>
    new NgramdError(
      'content-too-large',
      `The field ${name} has more than ${maxFieldBytes} bytes. A text is a file, or a field named file.`,
    );
  const value = await buffer(limited(part.body, maxFieldBytes, tooLong));
  if (!isUtf8(value)) throw invalidField(pointer, `The field ${name} is not valid UTF-8.`);
  if (name === '_charset_') checkCharset(value.toString(), 'The form');
  else fields.set(name, value.toString());
}

/** Says whether a part of a form is gzip. Throws `unsupported-media-type` where it is not UTF-8, or not sent as it is. */
function checkPart({ headers }: FormPart, subject: string, pointer: string): { isGzip: boolean } {
  try {
    const { essence } = readContentType(headers.get('content-type') ?? 'text/plain', subject);
    if (essence.startsWith('multipart/')) {
      throw new NgramdError('unsupported-media-type', `${subject} is ${essence} and must be a text.`);
    }
    const layers = gzipLayers(headers.get('content-encoding') ?? '', subject);
    const transfer = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
    if (!['7bit', '8bit', 'binary'].includes(transfer)) {
      throw new NgramdError(
        'unsupported-media-type',
        `${subject} has the Content-Transfer-Encoding ${transfer} and must be sent as it is.`,
      );
    }
    return { isGzip: layers > 0 || gzipTypes.includes(essence) };
  } catch (error) {
    if (!(error instanceof NgramdError)) throw error;
    const { code, message } = error;
    throw new NgramdError(code, message, [{ pointer, detail: message }]);
  }
}

/** The texts of a form from its first on. */
async function* textsOfForm(
  first: FormPart,
  parts: AsyncIterable<FormPart>,
  maxBytes: number,
): AsyncIterable<Text> {
  let texts = 0;
  let leftBytes = maxBytes;
  const counted = async function* (body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      leftBytes -= chunk.length;
      yield chunk;
    }
  };
  const numbers = new Map<string, number>();
  const textOf = (part: FormPart): Text => {
    const number = numbers.get(part.name) ?? 0;
    numbers.set(part.name, number + 1);
    texts++;
    const pointer = pointerTo(['body', part.name, number]);
    const subject = part.filename ? `The file ${part.filename}` : `Text ${texts} of the form`;
    const options = { ...upTo(maxBytes, leftBytes), ...checkPart(part, subject, pointer) };
    const text = textFrom(part.body, options, atPlace(pointer, subject));
    return { ...text, body: counted(text.body) };
  };
  yield textOf(first);
  for await (const next of parts) {
    if (!isText(next)) {
      throw invalidField(
        pointerTo(['body', next.name]),
        `The field ${next.name} came after a file: put all fields before the first file.`,
      );
    }
    if (texts === maxTexts) throw tooManyParts();
    yield textOf(next);
  }
}

function tooManyParts(): NgramdError {
  return new NgramdError(
    'content-too-large',
    `A form has at most ${maxTexts} files and ${maxFields} fields before them.`,
  );
}

async function* one(text: Text): AsyncIterable<Text> {
  yield text;
}

async function* none(): AsyncIterable<Text> {}
