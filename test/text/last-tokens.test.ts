import fc from 'fast-check';
import t from 'tap';
import { lastTokens } from '../../src/text/last-tokens.ts';
import { sequencesNames, tokenizeQuery } from '../../src/text/reserved.ts';
import { encodingNames } from '../../src/text/subwords/encodings.ts';
import { wordTokenizers } from '../../src/text/tokenizer.ts';
import { longNastyText } from './nasty-texts.ts';
// Writes the encodings' files.
import '../../scripts/encodings.ts';

for (const tokenizer of [...wordTokenizers, ...encodingNames]) {
  t.test(`${tokenizer}: lastTokens returns the end of all tokens of a text`, async (t) => {
    fc.assert(
      fc.property(longNastyText, fc.nat(5), fc.constantFrom(...sequencesNames), (text, count, sequences) => {
        const settings = { tokenizer, sequences };
        const all = tokenizeQuery(settings, text);
        t.same(lastTokens(settings, text, count), count === 0 ? [] : all.slice(-count));
      }),
      { numRuns: 200 },
    );
  });
}

t.test(
  'unicode: the last tokens of a long text without white space equal those of the whole text',
  async (t) => {
    const settings = { tokenizer: 'unicode', sequences: 'line' } as const;
    for (const part of [
      '狗咬人',
      '私は東京に行きました',
      'ภาษาไทยง่ายมาก',
      '%E4%B8',
      '👩\u200d',
      '\u00ad',
      'ab-',
      '!?',
    ]) {
      for (const [before, after] of [
        ['', ''],
        ['a <s> b', ''],
        ['a b ', ' <unk>'],
        ['a b', ' ! '],
      ]) {
        const text = before + part.repeat(40_000) + after;
        t.same(lastTokens(settings, text, 4), tokenizeQuery(settings, text).slice(-4), before + part + after);
      }
    }
  },
);

t.test('char: the last tokens of a long text equal those of the whole text', async (t) => {
  for (const sequences of sequencesNames) {
    const settings = { tokenizer: 'char', sequences } as const;
    for (const part of ['a', 'a!', '! ', '!', ' <unk> ', '<unk>', ' <s> a', 'ab <', '<a']) {
      const text = `x${part.repeat(3000)}`;
      for (let cut = 0; cut < 6; cut++) {
        const end = text.slice(0, text.length - cut);
        t.same(lastTokens(settings, end, 5), tokenizeQuery(settings, end).slice(-5), `${part} ${cut}`);
      }
    }
  }
});

t.test('a token that is too long is refused only among the last tokens', async (t) => {
  const text = `${'a'.repeat(70_000)} b c`;
  for (const tokenizer of ['word', 'unicode', 'whitespace'] as const) {
    const settings = { tokenizer, sequences: 'document' } as const;
    t.throws(() => tokenizeQuery(settings, text), { code: 'invalid-text' });
    t.same(lastTokens(settings, text, 2), ['b', 'c']);
    t.throws(() => lastTokens(settings, `b ${'a'.repeat(70_000)}`, 1), { code: 'invalid-text' });
  }
});
