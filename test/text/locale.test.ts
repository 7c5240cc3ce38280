import t from 'tap';
import { lastTokens } from '../../src/text/last-tokens.ts';
import { canonicalLocale } from '../../src/text/locale.ts';
import { tokenize } from '../../src/text/tokenizer.ts';

const words = (text: string, locale?: string) => tokenize({ tokenizer: 'unicode', locale }, text);

t.test('unicode: lower case follows the locale', async (t) => {
  const text = 'İstanbul IŞIK ışık';
  t.same(words(text), ['i̇stanbul', 'işik', 'ışık']);
  t.same(words(text, 'tr'), ['istanbul', 'ışık', 'ışık']);
  t.same(words(text, 'az-AZ'), ['istanbul', 'ışık', 'ışık']);
  t.same(words('J\u0300 I\u0300', 'lt'), ['j\u0307\u0300', 'i\u0307\u0300']);
  t.same(words('IŞIK', 'de'), ['işik']);
  t.same(words('IŞIK'), ['işik'], 'and one locale does not change another');
});

t.test('unicode: word boundaries follow the locale', async (t) => {
  for (const locale of ['en', 'fi', 'sv', 'ja', 'th', 'tr', 'xx']) {
    const segmenter = new Intl.Segmenter([locale, 'en'], { granularity: 'word' });
    for (const text of ['EU:n', "l'été", 'a:b.c', '1:2', 'カタカナです', 'สวัสดีชาวโลก']) {
      const expected = [...segmenter.segment(text)]
        .filter(({ isWordLike }) => isWordLike)
        .map(({ segment }) => segment.toLocaleLowerCase(locale));
      t.same(words(text, locale), expected, `${locale}: ${text}`);
    }
  }
});

t.test('the end of a long context is also read by the rules of the locale', async (t) => {
  const settings = { tokenizer: 'unicode', sequences: 'document', locale: 'tr' } as const;
  t.same(lastTokens(settings, `${'x '.repeat(1000)}IŞIK İstanbul`, 2), ['ışık', 'istanbul']);
});

t.test('a valid language tag has one canonical form, and an invalid one has none', async (t) => {
  t.equal(canonicalLocale('TR'), 'tr');
  t.equal(canonicalLocale('zh-hant-tw'), 'zh-Hant-TW');
  t.equal(canonicalLocale('iw'), 'he');
  for (const tag of ['', 'tr_TR', 'x', 'turkish language', '123', 'de-', '*']) {
    t.equal(canonicalLocale(tag), undefined, tag);
  }
});
