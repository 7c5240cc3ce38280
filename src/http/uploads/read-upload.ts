import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { Text } from '../../ingest/ingest.ts';
import { isDeclaredGzip, isNdjson } from '../bodies/texts.ts';
import { checkGivenOnce } from '../query.ts';
import { checkFields } from '../validation.ts';
import { type SentText, withDocumentFields } from './documents.ts';
import { readForm } from './form.ts';
import { partOf } from './settings.ts';
import { atPlace, textFrom, upTo } from './text.ts';
import { type WordList, wordListOf } from './word-list.ts';

/** The fields of an upload, its list of words if it has one, and its texts, which must be consumed in order. */
export interface Upload<Fields> {
  fields: Fields;
  wordList?: WordList | undefined;
  texts: AsyncIterable<Text>;
}

/**
 * Reads the fields of an upload, from the query and from the body, up to its first text.
 * `schema` is that of the fields, and closed; with `mayHaveWordList`, a field `vocabulary` of the body is a list of words.
 * Throws `invalid-request` for invalid fields and `content-too-large`, from `texts`, after `maxBytes`.
 */
export async function readUpload<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
  { mayHaveWordList = false } = {},
): Promise<Upload<Fields>> {
  const { texts, ...upload } = await readSent<Fields>(request, schema, maxBytes, mayHaveWordList);
  const named = (field: string) => partOf(request, field);
  return { ...upload, texts: withDocumentFields(texts, upload.fields as object, named) };
}

async function readSent<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
  mayHaveWordList: boolean,
): Promise<Upload<Fields> & { texts: AsyncIterable<SentText> }> {
  const query = request.query as object;
  const { body } = request;
  if (body === undefined || body === null) {
    throw new NgramdError('empty-text', 'The request has no body: there is no text to count.');
  }
  if (!(body instanceof Readable)) {
    const { text, vocabulary, ...fields } = body as { text?: string; vocabulary?: string[] };
    const texts = text === undefined ? none() : one(textOfJson(text, maxBytes));
    const wordList = vocabulary && wordListOf(vocabulary);
    return { fields: { ...query, ...fields } as Fields, wordList, texts };
  }
  if (request.mediaType === 'multipart/form-data') {
    const contentType = request.headers['content-type'] as string;
    const { fields, ...content } = await readForm(body, contentType, maxBytes, mayHaveWordList);
    checkGivenOnce(request, fields);
    return { fields: checkFields<Fields>(schema, '/body', { ...query, ...fields }), ...content };
  }
  const text = textFrom(
    body,
    { ...upTo(maxBytes), isGzip: isDeclaredGzip(request), isLines: isNdjson(request) },
    atPlace('/body'),
    body === request.raw ? request.headers['content-length'] : undefined,
  );
  return { fields: query as Fields, texts: one(text) };
}

function textOfJson(text: string, maxBytes: number): SentText {
  const bytes = Buffer.from(text);
  const options = { ...upTo(maxBytes), mayBeJson: true };
  return textFrom(Readable.from([bytes]), options, atPlace('/body/text'), bytes.length);
}

async function* one(text: SentText): AsyncIterable<SentText> {
  yield text;
}

async function* none(): AsyncIterable<SentText> {}
