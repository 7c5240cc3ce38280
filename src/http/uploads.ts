import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { NgramdError } from '../errors.ts';
import type { Text } from '../ingest/ingest.ts';
import { unsupportedText } from './problem.ts';
import { checkFields, invalidField } from './validation.ts';

/** The largest JSON body, which is held in memory whole. */
const maxJsonBytes = 16 * 2 ** 20;

/** The most texts of a form, the most fields before them, and the longest value of a field in bytes. */
const maxFiles = 10_000;
const maxFields = 100;
const maxFieldBytes = 1000;

/**
 * Lets the routes of this scope take texts: as a stream (`text/plain`, `application/octet-stream` or no content type),
 * in JSON, both also with `Content-Encoding: gzip`, and as `multipart/form-data`.
 */
export async function acceptTexts(app: FastifyInstance, maxUploadBytes: number): Promise<void> {
  await app.register(multipart, {
    limits: {
      fileSize: Number.POSITIVE_INFINITY,
      files: maxFiles,
      fields: maxFields,
      parts: maxFiles + maxFields,
      fieldSize: maxFieldBytes,
      headerPairs: 20,
    },
  });
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('*', (request, payload, done) => {
    try {
      checkMediaType(request.headers['content-type']);
      done(null, payload);
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (Number(request.headers['content-length']) > maxUploadBytes) throw tooLarge(maxUploadBytes);
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return payload;
    if (encoding !== 'gzip') {
      throw new NgramdError(
        'unsupported-media-type',
        `Content-Encoding ${encoding} is not known here; gzip is.`,
      );
    }
    if (request.headers['content-type']?.startsWith('multipart/')) {
      throw new NgramdError(
        'unsupported-media-type',
        'A form is not taken compressed: send the text itself, or JSON, with Content-Encoding: gzip.',
      );
    }
    // Fastify compares the header content-length with this.
    const text = Object.assign(createGunzip(), { receivedEncodedLength: 0 });
    payload.on('data', (chunk) => {
      text.receivedEncodedLength += chunk.length;
    });
    payload.on('error', (error) => text.destroy(error));
    // Who reads meets the error too; where the request is refused unread, nobody else listens.
    text.on('error', () => {});
    return payload.pipe(text);
  });
  app.addHook('onRoute', (route) => {
    route.bodyLimit = Math.min(maxJsonBytes, maxUploadBytes);
  });
}

function checkMediaType(contentType: string | undefined): void {
  const [type, ...parameters] = (contentType ?? 'text/plain').toLowerCase().split(';');
  if (type === 'application/x-www-form-urlencoded') {
    throw unsupportedText(
      'application/x-www-form-urlencoded (what curl -d sends, without the line ends) is not a text.',
    );
  }
  if (type !== 'text/plain' && type !== 'application/octet-stream')
    throw unsupportedText(`${type} is not a text.`);
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.trim().split('=');
    const charset = value.replaceAll('"', '');
    if (name === 'charset' && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
      throw new NgramdError(
        'unsupported-media-type',
        `The charset ${charset} is not known here: send UTF-8.`,
      );
    }
  }
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
  if (request.isMultipart()) return readMultipart(request, schema, maxBytes);
  const { body } = request;
  if (body instanceof Readable) {
    const text = { body: limited(body, maxBytes) };
    const length = body === request.raw ? request.headers['content-length'] : undefined;
    return {
      fields: query as Fields,
      texts: one(length === undefined ? text : { ...text, bytes: Number(length) }),
    };
  }
  if (body === undefined || body === null) {
    throw new NgramdError('empty-text', 'The request has no body: there is no text to count.');
  }
  const { text, ...fields } = body as { text?: string };
  const bytes = Buffer.from(text ?? '');
  const texts = text === undefined ? none() : one({ body: Readable.from([bytes]), bytes: bytes.length });
  return { fields: { ...query, ...fields } as Fields, texts };
}

async function readMultipart<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
): Promise<Upload<Fields>> {
  const parts = readable(request.parts());
  const fields: Record<string, unknown> = {};
  for (;;) {
    const { value: part, done } = await parts.next();
    if (done) {
      throw invalidField(
        '/body/file',
        'The form has no part `file`: add the text with curl -F file=@book.txt.',
      );
    }
    if (part.type === 'field') {
      if (part.valueTruncated) {
        throw new NgramdError(
          'content-too-large',
          `The field ${part.fieldname} has more than ${maxFieldBytes} bytes: send texts as files.`,
        );
      }
      fields[part.fieldname] = part.value;
      continue;
    }
    const merged = { ...(request.query as object), ...fields };
    return {
      fields: checkFields<Fields>(schema, '/body', merged),
      texts: files(part, parts, maxBytes),
    };
  }
}

/** The texts of a form from its first file on. */
async function* files(
  first: MultipartFile,
  parts: AsyncIterable<Multipart>,
  maxBytes: number,
): AsyncIterable<Text> {
  let left = maxBytes;
  const counted = async function* (file: AsyncIterable<Uint8Array>) {
    for await (const chunk of limited(readable(file), maxBytes, left)) {
      left -= chunk.length;
      yield chunk;
    }
  };
  yield { body: counted(first.file) };
  for await (const next of parts) {
    if (next.type === 'field') {
      throw invalidField(
        `/body/${next.fieldname}`,
        `The field ${next.fieldname} came after a file: put all fields before the first file.`,
      );
    }
    yield { body: counted(next.file) };
  }
}

/** The same parts or bytes of a form; where the form is malformed it throws `invalid-request`. */
async function* readable<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, undefined> {
  try {
    yield* items;
  } catch (error) {
    const { code, statusCode, message } = error as FastifyError;
    if (error instanceof NgramdError || code === 'ECONNRESET') throw error;
    if (statusCode === 413) {
      throw new NgramdError(
        'content-too-large',
        `A form has at most ${maxFiles} files and ${maxFields} fields before them.`,
      );
    }
    throw new NgramdError('invalid-request', `The form cannot be read: ${message}.`);
  }
  return undefined;
}

async function* one(text: Text): AsyncIterable<Text> {
  yield text;
}

async function* none(): AsyncIterable<Text> {}

/**
 * Passes on a text of at most `left` bytes. Throws `content-too-large`, which names `maxBytes`. A request's body that is
 * not read to its end is left open: what is still coming must be skipped before the client can read the answer.
 */
export async function* limited(
  text: AsyncIterable<Uint8Array>,
  maxBytes: number,
  left = maxBytes,
): AsyncIterable<Uint8Array> {
  const chunks = text instanceof Readable ? text.iterator({ destroyOnReturn: false }) : text;
  let passed = 0;
  for await (const chunk of chunks) {
    passed += chunk.length;
    if (passed > left) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function tooLarge(maxBytes: number): NgramdError {
  return new NgramdError(
    'content-too-large',
    `The upload is larger than ${maxBytes} bytes, the limit of this server (MAX_UPLOAD_BYTES).`,
  );
}
