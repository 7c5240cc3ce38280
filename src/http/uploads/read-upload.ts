import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { NgramdError } from '../../errors.ts';
import type { SharedTokenizerJson, Text } from '../../ingest/ingest.ts';
import { arpaType, countsType, isDeclaredGzip, isNdjson } from '../bodies/texts.ts';
import { checkGivenOnce } from '../query.ts';
import { checkFields } from '../validation.ts';
import { type SentText, withDocumentFields } from './documents.ts';
import { readForm } from './form.ts';
import { partOf } from './settings.ts';
import { arpaMakesCorpus, atPlace, textFrom, upTo } from './text.ts';
import { type WordList, wordListOf } from './word-list.ts';

/** The fields of an upload, its list of words if it has one, and its texts, which must be consumed in order. */
export interface Upload<Fields> {
  fields: Fields;
  wordList?: WordList | undefined;
  /** The tokenizer.json by which a corpus is to be tokenized, if there is one. */
  tokenizer?: SharedTokenizerJson | undefined;
  texts: AsyncIterable<Text>;
  /** The names of the fields that the request has; the others have their defaults. */
  given: readonly string[];
  /** Whether the first text is counts of n-grams. */
  isOfCounts: boolean;
}

/**
 * Reads the fields of an upload, from the query and from the body, up to its first text. `schema` is that of the
 * fields, and closed. If it creates a corpus, a field `vocabulary` of the body is a list of words, and a text may be an
 * ARPA file. Throws `invalid-request` for invalid fields and `content-too-large`, from `texts`, after `maxBytes`.
 */
export async function readUpload<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
  { createsCorpus = false } = {},
): Promise<Upload<Fields>> {
  const { texts, ...upload } = await readSent<Fields>(request, schema, maxBytes, createsCorpus);
  const named = (field: string) => partOf(request, field);
  return { ...upload, texts: withDocumentFields(texts, upload.fields as object, named) };
}

async function readSent<Fields>(
  request: FastifyRequest,
  schema: TSchema,
  maxBytes: number,
  createsCorpus: boolean,
): Promise<Upload<Fields> & { texts: AsyncIterable<SentText> }> {
  const query = request.query as object;
  const { body } = request;
  const inQuery = [...new URLSearchParams(request.url.split('?')[1]).keys()];
  if (body === undefined || body === null) {
    throw new NgramdError('empty-text', 'The request has no body: there is no text to count.');
  }
  if (!(body instanceof Readable)) {
    const { text, vocabulary, ...fields } = body as { text?: string; vocabulary?: string[] };
    const texts = text === undefined ? none() : one(textOfJson(text, maxBytes));
    const wordList = vocabulary && wordListOf(vocabulary);
    const given = [
      ...inQuery,
      ...Object.keys(fields),
      ...(wordList === undefined ? [] : ['vocabulary']),
      ...(text === undefined ? [] : ['text']),
    ];
    return { fields: { ...query, ...fields } as Fields, wordList, texts, given, isOfCounts: false };
  }
  if (request.mediaType === 'multipart/form-data') {
    const contentType = request.headers['content-type'] as string;
    const { fields, ...content } = await readForm(body, contentType, maxBytes, createsCorpus);
    checkGivenOnce(request, fields);
    const inForm = [...Object.keys(fields), ...(content.wordList === undefined ? [] : ['vocabulary'])];
    const checked = checkFields<Fields>(schema, '/body', { ...query, ...fields });
    return { fields: checked, ...content, given: [...inQuery, ...inForm] };
  }
  const isArpa = request.mediaType === arpaType;
  if (isArpa && !createsCorpus) throw arpaMakesCorpus();
  const isOfCounts = request.mediaType === countsType;
  const text = textFrom(
    body,
    {
      ...upTo(maxBytes),
      isOfCounts,
      isGzip: isDeclaredGzip(request),
      isLines: isNdjson(request),
      mayBeArpa: createsCorpus && !isOfCounts,
      isDeclaredArpa: isArpa,
    },
    atPlace('/body'),
    body === request.raw ? request.headers['content-length'] : undefined,
  );
  return { fields: query as Fields, texts: one(text), given: inQuery, isOfCounts };
}

function textOfJson(text: string, maxBytes: number): SentText {
  const bytes = Buffer.from(text);
  const options = { ...upTo(maxBytes), mayBeJson: true, mayHaveArpaWithin: true };
  return textFrom(Readable.from([bytes]), options, atPlace('/body/text'), bytes.length);
}

async function* one(text: SentText): AsyncIterable<SentText> {
  yield text;
}

async function* none(): AsyncIterable<SentText> {}
