import fc from 'fast-check';
import t from 'tap';
import { lastTokens } from '../../../src/text/last-tokens.ts';
import { foldPrefix } from '../../../src/text/prefix.ts';
import { promptTokens } from '../../../src/text/prompt-tokens.ts';
import { tokenizeQuery } from '../../../src/text/reserved.ts';
import { tokenOf } from '../../../src/text/token-table.ts';
import { textOfTokens } from '../../../src/text/token-text.ts';
import {
  createTokenizer,
  isOwnToken,
  ownTokens,
  type TokenizerSettings,
  tokenize,
} from '../../../src/text/tokenizer.ts';
import { loadedTokenizer } from '../../../src/text/tokenizer-json/loaded.ts';
import { nastyText } from '../nasty-texts.ts';
import { ids, settingsWith, texts, tokenizerNames } from './fixtures.ts';

/**
 * The tokens of a text that arrives in chunks of these sizes, from one that begins in the middle on in another thread.
 */
function tokensOfChunks(settings: TokenizerSettings, text: string, sizes: readonly number[]): string[] {
  const tokens: string[] = [];
  const sink = {
    token: (bytes: Uint8Array, start: number, end: number) =>
      tokens.push(Buffer.from(bytes.subarray(start, end)).toString()),
    lineEnd: () => tokens.push('(line end)'),
  };
  let tokenizer = createTokenizer(settings, sink, false);
  const bytes = Buffer.from(text);
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length];
    tokenizer.write(bytes.subarray(at, at + size));
    at += size;
    if (i === 2) tokenizer = createTokenizer(settings, sink, false, structuredClone(tokenizer.state()));
  }
  tokenizer.end();
  return tokens;
}

for (const name of tokenizerNames) {
  t.test(`${name}: the ids of the library tokenizers`, async (t) => {
    const settings = settingsWith(name);
    const names = [...ownTokens(settings)];
    t.equal(new Set(names).size, names.length);
    t.notOk(names.some((token) => token === '' || /\p{White_Space}/u.test(token)));
    const idOf = new Map(names.map((token, id) => [token, id]));
    for (const [i, text] of texts.entries()) {
      t.same(
        tokenize(settings, text).map((token) => idOf.get(token)),
        ids[name][i],
        JSON.stringify(text),
      );
    }
  });

  t.test(`${name}: a text in chunks has the tokens of the whole`, async (t) => {
    const settings = settingsWith(name);
    const { names, tokenize: read } = loadedTokenizer(settings.vocabulary);
    const piece = fc.oneof(nastyText, fc.constantFrom(...texts, ' ', '\n', 'time ', ' <extra>', '    '));
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
        (pieces, sizes) => {
          const text = pieces.join('').replaceAll('\ufeff', '');
          const expected: string[] = [];
          read(text, { continues: false, goesOn: false }, (id) => expected.push(tokenOf(names, id)));
          t.same(
            tokensOfChunks(settings, text, sizes).filter((token) => token !== '(line end)'),
            expected,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  t.test(`${name}: the last tokens of a text are those of the whole`, async (t) => {
    for (const sequences of ['document', 'line'] as const) {
      const settings = settingsWith(name, sequences);
      fc.assert(
        fc.property(
          fc.array(fc.constantFrom(...texts), { minLength: 8, maxLength: 30 }),
          fc.integer({ min: 1, max: 5 }),
          (pieces, count) => {
            const text = pieces.join(' ').replaceAll('\n', ' ');
            t.same(lastTokens(settings, text, count), tokenizeQuery(settings, text).slice(-count));
          },
        ),
        { numRuns: 20 },
      );
    }
  });

  t.test(`${name}: lines are texts of their own, and so are those of a prompt`, async (t) => {
    const settings = settingsWith(name, 'line');
    const text = 'The time machine\r\n\n  hello,  world \n時間旅行者\nend';
    const lines = text.split(/\r?\n/);
    t.same(
      tokensOfChunks(settings, text, [3, 7]),
      lines.flatMap((line) => [...tokenize(settings, line), '(line end)']),
    );
    const prompt = promptTokens(settings, text);
    const expected = lines.flatMap((line, i) => {
      const tokens = tokenize(settings, line);
      return i < lines.length - 1 && tokens.length > 0 ? [...tokens, '</s>'] : tokens;
    });
    t.same(
      prompt.map(({ token }) => token),
      expected,
    );
    const starts = prompt.map(({ start }) => start);
    t.same(
      starts,
      [...starts].sort((a, b) => a - b),
    );
    t.ok(starts.every((start) => start <= text.length));
  });
}

t.test('tokens come back as the text that they are of', async (t) => {
  const text = 'the time of thy beauty, 3 words é';
  for (const name of ['gpt2', 'llama3', 'digits']) {
    const settings = settingsWith(name);
    t.equal(textOfTokens(settings, tokenize(settings, text)), text);
  }
  for (const name of ['llama2', 'mistral', 't5', 'roberta']) {
    const settings = settingsWith(name);
    t.equal(textOfTokens(settings, tokenize(settings, text)), ` ${text}`);
  }
  const bert = settingsWith('bert');
  t.equal(textOfTokens(bert, tokenize(bert, text)), 'the time of thy beauty , 3 words e');
  const suffix = settingsWith('suffix');
  t.equal(textOfTokens(suffix, tokenize(suffix, 'The time of  thy')), 'the time of thy');
});

t.test("a prefix is the beginning of a token's text or name, and names are tokens", async (t) => {
  t.same(foldPrefix(settingsWith('gpt2'), ' ti'), ['Ġti', ' ti']);
  t.same(foldPrefix(settingsWith('t5'), ' ti'), ['▁ti', ' ti']);
  t.same(foldPrefix(settingsWith('bert'), '##i'), ['##i']);
  t.ok(isOwnToken(settingsWith('t5'), '▁time'));
  t.notOk(isOwnToken(settingsWith('t5'), '▁time machine'));
  t.ok(isOwnToken(settingsWith('t5'), '<|unk|>'), 'the marks of a corpus are others');
  t.notOk(isOwnToken(settingsWith('t5'), '<unk>'));
});

t.test('a text without a place where it can be cut is refused when it is too long', async (t) => {
  const word = 'a'.repeat(2 ** 20 + 1);
  for (const name of ['gpt2', 't5', 'bert', 'llama2', 'whitespace']) {
    t.throws(() => tokenize(settingsWith(name), word), { code: 'invalid-text', message: /1048576 bytes/ });
    t.throws(() => tokenize(settingsWith(name), `${'a '.repeat(100)}${word}`), { code: 'invalid-text' });
  }
});

t.test('the time for a long word is not quadratic', async (t) => {
  for (const name of tokenizerNames) {
    const settings = settingsWith(name);
    const tokens = tokenize(settings, 'ab'.repeat(100_000));
    t.ok(tokens.length > 0, name);
  }
});
