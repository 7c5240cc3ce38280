import fc from 'fast-check';
import t from 'tap';
import { foldPrefix } from '../../src/text/prefix.ts';
import { encodingNames } from '../../src/text/subwords/encodings.ts';
import { type TokenizerName, tokenize, wordTokenizers } from '../../src/text/tokenizer.ts';
import { nastyText } from './nasty-texts.ts';
// Writes the encodings' files.
import '../../scripts/encodings.ts';

t.test('a prefix is folded as the tokenizer folds words', async (t) => {
  const fold = (tokenizer: TokenizerName, prefix: string, locale?: string) =>
    foldPrefix({ tokenizer, sequences: 'document', locale }, prefix);
  t.same(fold('word', 'The'), ['the']);
  t.same(fold('unicode', "Don'"), ["don'"]);
  t.same(fold('unicode', 'E\u0301TE\u0301'), ['été']);
  t.same(fold('unicode', 'Donau\u00adDampf'), ['donaudampf']);
  t.same(fold('unicode', 'I'), ['i']);
  t.same(fold('unicode', 'I', 'tr'), ['ı']);
  t.same(fold('whitespace', "Don'"), ["Don'"]);
  t.same(fold('char', 'A'), ['a']);
  t.same(fold('char', '!'), [' '], 'characters that are not letters become a space');
});

t.test('a prefix with which no token of `word` can begin has no foldings', async (t) => {
  for (const prefix of ['C++', "don'", 'é', '1', ' a']) {
    t.same(foldPrefix({ tokenizer: 'word', sequences: 'document' }, prefix), [], prefix);
  }
});

t.test('unicode: Σ at the end of a prefix matches both σ inside a word and ς at its end', async (t) => {
  const settings = { tokenizer: 'unicode', sequences: 'document' } as const;
  t.same(foldPrefix(settings, 'ΟΔΟΣ'), ['οδος', 'οδοσ']);
  t.same(foldPrefix(settings, 'οδος'), ['οδος']);
  t.same(foldPrefix(settings, 'οδοσ'), ['οδοσ']);
});

t.test('the beginning of a reserved token is left unchanged under every tokenizer', async (t) => {
  for (const tokenizer of [...wordTokenizers, ...encodingNames]) {
    for (const prefix of ['<', '</', '</s>', '<s']) {
      t.same(foldPrefix({ tokenizer, sequences: 'line' }, prefix), [prefix], tokenizer);
    }
    t.same(foldPrefix({ tokenizer, sequences: 'document' }, ''), ['']);
  }
});

t.test('each beginning of a token, folded, is a beginning of that token', async (t) => {
  fc.assert(
    fc.property(nastyText, fc.constantFrom(...wordTokenizers, ...encodingNames), (text, tokenizer) => {
      const settings = { tokenizer, sequences: 'line' } as const;
      for (const token of tokenize(settings, text)) {
        for (const end of token.matchAll(/./gsu)) {
          const prefix = token.slice(0, end.index + end[0].length);
          // A prefix that ends inside a sequence which the normal form composes ends with a different character.
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
