import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { encodingNames } from '../../src/text/subwords/encodings.ts';
import type { TokenSink } from '../../src/text/token-sink.ts';
import {
  createTokenizer,
  type TokenizerName,
  tokenize as tokenizeAs,
  wordTokenizers,
} from '../../src/text/tokenizer.ts';
import { bookTest, testData } from '../http/harness.ts';
// Writes the encodings' files.
import '../../scripts/encodings.ts';

const tokenize = (tokenizer: TokenizerName, text: string) => tokenizeAs({ tokenizer }, text);

const lineEnd = '\n';

/** Collects tokens, and `lineEnd` at the end of each line. */
function sinkInto(seen: string[]): TokenSink {
  return {
    token: (bytes, start, end) => seen.push(Buffer.from(bytes.subarray(start, end)).toString()),
    lineEnd: () => seen.push(lineEnd),
  };
}

/** The tokens of a text in chunks, with `lineEnd` at the end of each line. */
function read(tokenizerName: TokenizerName, chunks: Iterable<Uint8Array>, isStart = true): string[] {
  const seen: string[] = [];
  const tokenizer = createTokenizer({ tokenizer: tokenizerName }, sinkInto(seen), isStart);
  for (const chunk of chunks) tokenizer.write(chunk);
  tokenizer.end();
  return seen;
}

function* cut(bytes: Uint8Array, lengths: readonly number[]): Iterable<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length];
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

/** Each tokenizer as regular expressions, for one line. */
const byRegularExpression: Record<
  Exclude<(typeof wordTokenizers)[number], 'unicode'>,
  (line: string) => string[]
> = {
  word: (line) => letters(line).split(' ').filter(Boolean),
  char: (line) => [...letters(line)],
  whitespace: (line) => line.split(/\p{White_Space}+/u).filter(Boolean),
};

const letters = (line: string) =>
  line
    .replace(/[^A-Za-z]+/g, ' ')
    .trim()
    .toLowerCase();

const spaces = [...'\t\v\f\r \u0085\u00a0\u1680\u2000\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\u3001'];
const piece = fc.oneof(
  fc.constantFrom(
    'a',
    'B',
    "don't",
    'x1y',
    'é',
    'e\u0301',
    'Σ',
    '狗咬人',
    'สวัสดี',
    '😀',
    '\u0000',
    '\n',
    ...spaces,
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const lengths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

for (const name of [...wordTokenizers, ...encodingNames]) {
  t.test(`${name}: the tokens do not depend on how the text is cut into chunks`, async (t) => {
    fc.assert(
      fc.property(text, lengths, (text, lengths) => {
        const bytes = Buffer.from(text);
        t.same(read(name, cut(bytes, lengths)), read(name, [bytes]));
      }),
    );
  });
}

for (const [name, tokens] of Object.entries(byRegularExpression)) {
  t.test(`${name}: the tokens of each line equal those found by a regular expression`, async (t) => {
    fc.assert(
      fc.property(text, (text) => {
        const lines = text.replace(/^\ufeff/, '').split('\n');
        if (lines.at(-1) === '') lines.pop();
        t.same(
          read(name as TokenizerName, [Buffer.from(text)]),
          lines.flatMap((line) => [...tokens(line), lineEnd]),
        );
      }),
    );
  });
}

t.test('unicode: words of any language, in normal form C, lower-cased, without punctuation', async (t) => {
  t.same(tokenize('unicode', "The Dog's 3.14, l’été!"), ['the', "dog's", '3.14', 'l’été']);
  t.same(tokenize('unicode', 'E\u0301TE\u0301'), ['été']);
  t.same(tokenize('unicode', 'สวัสดีชาวโลก'), ['สวัสดี', 'ชาว', 'โลก']);
  t.same(tokenize('unicode', 'カタカナです。'), ['カタカナ', 'です']);
});

t.test('unicode: every kind of white space separates words', async (t) => {
  t.same(tokenize('unicode', 'La vois-tu souvent\u202f? 10\u202f000'), [
    'la',
    'vois',
    'tu',
    'souvent',
    '10',
    '000',
  ]);
  const kinds =
    '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';
  for (const space of `${kinds}\u2028\u2029\u202f\u205f\u3000`) {
    t.same(
      tokenize('unicode', `a${space}b${space}1${space}2`),
      ['a', 'b', '1', '2'],
      `U+${space.charCodeAt(0).toString(16)}`,
    );
  }
});

t.test('unicode: soft hyphens and other invisible characters are not part of a word', async (t) => {
  t.same(tokenize('unicode', 'Donau\u00addampf\u00adschiff Donaudampfschiff'), [
    'donaudampfschiff',
    'donaudampfschiff',
  ]);
  for (const character of [
    '\u00ad',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202e',
    '\u2060',
    '\u2069',
    '\ufe0f',
    '\ufeff',
    '\u061c',
    '\u{e0100}',
    '\u{e01ef}',
  ]) {
    t.same(
      tokenize('unicode', `${character}a${character}${character}b${character}`),
      ['ab'],
      `U+${character.codePointAt(0)?.toString(16)}`,
    );
    t.same(tokenize('unicode', `e${character}\u0301`), ['é'], 'they are removed before normalization');
    t.same(tokenize('unicode', `${character} ${character}${character}`), [], 'alone they are not a token');
  }
  t.same(
    tokenize('unicode', '葛\u{e0100}城'),
    ['葛', '城'],
    'a character with a variation selector is a character',
  );
});

t.test('unicode: joiners that distinguish words are kept; a zero width space separates words', async (t) => {
  for (const joiner of ['\u200c', '\u200d', '\u180e', '\u034f']) {
    t.same(
      tokenize('unicode', `می${joiner}خواهم`),
      [`می${joiner}خواهم`],
      `U+${joiner.charCodeAt(0).toString(16)}`,
    );
  }
  t.same(tokenize('unicode', 'ខ្មែរ\u200bភាសា a\u200bb'), ['ខ្មែរ', 'ភាសា', 'a', 'b']);
});

t.test('unicode: a Chinese character is a word', async (t) => {
  t.same(tokenize('unicode', '狗咬人。'), ['狗', '咬', '人']);
  t.same(tokenize('unicode', '人咬狗'), ['人', '咬', '狗']);
});

t.test('unicode: a long line without spaces has the same words however it is cut into chunks', async (t) => {
  const bytes = Buffer.from('狗咬人，'.repeat(20_000));
  const whole = read('unicode', [bytes]);
  t.equal(whole.length, 60_000 + 1);
  t.same(read('unicode', cut(bytes, [10_007])).join(), whole.join());
});

t.test('U+FEFF is skipped at the beginning of a text, and is a character anywhere else', async (t) => {
  const text = [Buffer.from('\ufeff\ufeffa\n\ufeffb')];
  t.same(read('whitespace', text), ['\ufeffa', lineEnd, '\ufeffb', lineEnd]);
  t.same(read('whitespace', text, false), ['\ufeff\ufeffa', lineEnd, '\ufeffb', lineEnd]);
  for (const name of ['word', 'unicode'] as const) {
    for (const isStart of [true, false]) {
      t.same(read(name, text, isStart), ['a', lineEnd, 'b', lineEnd], `${name}: no token contains it`);
    }
  }
});

t.test('texts read one after the other have the same tokens as each text alone', async (t) => {
  const texts = ['\ufeffone two\nthree', 'four', 'a'.repeat(65_536), '\ufefffive', '', 'six é 狗'];
  for (const name of wordTokenizers) {
    const seen: string[] = [];
    const tokenizer = createTokenizer({ tokenizer: name }, sinkInto(seen), true);
    for (const text of texts) {
      const bytes = Buffer.from(text);
      if (text.length > 65_535) {
        if (name !== 'char') t.throws(() => tokenize(name, text), { code: 'invalid-text' }, name);
        continue;
      }
      const alone = read(name, [bytes]);
      t.same(
        tokenize(name, text.replace(/^\ufeff/, '')),
        alone.filter((token) => token !== lineEnd),
        `${name}: ${text}`,
      );
      seen.length = 0;
      tokenizer.write(bytes);
      tokenizer.end();
      t.same(seen, alone, `${name}: ${text}`);
    }
  }
});

t.test('a token of more than 65,535 bytes is refused with its byte offset', async (t) => {
  for (const name of ['word', 'whitespace'] as const) {
    t.same(tokenize(name, 'a'.repeat(65_535)).length, 1);
    t.throws(() => tokenize(name, `one ${'a'.repeat(65_536)}`), {
      code: 'invalid-text',
      message: /byte offset 4 /,
    });
  }
});

t.test(
  'The Time Machine has 32,775 words, 4,579 of them distinct, and 170,580 characters, 27 of them distinct',
  bookTest,
  async (t) => {
    const book = readFileSync(join(testData as string, 'timemachine.txt'), 'utf8');
    const words = tokenize('word', book);
    t.equal(words.length, 32_775);
    t.equal(new Set(words).size, 4579);
    const characters = tokenize('char', book);
    t.equal(characters.length, 170_580);
    t.equal(new Set(characters).size, 27);
  },
);
