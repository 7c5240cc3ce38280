import fc from 'fast-check';
import t from 'tap';
import { promptTokens } from '../../src/text/prompt-tokens.ts';
import { sequencesNames, tokenizeQuery } from '../../src/text/reserved.ts';
import { wordTokenizers } from '../../src/text/tokenizer.ts';

const words = ['the', 'Time', 'x1', 'é', 'é', 'ÇA', '時間', "don't", '<s>', '</s>', '<unk>', '42', '—', '𝒳y'];
const spaces = [' ', '  ', '\t', '\n', '\n\n', '\r\n', '\u00a0', '\u2003'];
const texts = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...spaces)), { maxLength: 12 })
  .map((parts) => parts.flat().join(''));
const settings = fc.record({
  tokenizer: fc.constantFrom(...wordTokenizers),
  sequences: fc.constantFrom(...sequencesNames),
});

t.test('within a line the tokens are those of other queries', async (t) => {
  fc.assert(
    fc.property(settings, texts, (settings, text) => {
      // Under `char` the white space after a mark is not a token here.
      fc.pre(settings.tokenizer !== 'char' || !text.includes('<'));
      const line = text.replaceAll(/\s+/gu, ' ');
      const tokens = promptTokens(settings, line).map(({ token }) => token);
      t.same(tokens, tokenizeQuery(settings, line), JSON.stringify([settings, line]));
    }),
    { numRuns: 500 },
  );
});

t.test(
  'the tokens of a text are the first ones of each text that continues it after white space',
  async (t) => {
    fc.assert(
      fc.property(settings, texts, texts, (settings, text, rest) => {
        const before = promptTokens(settings, text);
        // The last space of a text can be part of a longer one, which is one token under `char`.
        const whole = promptTokens(settings, `${text}${text === '' ? '' : ' '}${rest}`);
        t.same(whole.slice(0, before.length), before, JSON.stringify([settings, text, rest]));
      }),
      { numRuns: 500 },
    );
  },
);

t.test('each token is found at its place in the text', async (t) => {
  fc.assert(
    fc.property(settings, texts, (settings, text) => {
      let last = -1;
      for (const { token, start } of promptTokens(settings, text)) {
        t.ok(start > last && start < text.length, `${start} after ${last}`);
        last = start;
        if (token === '</s>' || token === ' ') continue;
        const there = text.slice(start, start + token.length);
        // What is written in another normal form is longer than its token.
        const asRead = text
          .slice(start, start + 2)
          .normalize('NFC')
          .slice(0, token.length);
        t.ok(
          [there, there.toLowerCase(), asRead].includes(token),
          JSON.stringify([settings, text, token, start]),
        );
      }
    }),
    { numRuns: 500 },
  );
});

t.test('a line that has tokens ends with </s> at its line feed, in corpora of lines alone', async (t) => {
  const tokens = (sequences: 'line' | 'document', text: string) =>
    promptTokens({ tokenizer: 'whitespace', sequences }, text).map(({ token, start }) => `${token}@${start}`);
  t.same(tokens('line', 'a b\n\n \nc'), ['a@0', 'b@2', '</s>@3', 'c@7']);
  t.same(tokens('line', '\na\n'), ['a@1', '</s>@2']);
  t.same(tokens('line', '<s> a </s>\nb'), ['<s>@0', 'a@4', '</s>@6', 'b@11']);
  t.same(tokens('document', 'a\n<|endoftext|> b'), ['a@0', '<|endoftext|>@2', 'b@16']);
});
