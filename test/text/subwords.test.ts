import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { Tiktoken, type TiktokenBPE } from 'js-tiktoken/lite';
import t from 'tap';
import { lastTokens } from '../../src/text/last-tokens.ts';
import { foldPrefix } from '../../src/text/prefix.ts';
import { promptTokens } from '../../src/text/prompt-tokens.ts';
import { tokenizeQuery } from '../../src/text/reserved.ts';
import { bytesOfName, nameOfBytes } from '../../src/text/subwords/byte-names.ts';
import { isCut, lastCut } from '../../src/text/subwords/cuts.ts';
import { type EncodingName, encodingNames, encodings } from '../../src/text/subwords/encodings.ts';
import { shownToken, textOfTokens, textsOfTokens } from '../../src/text/token-text.ts';
import { createTokenizer, ownIds, ownTokens, tokenize } from '../../src/text/tokenizer.ts';
import { nastyText } from './nasty-texts.ts';
// Writes the encodings' files.
import '../../scripts/encodings.ts';

const require = createRequire(import.meta.url);
const names = Object.fromEntries(
  encodingNames.map((tokenizer) => [tokenizer, [...ownTokens({ tokenizer })]]),
) as Record<EncodingName, string[]>;
const idOf = Object.fromEntries(
  encodingNames.map((name) => [name, new Map(names[name].map((token, id) => [token, id]))]),
) as Record<EncodingName, Map<string, number>>;

/** The same encoding by another implementation; its pieces are those of the pattern that is tested. */
function reference(name: EncodingName): Tiktoken {
  const ranks: TiktokenBPE = require(`js-tiktoken/ranks/${name}`);
  return new Tiktoken({ ...ranks, pat_str: encodings[name].pieces.source });
}

function idsOf(name: EncodingName, text: string): number[] {
  return tokenize({ tokenizer: name }, text).map((token) => idOf[name].get(token) as number);
}

/** Texts of interfaces in nineteen languages, as people wrote them. */
const locales = join(dirname(require.resolve('axe-core/package.json')), 'locales');
const languages = readdirSync(locales)
  .filter((file) => /^[a-z].*\.json$/.test(file))
  .map((file) => readFileSync(join(locales, file), 'utf8').slice(0, 10_000));

for (const name of encodingNames) {
  t.test(
    `${name}: the ids of texts in Latin, Greek, Cyrillic, Hebrew, Chinese, Japanese and Korean`,
    async (t) => {
      const text = languages.join('');
      t.same(idsOf(name, text), reference(name).encode(text, [], []));
    },
  );

  t.test(`${name}: the ids of any text, cut into any chunks`, async (t) => {
    const tiktoken = reference(name);
    const piece = fc.oneof(
      nastyText,
      fc.constantFrom(
        "'s",
        "'RE",
        '  ',
        '\n\n',
        ' \r\n ',
        '123456',
        'ÀÉ',
        'aB',
        'e\u0301',
        '字字',
        '🙂🙂',
        '\t',
        '/',
        '..!\n',
      ),
    );
    const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 9 }), (text, length) => {
        const found: number[] = [];
        const sink = {
          token: (bytes: Uint8Array, start: number, end: number) => {
            found.push(idOf[name].get(Buffer.from(bytes.subarray(start, end)).toString()) as number);
          },
          lineEnd() {},
        };
        let tokenizer = createTokenizer({ tokenizer: name }, sink, false);
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += length) {
          tokenizer.write(bytes.subarray(at, at + length));
          if (at % 2 === 0) tokenizer = createTokenizer({ tokenizer: name }, sink, false, tokenizer.state());
        }
        tokenizer.end();
        const whole = bytes.toString();
        const expected = tiktoken.encode(whole, [], []);
        t.same(found, expected);
        t.equal(
          textOfTokens(
            { tokenizer: name },
            found.map((id) => names[name][id]),
          ),
          whole,
        );
      }),
      { numRuns: 300 },
    );
  });
}

t.test('ids that are published with tiktoken', async (t) => {
  const published: [EncodingName, string, number[]][] = [
    ['gpt2', 'hello world', [31373, 995]],
    ['gpt2', '0'.repeat(16), [25645]],
    ['gpt2', '0'.repeat(17), [8269, 10535, 830]],
    ['cl100k_base', 'hello world', [15339, 1917]],
    ['cl100k_base', 'rer', [38149]],
    ['cl100k_base', "'rer", [2351, 81]],
    ['cl100k_base', 'today\n ', [31213, 198, 220]],
    ['cl100k_base', 'today\n \n', [31213, 27907]],
    ['cl100k_base', 'today\n  \n', [31213, 14211]],
    ['cl100k_base', ' \u00850', [220, 126, 227, 15]],
    ['cl100k_base', '👍', [9468, 239, 235]],
  ];
  for (const [name, text, ids] of published)
    t.same(idsOf(name, text), ids, `${name} ${JSON.stringify(text)}`);
});

t.test('every id has a name of its own, without white space, from which its bytes are read', async (t) => {
  for (const name of encodingNames) {
    t.equal(names[name].length, ownIds({ tokenizer: name }));
    t.equal(idOf[name].size, names[name].length, 'no two are the same');
    t.notOk(names[name].some((token) => /\s/u.test(token) || token === ''));
    t.notOk(['<s>', '</s>', '<unk>'].some((mark) => idOf[name].has(mark)));
    t.equal(names[name][encodings[name].special['<|endoftext|>']], '<|endoftext|>');
  }
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  t.same(bytesOfName(nameOfBytes(bytes)), bytes);
  t.equal(nameOfBytes(Buffer.from(' the\n')), 'ĠtheĊ');
});

t.test('special tokens in a text are plain text', async (t) => {
  for (const name of encodingNames) {
    const ids = idsOf(name, 'a<|endoftext|>b');
    t.ok(ids.length > 3);
    t.notOk(ids.includes(encodings[name].special['<|endoftext|>']));
  }
});

t.test('a text can be cut where the pieces of the whole end', async (t) => {
  fc.assert(
    fc.property(nastyText, nastyText, nastyText, (one, two, three) => {
      const text = one + two + three;
      for (const name of encodingNames) {
        const pieces = (part: string) => part.match(encodings[name].pieces) ?? [];
        const cuts = Array.from({ length: text.length }, (_, at) => at).filter((at) => isCut(text, at));
        for (const at of cuts)
          t.same([...pieces(text.slice(0, at)), ...pieces(text.slice(at))], pieces(text));
        t.equal(lastCut(text), cuts.at(-1) ?? 0);
      }
    }),
    { numRuns: 200 },
  );
});

t.test(
  'long pieces are merged in time that is not quadratic, and equal a short look at each pair',
  async (t) => {
    for (const text of ['a'.repeat(1000), 'abc'.repeat(300), '='.repeat(700)]) {
      t.same(idsOf('cl100k_base', text), reference('cl100k_base').encode(text, [], []), text.slice(0, 3));
    }
    const long = 'ab'.repeat(400_000);
    t.equal(textOfTokens({ tokenizer: 'gpt2' }, tokenize({ tokenizer: 'gpt2' }, long)), long);
    t.throws(() => tokenize({ tokenizer: 'gpt2' }, 'a'.repeat(2 ** 20 + 1)), { code: 'invalid-text' });
  },
);

t.test('in a corpus of lines, lines are texts of their own, with line ends of Windows, too', async (t) => {
  const settings = { tokenizer: 'gpt2', sequences: 'line' } as const;
  const seen: string[] = [];
  const sink = {
    token: (bytes: Uint8Array, start: number, end: number) => {
      seen.push(Buffer.from(bytes.subarray(start, end)).toString());
    },
    lineEnd: () => seen.push('|'),
  };
  const tokenizer = createTokenizer(settings, sink, true);
  for (const byte of Buffer.from('\ufeffone two\r\n\n three\n\rfour')) tokenizer.write(Uint8Array.of(byte));
  tokenizer.end();
  t.same(seen, ['one', 'Ġtwo', '|', '|', 'Ġthree', '|', 'č', 'four', '|']);
});

t.test(
  'queries have the tokens of texts, and marks only where a whole query or its beginning is one',
  async (t) => {
    const ofLines = { tokenizer: 'gpt2', sequences: 'line' } as const;
    t.same(tokenizeQuery(ofLines, '<s> The time'), ['<s>', 'The', 'Ġtime']);
    t.same(tokenizeQuery(ofLines, '<s>'), ['<s>']);
    t.same(tokenizeQuery(ofLines, '</s>'), ['</s>']);
    t.same(tokenizeQuery(ofLines, 'a </s>'), ['a', 'Ġ</', 's', '>']);
    t.same(tokenizeQuery({ ...ofLines, sequences: 'document' }, '<s>'), ['<', 's', '>']);
    t.same(promptTokens(ofLines, '<s> a 字\nb'), [
      { token: '<s>', start: 0 },
      { token: 'a', start: 4 },
      { token: 'Ġå', start: 5 },
      { token: 'Ń', start: 6 },
      { token: 'Ĺ', start: 6 },
      { token: '</s>', start: 7 },
      { token: 'b', start: 8 },
    ]);
    t.same(promptTokens({ ...ofLines, sequences: 'document' }, '<|endoftext|>'), [
      { token: '<|endoftext|>', start: 0 },
    ]);
    t.same(foldPrefix(ofLines, ' th'), ['Ġth', ' th']);
    t.same(foldPrefix(ofLines, 'Ġth'), ['ÄłĠth'.replace('Ġ', ''), 'Ġth']);
  },
);

t.test('the last tokens of a long text are those of the whole', async (t) => {
  const text = languages.join('').slice(0, 40_000);
  for (const name of encodingNames) {
    const settings = { tokenizer: name, sequences: 'document' } as const;
    for (let end = 39_000; end < 39_020; end++) {
      const part = text.slice(0, end);
      t.same(lastTokens(settings, part, 5), tokenize(settings, part).slice(-5));
    }
    const uncut = '字'.repeat(3000);
    t.same(lastTokens(settings, uncut, 5), tokenize(settings, uncut).slice(-5));
  }
});

t.test('characters come with the token that completes them, and what is none is U+FFFD', async (t) => {
  const settings = { tokenizer: 'gpt2' } as const;
  const tokens = tokenize(settings, 'a字');
  t.same(textsOfTokens(settings, tokens, ''), {
    texts: ['a', '', '字'],
    joint: '',
  });
  t.same(textsOfTokens(settings, tokens.slice(0, 2), ''), { texts: ['a', ''], joint: tokens[1] });
  t.same(textsOfTokens(settings, tokens.slice(0, 2), '', true).texts, ['a', '\ufffd']);
  t.same(textsOfTokens(settings, tokens.slice(2), tokens[1]).texts.join(''), '字');
  t.equal(shownToken(settings, 'Ġthe'), ' the');
  t.equal(shownToken(settings, tokens[1]), 'bytes:\\xe5\\xad');
});
