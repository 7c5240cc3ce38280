import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { NgramdError } from '../../../src/errors.ts';
import { readText } from '../../../src/http/bodies/text.ts';
import { comingIn, cut, places } from './pieces.ts';

const limit = { most: 1_000_000, tooLarge: () => new NgramdError('content-too-large', 'long') };
const read = (pieces: Iterable<Uint8Array>, isGzip = false) =>
  buffer(readText(comingIn(pieces), { ...limit, isGzip }));

/** The detail of the error about a text; undefined where there is none. */
async function refusal(pieces: Iterable<Uint8Array>): Promise<string | undefined> {
  try {
    await read(pieces);
    return undefined;
  } catch (error) {
    t.match(error, { code: 'invalid-text' });
    return (error as Error).message;
  }
}

/** A text in an encoding of so many bytes a character. */
function encoded(text: string, bytesEach: 2 | 4, order: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.alloc(text.length * bytesEach);
  for (let i = 0; i < text.length; i++) {
    const offset = bytesEach * i;
    if (order === 'LE') bytes.writeUIntLE(text.charCodeAt(i), offset, bytesEach);
    else bytes.writeUIntBE(text.charCodeAt(i), offset, bytesEach);
  }
  return bytes;
}

t.test('a text comes out as it went in, compressed or not, wherever it is cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), places, async (string, at) => {
      // What begins like JSON or another file is refused.
      fc.pre(!/^\s*[[{\\%]|^(PK|BZh|GIF|Rar|7z)/.test(string));
      const text = Buffer.from(string);
      for (const sent of [text, gzipSync(text), gzipSync(gzipSync(text))]) {
        t.ok(text.equals(await read(cut(sent, at))));
      }
    }),
    { numRuns: 100 },
  );
});

t.test('a byte order mark of UTF-8 is passed on, which the tokenizer leaves out', async (t) => {
  const text = Buffer.from('\uFEFFhello there');
  for (let at = 0; at <= text.length; at++) t.ok(text.equals(await read(cut(text, [at]))));
});

t.test('what no text begins with is named, wherever it is cut', async (t) => {
  const files: Record<string, [Buffer, RegExp]> = {
    kenlm: [Buffer.from('mmap lm http://kheafield.com/code format version 5\n\0'), /binary file of KenLM/],
    markedArpa: [Buffer.from('\ufeff\r\n \t\n\\data\\\nngram 1=1'), /ARPA/],
    zip: [Buffer.from('PK\x03\x04rest'), /ZIP archive/],
    pdf: [Buffer.from('%PDF-1.7 rest'), /PDF/],
    png: [Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1'), /PNG/],
    jpeg: [Buffer.from('\xff\xd8\xff\xe0rest', 'latin1'), /JPEG/],
    zstd: [Buffer.from('\x28\xb5\x2f\xfdrest', 'latin1'), /Zstandard .*Decompress/],
    xz: [Buffer.from('\xfd7zXZ\0rest', 'latin1'), /xz/],
    bzip2: [Buffer.from('BZh91AY&SYrest', 'latin1'), /bzip2/],
    gif: [Buffer.from('GIF89a rest', 'latin1'), /GIF/],
    word: [Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest', 'latin1'), /Office/],
    rar: [Buffer.from('Rar!\x1a\x07rest', 'latin1'), /RAR/],
    '7z': [Buffer.from('7z\xbc\xaf\x27\x1crest', 'latin1'), /7z/],
    sqlite: [Buffer.from('SQLite format 3\0rest', 'latin1'), /SQLite/],
    arpa: [Buffer.from('\\data\\\nngram 1=4\n'), /ARPA file.*a corpus of it/],
    'SRILM’s arpa': [Buffer.from('\n\\data\\\nngram 1=4\n'), /ARPA/],
    object: [Buffer.from('{"text": "the time"}'), /JSON.*content-type: application\/json/],
    'indented object': [Buffer.from('\uFEFF{\r\n  "te\\"xt": [1]}'), /JSON/],
    'lines of objects': [Buffer.from('{"text":"the"}\n{"text":"time"}\n'), /JSON/],
    'list of objects': [Buffer.from('[\n {"text": "the"}]'), /JSON/],
    'list of strings': [Buffer.from('["the time", "machine"]'), /JSON/],
    'list of one string': [Buffer.from(' [ "the time" ] \n'), /JSON/],
    'UTF-16LE': [encoded('\uFEFFthe time', 2, 'LE'), /UTF-16.*iconv/],
    'UTF-16BE': [encoded('\uFEFFthe time', 2, 'BE'), /UTF-16.*iconv/],
    'UTF-16 without more': [encoded('\uFEFF', 2, 'LE'), /UTF-16.*iconv/],
    'Russian in UTF-16': [encoded('\uFEFFвремя', 2, 'LE'), /UTF-16.*iconv/],
    'UTF-32LE': [encoded('\uFEFFthe time', 4, 'LE'), /UTF-32.*iconv/],
    'UTF-32BE': [encoded('\uFEFFthe time', 4, 'BE'), /UTF-32.*iconv/],
  };
  for (const [name, [file, says]] of Object.entries(files)) {
    const whole = await refusal([file]);
    t.match(whole, says, name);
    t.match(await refusal([gzipSync(file)]), says, `${name}, compressed`);
    for (let at = 1; at < file.length; at++)
      t.equal(await refusal(cut(file, [at])), whole, `${name} at ${at}`);
  }
});

t.test('a text that begins as a file could is a text', async (t) => {
  for (const text of [
    'P',
    'PK',
    'PK time',
    '%',
    '%PDF',
    '(',
    '(the time)',
    'BZh',
    'BZhang',
    '',
    '\x1f',
    '\x1f the',
  ]) {
    for (let at = 0; at <= text.length; at++) {
      t.equal((await read(cut(Buffer.from(text), [at]))).toString(), text);
    }
  }
});

t.test('a text that merely begins a little like JSON or an ARPA file is a text', async (t) => {
  for (const text of [
    '[Illustration: the machine]',
    '["Hello," said he, and left.]',
    '["Hello"] said he',
    '["Hello", said he',
    '[1] The time',
    '{the time}',
    '{"the time"} machine',
    '{"the\ntime": machine}',
    `{"${'very '.repeat(1000)}long": text`,
    '"the time"',
    '\n{"after": "an empty line"}',
    '\\date\\',
    'the \\data\\',
    '{',
    '[ "',
    '[',
  ]) {
    const sent = Buffer.from(text);
    for (const at of [[], [1], [2, 3], [8], [11]]) t.ok(sent.equals(await read(cut(sent, at))), text);
  }
});

t.test('JSON is told from its first name, without waiting for the rest', async (t) => {
  const endless = (async function* () {
    for (const byte of Buffer.from('{"text":')) yield Uint8Array.of(byte);
    await new Promise(() => {});
  })();
  await t.rejects(buffer(readText(endless, limit)), { message: /JSON/ });
});

t.test(
  'UTF-16 and UTF-32 without a byte order mark are seen by their NULs, wherever they are cut',
  async (t) => {
    const long = 'the time traveller\n'.repeat(1000);
    for (const [bytesEach, order, name] of [
      [2, 'LE', 'UTF-16LE'],
      [2, 'BE', 'UTF-16BE'],
      [4, 'LE', 'UTF-32LE'],
      [4, 'BE', 'UTF-32BE'],
    ] as const) {
      for (const text of ['hi', 'the time machine', long, 'путешественник во времени\n'.repeat(20)]) {
        const sent = encoded(text, bytesEach, order);
        const whole = await refusal([sent]);
        t.match(whole, new RegExp(`looks like ${name}.*iconv -f ${name} -t UTF-8`), text.slice(0, 30));
        t.equal(await refusal(cut(sent, [1, 2, 5, 4095, 4096, 4097])), whole);
      }
    }
  },
);

t.test('UTF-16 is seen before its first line is whole, if the line is not very short', async (t) => {
  const endless = (async function* () {
    for (const byte of encoded('the time', 2, 'LE')) yield Uint8Array.of(byte);
    await new Promise(() => {});
  })();
  await t.rejects(buffer(readText(endless, limit)), { message: /looks like UTF-16LE/ });
});

t.test('many NULs are seen deep in a text, and the offset of their block is said', async (t) => {
  const before = 'the time traveller\n'.repeat(5000);
  const sent = Buffer.concat([Buffer.from(before), Buffer.alloc(10_000)]);
  const offset = Math.floor(before.length / 4096) * 4096;
  t.match(await refusal([sent]), new RegExp(`from offset (${offset}|${offset + 4096}) on, .* NUL: .*binary`));
  t.equal(await refusal(cut(sent, [100, 70_000, 97_000])), await refusal([sent]));
});

t.test('a NUL here and there is a character like any other', async (t) => {
  const records = 'the time traveller and the time machine\0'.repeat(500);
  for (const text of ['a\0b', '\0', records]) {
    t.equal((await read([Buffer.from(text)])).toString(), text);
  }
});

t.test('gzip three times is refused, and what is said to be gzip and is not', async (t) => {
  t.match(await refusal([gzipSync(gzipSync(gzipSync('the time')))]), /gzip inside gzip/);
  await t.rejects(read([Buffer.from('the time')], true), { code: 'invalid-text', message: /gzip/ });
  t.equal((await read([], true)).length, 0);
});

t.test(
  'a text is read as far as it has come: nobody waits for more than it takes to know what it is',
  async (t) => {
    const endless = (async function* () {
      yield Buffer.from('the time\n');
      await new Promise(() => {});
    })();
    const text = readText(endless, limit);
    t.same(await text.next(), { value: Buffer.from('the time\n'), done: false });
  },
);
