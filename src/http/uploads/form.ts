import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { NgramdError } from '../../errors.ts';
import type { SharedTokenizerJson } from '../../ingest/ingest.ts';
import { maxTokenizerBytes } from '../../text/tokenizer-json/tokenizer-file.ts';
import { gzipLayers } from '../bodies/content-encoding.ts';
import { checkCharset, readContentType } from '../bodies/content-type.ts';
import { uploadTooLarge } from '../bodies/errors.ts';
import { type FormPart, formParts } from '../bodies/form.ts';
import { limited } from '../bodies/limited.ts';
import { arpaType, countsType, gzipTypes, ndjsonTypes } from '../bodies/texts.ts';
import { invalidField } from '../invalid-fields.ts';
import { pointerTo } from '../pointer.ts';
import type { SentText } from './documents.ts';
import { arpaMakesCorpus, atPlace, type TextKind, textFrom, upTo } from './text.ts';
import { readTokenizerJson, tokenizerTooLarge } from './tokenizer-json.ts';
import { maxWordListBytes, readWordList, type WordList, wordListTooLarge } from './word-list.ts';

/** The most texts of a form, the most fields before them, and the longest value of a field in bytes. */
const maxTexts = 10_000;
const maxFields = 100;
const maxFieldBytes = 1000;

/**
 * The fields of a form, its list of words and its tokenizer.json if it has these, and its texts, which must be consumed
 * in order.
 */
export interface UploadForm {
  fields: Record<string, string>;
  wordList: WordList | undefined;
  tokenizer: SharedTokenizerJson | undefined;
  texts: AsyncIterable<SentText>;
  /** Whether the first text is counts of n-grams. */
  isOfCounts: boolean;
}

/**
 * Reads a form up to its first text. If it creates a corpus, its part `vocabulary` is a list of words, a file
 * `tokenizer` is a tokenizer.json, and its text may be an ARPA file. Throws `invalid-request` for a form without a
 * text, and `content-too-large`, also from `texts`, after `maxBytes`.
 */
export async function readForm(
  body: Readable,
  contentType: string,
  maxBytes: number,
  createsCorpus: boolean,
): Promise<UploadForm> {
  const parts = formParts(
    limited(body, maxBytes, () => uploadTooLarge(maxBytes)),
    boundaryOf(contentType),
  );
  const fields = new Map<string, string>();
  let wordList: WordList | undefined;
  let tokenizer: SharedTokenizerJson | undefined;
  for (;;) {
    const { value: part, done } = await parts.next();
    if (done === true) {
      throw invalidField(
        '/body/file',
        'The form has no part `file`: add the text with curl -F file=@book.txt.',
      );
    }
    if (isVocabulary(part, createsCorpus)) {
      if (wordList !== undefined) throw invalidField('/body/vocabulary', 'The vocabulary is given twice.');
      wordList = await readVocabulary(part);
    } else if (isTokenizer(part)) {
      if (!createsCorpus) throw hasTokenizer();
      if (tokenizer !== undefined) throw invalidField('/body/tokenizer', 'The tokenizer is given twice.');
      tokenizer = await readTokenizer(part);
    } else if (isText(part)) {
      const { essence } = readContentType(part.headers.get('content-type') ?? 'text/plain');
      return {
        fields: Object.fromEntries(fields),
        wordList,
        tokenizer,
        texts: textsOfForm(part, parts, maxBytes, createsCorpus),
        isOfCounts: essence === countsType,
      };
    } else await readField(part, fields);
  }
}

/** What separates the parts of a form of this content type. Throws `invalid-request` if it does not say. */
export function boundaryOf(contentType: string): string {
  const boundary = readContentType(contentType).params.get('boundary');
  if (boundary) return boundary;
  throw new NgramdError('invalid-request', 'The form cannot be read: its content type has no boundary.');
}

/** Whether a part of a form is a text: a file under any name, or what is named `file`. */
function isText({ name, filename }: FormPart): boolean {
  return filename !== undefined || name === 'file';
}

/** Whether a part of a form that creates a corpus is a list of words. */
function isVocabulary({ name }: FormPart, createsCorpus: boolean): boolean {
  return createsCorpus && name === 'vocabulary';
}

/** Whether a part of a form is a tokenizer.json, and not the name of a tokenizer. */
function isTokenizer({ name, filename }: FormPart): boolean {
  return name === 'tokenizer' && filename !== undefined;
}

function hasTokenizer(): NgramdError {
  return invalidField(
    '/body/tokenizer',
    'A corpus has the tokenizer that it was created with: leave the file out, or create another corpus with it.',
  );
}

/** Reads the tokenizer.json in a part of a form. Throws the errors of its encoding, and `content-too-large`. */
async function readTokenizer(part: FormPart): Promise<SharedTokenizerJson> {
  const pointer = '/body/tokenizer';
  const limits = { most: maxTokenizerBytes, tooLarge: tokenizerTooLarge };
  const { body, about } = textFrom(
    part.body,
    {
      ...limits,
      ...checkPart(part, 'The tokenizer.json', pointer),
      mayBeJson: true,
      mayHaveArpaWithin: true,
    },
    atPlace(pointer, 'The tokenizer.json'),
  );
  try {
    return await readTokenizerJson(body);
  } catch (error) {
    throw about(error);
  }
}

/** Reads the list of words in a part of a form. Throws the errors of its encoding, and `content-too-large`. */
export async function readVocabulary(part: FormPart): Promise<WordList> {
  const pointer = '/body/vocabulary';
  const limits = { most: maxWordListBytes, tooLarge: wordListTooLarge };
  const { body, about } = textFrom(
    part.body,
    { ...limits, ...checkPart(part, 'The vocabulary', pointer) },
    atPlace(pointer, 'The vocabulary'),
  );
  try {
    return await readWordList(body);
  } catch (error) {
    throw about(error);
  }
}

/**
 * Reads a field. `_charset_` is not a field of the upload: it declares the encoding of the others (RFC 7578, 4.6).
 * Throws `invalid-request` for a field that is given twice or is not UTF-8.
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

/** What a part of a form is. Throws `unsupported-media-type` if it is not UTF-8, or has a transfer encoding. */
function checkPart({ headers }: FormPart, subject: string, pointer: string): TextKind {
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
    return {
      isGzip: layers > 0 || gzipTypes.includes(essence),
      isLines: ndjsonTypes.includes(essence),
      isOfCounts: essence === countsType,
      isDeclaredArpa: essence === arpaType,
    };
  } catch (error) {
    if (!(error instanceof NgramdError)) throw error;
    const { code, message } = error;
    throw new NgramdError(code, message, [{ pointer, detail: message }]);
  }
}

/** The texts of a form, beginning with its first. */
async function* textsOfForm(
  first: FormPart,
  parts: AsyncIterable<FormPart>,
  maxBytes: number,
  createsCorpus: boolean,
): AsyncIterable<SentText> {
  let texts = 0;
  let leftBytes = maxBytes;
  const counted = async function* (body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      leftBytes -= chunk.length;
      yield chunk;
    }
  };
  const numbers = new Map<string, number>();
  const textOf = (part: FormPart): SentText => {
    const number = numbers.get(part.name) ?? 0;
    numbers.set(part.name, number + 1);
    texts++;
    const pointer = pointerTo(['body', part.name, number]);
    const subject = part.filename ? `The file ${part.filename}` : `Text ${texts} of the form`;
    const kind = checkPart(part, subject, pointer);
    if (kind.isDeclaredArpa && !createsCorpus) throw arpaMakesCorpus();
    const mayBeArpa = createsCorpus && !kind.isOfCounts;
    const options = { ...upTo(maxBytes, leftBytes), ...kind, mayBeArpa };
    const text = textFrom(part.body, options, atPlace(pointer, subject));
    text.body = counted(text.body);
    return text;
  };
  yield textOf(first);
  for await (const next of parts) {
    if (!isText(next) || isTokenizer(next) || isVocabulary(next, createsCorpus)) {
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
