import { NgramdError } from '../../errors.ts';
import { beginsAsArpa, withoutArpa } from './arpa-start.ts';
import { maxLayers } from './content-encoding.ts';
import { gunzip } from './gunzip.ts';
import { beginsAsJson } from './json-start.ts';
import { limited } from './limited.ts';
import { withoutManyNuls } from './nuls.ts';

/** The encoding and the limit of a text. */
export interface TextOptions {
  /** Its maximum size in bytes, compressed or not. */
  most: number;
  /** The error for a larger one. */
  tooLarge(): NgramdError;
  /** Whether it is declared as gzip, which is detected otherwise too. */
  isGzip?: boolean;
  /** Whether it may be JSON: it is a string of a JSON body. */
  mayBeJson?: boolean;
  /** Whether it may be an ARPA file. */
  mayBeArpa?: boolean;
  /**
   * Whether it is refused if it is an ARPA file with other lines before its `\data\`, which is not recognized
   * otherwise.
   */
  mayHaveArpaWithin?: boolean;
}

/** A text whose first bytes have been read. */
export interface OpenedText {
  /** The text, decompressed. */
  body: AsyncIterable<Uint8Array>;
  wasGzip: boolean;
  /** Whether it begins as an ARPA file. */
  isArpa: boolean;
}

/**
 * Reads a text as it arrives, and decompresses gzip: no text begins with gzip's first two bytes. Throws the error of
 * `tooLarge` beyond the limit, and `invalid-text` for gzip that cannot be decompressed and for content that is clearly
 * not text: UTF-16 and UTF-32, archives, PDF, pictures, ARPA files, JSON, and anything full of NULs.
 */
export async function* readText(
  sent: AsyncIterable<Uint8Array>,
  options: TextOptions,
): AsyncGenerator<Uint8Array, void> {
  yield* (await openText(sent, options)).body;
}

/** Like `readText`, with what its first bytes show, once they have arrived. */
export function openText(sent: AsyncIterable<Uint8Array>, options: TextOptions): Promise<OpenedText> {
  const {
    most,
    tooLarge,
    isGzip = false,
    mayBeJson = false,
    mayBeArpa = false,
    mayHaveArpaWithin = true,
  } = options;

  const open = async (
    bytes: AsyncIterable<Uint8Array>,
    mustBeGzip: boolean,
    layers: number,
  ): Promise<OpenedText> => {
    const { head, isJson, isArpa, whole } = await readHead(limited(bytes, most, tooLarge));
    const format = formats.find(({ magic }) => startsWith(head, magic));
    if (!mustBeGzip && format?.name !== 'gzip') {
      if (isArpa && mayBeArpa) return { body: whole, wasGzip: layers > 0, isArpa };
      if (isArpa) throw notText('an ARPA file', arpaAdvice);
      if (format !== undefined) throw notText(format.name, format.advice);
      if (isJson && !mayBeJson) throw notText('JSON', jsonAdvice);
      const text = withoutManyNuls(whole);
      const body = mayHaveArpaWithin ? text : withoutArpa(text, arpaWithin);
      return { body, wasGzip: layers > 0, isArpa };
    }
    if (layers === maxLayers) throw notText('gzip inside gzip', 'Compress the text once.');
    return open(gunzip(whole), false, layers + 1);
  };
  return open(sent, isGzip, 0);
}

interface Format {
  name: string;
  /** The first bytes of every file of this format. */
  magic: readonly number[];
  advice: string;
}

const decompress = 'Decompress it, or compress it with gzip.';
const convert = (from: string) => `Convert it to UTF-8 first, for example with iconv -f ${from} -t UTF-8.`;
const extract = 'Take the text out of it first.';
const arpaAdvice =
  'It is a language model: PUT it to /v1/corpora/{corpus} under a name of its own, which makes a corpus of it.';
const jsonAdvice =
  "Send it with the header content-type: application/json (curl -H 'content-type: application/json'), or the text in it alone. Documents in JSON, one per line, are application/x-ndjson where these are accepted. If JSON is the text, send it as the string `text` of a JSON body.";

/** The first bytes of files that are not text; if one is a prefix of another, the longer one comes first. */
const formats: readonly Format[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], advice: '' },
  { name: 'UTF-32', magic: [0xff, 0xfe, 0, 0], advice: convert('UTF-32') },
  { name: 'UTF-32', magic: [0, 0, 0xfe, 0xff], advice: convert('UTF-32') },
  { name: 'UTF-16', magic: [0xff, 0xfe], advice: convert('UTF-16') },
  { name: 'UTF-16', magic: [0xfe, 0xff], advice: convert('UTF-16') },
  { name: 'a ZIP archive (as .docx, .odt and .epub are)', magic: [0x50, 0x4b, 3, 4], advice: extract },
  { name: 'a PDF document', magic: ascii('%PDF-'), advice: extract },
  {
    name: 'a binary file of KenLM',
    magic: ascii('mmap lm http://kheafield.com/code'),
    advice: 'Send the ARPA file that build_binary made it from.',
  },
  { name: 'a SQLite file', magic: [...ascii('SQLite format 3'), 0], advice: extract },
  { name: 'an Office document', magic: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], advice: extract },
  { name: 'a RAR archive', magic: [...ascii('Rar!'), 0x1a, 7], advice: extract },
  { name: 'a 7z archive', magic: [...ascii('7z'), 0xbc, 0xaf, 0x27, 0x1c], advice: extract },
  { name: 'a GIF picture', magic: ascii('GIF89a'), advice: extract },
  { name: 'a PNG picture', magic: [0x89, ...ascii('PNG')], advice: extract },
  { name: 'a JPEG picture', magic: [0xff, 0xd8, 0xff], advice: extract },
  { name: 'a Zstandard file', magic: [0x28, 0xb5, 0x2f, 0xfd], advice: decompress },
  { name: 'an xz file', magic: [0xfd, ...ascii('7zXZ'), 0], advice: decompress },
  { name: 'a bzip2 file', magic: ascii('BZh91AY&SY'), advice: decompress },
];

function ascii(text: string): number[] {
  return [...Buffer.from(text)];
}

function arpaWithin(): NgramdError {
  return notText(
    'an ARPA file with other lines before its \\data\\',
    "If it is one, declare it (curl -H 'content-type: text/x-arpa'), or leave those lines out. If such a file is the text, send it as the string `text` of a JSON body.",
  );
}

function notText(name: string, advice: string): NgramdError {
  return new NgramdError('invalid-text', `This looks like ${name}, not like text in UTF-8. ${advice}`);
}

/** Reads only as many bytes as needed to recognise a format: their sender may be waiting for an answer. */
async function readHead(bytes: AsyncIterable<Uint8Array>) {
  const rest = bytes[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let isWhole = false;
  const mayBecome = ({ magic }: Format) => head.length < magic.length && startsWith(magic, head);
  while (
    !isWhole &&
    (formats.some(mayBecome) || beginsAsJson(head, false) === undefined || beginsAsArpa(head) === undefined)
  ) {
    const { value, done } = await rest.next();
    if (done === true) isWhole = true;
    else head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const isJson = beginsAsJson(head, isWhole) === true;
  return { head, isJson, isArpa: beginsAsArpa(head) === true, whole: followedBy(head, rest) };
}

async function* followedBy(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { value, done } = await rest.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}

function startsWith(bytes: ArrayLike<number>, beginning: ArrayLike<number>): boolean {
  if (bytes.length < beginning.length) return false;
  for (let i = 0; i < beginning.length; i++) if (bytes[i] !== beginning[i]) return false;
  return true;
}
