import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import multipart from '@fastify/multipart';
import type { TSchema } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NgramdError } from '../errors.ts';
import type { Text } from '../ingest/ingest.ts';
import { unsupportedText } from './problem.ts';
import { checkFields, invalidField } from './validation.ts';

/** The largest JSON body, which is held in memory whole. */
const maxJsonBytes = 16 * 2 ** 20;

/**
 * Lets the routes of this scope take texts: as a stream (`text/plain`, `application/octet-stream` or no content type),
 * as `multipart/form-data` and in JSON, each also with `Content-Encoding: gzip`.
 */
export async function acceptTexts(app: FastifyInstance, maxUploadBytes: number): Promise<void> {
  await app.register(multipart, {
    limits: { fileSize: Number.POSITIVE_INFINITY, files: 10_000, fields: 100 },
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
    delete request.headers['content-length'];
    return pipeline(payload, createGunzip(), () => {});
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
    return { fields: query as Fields, texts: one({ body: limited(body, maxBytes) }) };
  }
  if (body === undefined || body === null) {
    throw new NgramdError('empty-text', 'The request has no body: there is no text to count.');
  }
  const { text, ...fields } = body as { text?: string };
  const texts = text === undefined ? none() : one({ body: Readable.from([Buffer.from(text)]) });
  return { fields: { ...query, ...fields } as Fields, texts };
}

async function readMultipart<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
): Promise<Upload<Fields>> {
  const parts = request.parts();
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
      fields[part.fieldname] = part.value;
      continue;
    }
    const merged = { ...(request.query as object), ...fields };
    const files = async function* (): AsyncIterable<Text> {
      let left = maxBytes;
      const counted = async function* (file: AsyncIterable<Uint8Array>) {
        for await (const chunk of limited(file, maxBytes, left)) {
          left -= chunk.length;
          yield chunk;
        }
      };
      yield { body: counted(part.file) };
      for await (const next of parts) {
        if (next.type === 'field') {
          throw invalidField(
            `/body/${next.fieldname}`,
            `The field ${next.fieldname} came after a file: put all fields before the first file.`,
          );
        }
        yield { body: counted(next.file) };
      }
    };
    return { fields: checkFields<Fields>(schema, '/body', merged), texts: files() };
  }
}

async function* one(text: Text): AsyncIterable<Text> {
  yield text;
}

async function* none(): AsyncIterable<Text> {}

/** Passes on a text of at most `left` bytes. Throws `content-too-large`, which names `maxBytes`. */
async function* limited(
  text: AsyncIterable<Uint8Array>,
  maxBytes: number,
  left = maxBytes,
): AsyncIterable<Uint8Array> {
  let passed = 0;
  for await (const chunk of text) {
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
