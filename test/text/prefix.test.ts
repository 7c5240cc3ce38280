import fc from 'fast-check';
import t from 'tap';
import { foldPrefix } from '../../src/text/prefix.ts';
import { tokenize, tokenizerNames } from '../../src/text/tokenizer.ts';
import { nastyText } from './nasty-texts.ts';

t.test('a prefix is folded as the tokenizer folds words', async (t) => {
  const fold = (tokenizer: (typeof tokenizerNames)[number], prefix: string, locale?: string) =>
    foldPrefix({ tokenizer, sequences: 'document', locale }, prefix);
  t.same(fold('word', 'The'), ['the']);
  t.same(fold('unicode', "Don'"), ["don'"]);
  t.same(fold('unicode', 'E\u0301TE\u0301'), ['été']);
  t.same(fold('unicode', 'Donau\u00adDampf'), ['donaudampf']);
  t.same(fold('unicode', 'I'), ['i']);
  t.same(fold('unicode', 'I', 'tr'), ['ı']);
  t.same(fold('whitespace', "Don'"), ["Don'"]);
  t.same(fold('char', 'A'), ['a']);
  t.same(fold('char', '!'), [' '], 'what is no letter is a space');
});

t.test('a prefix that no token of `word` begins with has no beginning', async (t) => {
  for (const prefix of ['C++', "don'", 'é', '1', ' a']) {
    t.same(foldPrefix({ tokenizer: 'word', sequences: 'document' }, prefix), [], prefix);
  }
});

t.test('unicode: Σ at the end of a prefix can be inside of the word or end it', async (t) => {
  const settings = { tokenizer: 'unicode', sequences: 'document' } as const;
  t.same(foldPrefix(settings, 'ΟΔΟΣ'), ['οδος', 'οδοσ']);
  t.same(foldPrefix(settings, 'οδος'), ['οδος']);
  t.same(foldPrefix(settings, 'οδοσ'), ['οδοσ']);
});

t.test('what a reserved token begins with stays as it is, under every tokenizer', async (t) => {
  for (const tokenizer of tokenizerNames) {
    for (const prefix of ['<', '</', '</s>', '<s']) {
      t.same(foldPrefix({ tokenizer, sequences: 'line' }, prefix), [prefix], tokenizer);
    }
    t.same(foldPrefix({ tokenizer, sequences: 'document' }, ''), ['']);
  }
});

t.test('each token begins with each of its own beginnings, in whatever case they are written', async (t) => {
  fc.assert(
    fc.property(nastyText, fc.constantFrom(...tokenizerNames), (text, tokenizer) => {
      const settings = { tokenizer, sequences: 'line' } as const;
      for (const token of tokenize(settings, text)) {
        for (const end of token.matchAll(/./gsu)) {
          const prefix = token.slice(0, end.index + end[0].length);
          // A prefix that ends in the middle of what the normal form composes is another character.
          if (tokenizer === 'unicode' && !token.startsWith(prefix.normalize('NFC'))) continue;
          t.ok(
            foldPrefix(settings, prefix).some((beginning) => token.startsWith(beginning)),
            JSON.stringify([tokenizer, token, prefix]),
          );
        }
      }
    }),
    { numRuns: 200 },
  );
});
