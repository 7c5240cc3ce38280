import fc from 'fast-check';
import t from 'tap';
import type { TokenSink } from '../../src/text/token-sink.ts';
import { createTokenizer, type TokenizerName, tokenize as tokenizeAs } from '../../src/text/tokenizer.ts';
import { isWhiteSpace } from '../../src/text/whitespace.ts';
import { WordFinder } from '../../src/text/word-finder.ts';
import { nastyText } from './nasty-texts.ts';

const tokenize = (tokenizer: TokenizerName, text: string) => tokenizeAs({ tokenizer }, text);

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
const notOfWords =
  /[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** The words of a whole text, segmented at once. */
function wordsOf(text: string): string[] {
  return [...segmenter.segment(text.replace(notOfWords, '').normalize('NFC'))]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment.toLowerCase().normalize('NFC'))
    .flatMap((word) => (/^\p{Script=Han}+$/u.test(word) ? [...word] : [word]));
}

t.test(
  'unicode: a text has the words of its stretches between white space, each segmented separately',
  async (t) => {
    fc.assert(
      fc.property(nastyText, (text) => {
        t.same(tokenize('unicode', text), text.split(/\p{White_Space}/u).flatMap(wordsOf));
      }),
      { numRuns: 1000 },
    );
  },
);

t.test('unicode: words of ASCII are the same as those of the segmenter', async (t) => {
  const character = fc.integer({ min: 0x21, max: 0x7f }).map((code) => String.fromCharCode(code));
  const text = fc.array(fc.oneof(character, fc.constantFrom('a', '1', '_', '.', "'")), { maxLength: 12 });
  fc.assert(
    fc.property(text, (characters) => {
      const text = characters.join('');
      t.same(tokenize('unicode', text), wordsOf(text));
    }),
    { numRuns: 1000 },
  );
});

t.test('unicode: no punctuation joins Chinese characters', async (t) => {
  const codes = Array.from({ length: 0x20000 }, (_, code) => code).filter(
    (code) => code < 0xd800 || code > 0xdfff,
  );
  const wrong = codes
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /[\p{Po}\p{Ps}\p{Pe}\p{Pi}\p{Pf}]/u.test(character))
    .map((character) => `${character}人${character}${character}咬${character}`)
    .filter((text) => tokenize('unicode', text).join() !== wordsOf(text).join());
  t.same(wrong, []);
});

t.test('unicode: the parts of a text that is cut at a boundary have the words of the whole', async (t) => {
  const finder = new WordFinder();
  const stretch = nastyText.map((text) => text.replace(notOfWords, '').replace(/\p{White_Space}/gu, ''));
  let boundaries = 0;
  fc.assert(
    fc.property(stretch, (text) => {
      for (let at = 1; at < text.length; at++) {
        if (!finder.isBoundary(text, at)) continue;
        boundaries++;
        t.same([...finder.words(text.slice(0, at)), ...finder.words(text.slice(at))], finder.words(text));
      }
    }),
    { numRuns: 1000 },
  );
  t.ok(boundaries > 100);
});

/** The words of a text, written in one piece or in pieces of `size` bytes. */
function read(text: string, size?: number): string[] {
  const words: string[] = [];
  const sink: TokenSink = {
    token: (bytes, start, end) => words.push(Buffer.from(bytes.subarray(start, end)).toString()),
    lineEnd() {},
  };
  const tokenizer = createTokenizer({ tokenizer: 'unicode' }, sink, true);
  const bytes = Buffer.from(text);
  const step = size ?? bytes.length;
  for (let at = 0; at < bytes.length; at += step) tokenizer.write(bytes.subarray(at, at + step));
  tokenizer.end();
  return words;
}

/** The parts of texts without white space, of at least 300,000 bytes. */
const withoutWhiteSpace: Record<string, readonly string[]> = {
  Chinese: [...'狗咬人的时候我们应该怎么办呢中国民'],
  'Chinese with punctuation': [...'狗咬人的时候我们应该，怎么办呢。中国民！'],
  Japanese: [...'私は昨日東京に行きましたカタカナですあいうえおかきくけこ食べる飲む'],
  Katakana: ['カタカナ', 'テレビ', 'パソコン'],
  Thai: ['สวัสดี', 'ชาว', 'โลก', 'ภาษา', 'ไทย', 'ง่าย', 'มาก', 'ประเทศ', 'คน'],
  Khmer: ['ភាសា', 'ខ្មែរ'],
  'percent escapes': ['%E4%B8%AD', '%E5%9B%BD', '%20'],
  Base64: ['TWFu', 'aXMg', 'ZGlz', '+', '/', '0'],
  'full stops': ['a', '.', '..'],
  'numbers and colons': ['1', ':1'],
  emoji: ['👩', '👩\u200d👩', '🏽', '❤\ufe0f', '🇩🇪', 'a'],
  'zero width spaces': ['ខ្មែរ\u200b', 'a\u200b'],
};
for (const [name, parts] of Object.entries(withoutWhiteSpace)) {
  t.test(
    `unicode: a long text of ${name} without white space has the words of the whole, however it is cut`,
    async (t) => {
      let state = 7;
      let text = '';
      while (3 * text.length < 300_000) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        text += parts[(state >>> 16) % parts.length];
      }
      const words = read(text);
      t.equal(words.join(' '), wordsOf(text).join(' '));
      t.equal(read(text, 10_007).join(' '), words.join(' '));
    },
  );
}

t.test('unicode: a word of more than 65,535 bytes is refused with its byte offset', async (t) => {
  for (const word of [
    'a'.repeat(70_000),
    'é'.repeat(35_000),
    `a${'\u0301\u0327'.repeat(20_000)}`,
    '한'.repeat(30_000),
  ]) {
    t.throws(() => read(`one \u00ad\u00ad-${word}`), { code: 'invalid-text', message: /byte offset 9 / });
    t.throws(() => read(`one \u00ad\u00ad-${word}`, 1000), {
      code: 'invalid-text',
      message: /byte offset 9 /,
    });
  }
  t.same(read(`-${'a'.repeat(65_535)}-b`), ['a'.repeat(65_535), 'b']);
});

t.test('unicode: any number of ignored characters has no effect', async (t) => {
  const many = '\u00ad'.repeat(100_000);
  t.same(read(many), []);
  t.same(read(`a${many}b c${many}`, 999), ['ab', 'c']);
});

t.test('unicode: words that differ only in case and normal form are the same token', async (t) => {
  t.same(tokenize('unicode', 'J\u030c \u01f0'), ['\u01f0', '\u01f0']);
});

t.test('whitespace: exactly the characters with the property White_Space separate tokens', async (t) => {
  const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => code < 0xd800 || code > 0xdfff,
  );
  const text = codes.map((code) => `a${String.fromCodePoint(code)}b`).join(' ');
  const firstWrong = (tokens: string[], expected: string[]) =>
    expected.find((token, i) => token !== tokens[i]);
  t.equal(firstWrong(tokenize('whitespace', text), text.split(/\p{White_Space}+/u)), undefined);
  const differs = codes.filter(
    (code) => isWhiteSpace(code) !== /^\p{White_Space}$/u.test(String.fromCodePoint(code)),
  );
  t.same(differs, []);
});
