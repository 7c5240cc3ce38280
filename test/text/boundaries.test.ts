import fc from 'fast-check';
import t from 'tap';
import { type TokenizerName, tokenize as tokenizeAs } from '../../src/text/tokenizer.ts';

const tokenize = (tokenizer: TokenizerName, text: string) => tokenizeAs({ tokenizer }, text);

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** The words of a whole line, segmented at once. */
function wordsOfLine(line: string): string[] {
  return [...segmenter.segment(line.normalize('NFC'))]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment.toLowerCase().normalize('NFC'))
    .flatMap((word) => (/^\p{Script=Han}+$/u.test(word) ? [...word] : [word]));
}

const sensitive = [
  ...["a.b'c", '1,5', 'a_', '"', ' ', '  ', '\t', '\r', '\v', '\f', '\u0085', '\u00a0', '\u2028', '\u3000'],
  ...['\u0301', '\u200d', '\u00ad', '\ufeff', '🇩🇪', '🇩', '👩', 'カ', 'タ', 'か', 'ー', '狗咬', '人', '東京'],
  ...['ภาษา', 'א', '한', 'ᄒ', 'ᅡ', 'İ', 'J\u030c', 'ΟΔΟΣ', '\u0000', 'ﬁ'],
];
const line = fc
  .array(fc.oneof(fc.constantFrom(...sensitive), fc.string({ unit: 'binary', maxLength: 2 })), {
    maxLength: 14,
  })
  .map((pieces) => pieces.join('').replaceAll('\n', ''));

t.test('unicode: segmenting between white space finds the words of the whole line', async (t) => {
  fc.assert(
    fc.property(line, (line) => {
      t.same(tokenize('unicode', line), wordsOfLine(line));
    }),
    { numRuns: 500 },
  );
});

t.test('unicode: words that differ in case and normal form only are one', async (t) => {
  t.same(tokenize('unicode', 'J\u030c \u01f0'), ['\u01f0', '\u01f0']);
});

t.test('whitespace: of all characters, those with the property White_Space separate', async (t) => {
  const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => code < 0xd800 || code > 0xdfff,
  );
  const text = codes.map((code) => `a${String.fromCodePoint(code)}b`).join(' ');
  const firstWrong = (tokens: string[], expected: string[]) =>
    expected.find((token, i) => token !== tokens[i]);
  t.equal(firstWrong(tokenize('whitespace', text), text.split(/\p{White_Space}+/u)), undefined);
});
