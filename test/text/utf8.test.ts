import fc from 'fast-check';
import t from 'tap';
import { createTokenizer } from '../../src/text/tokenizer.ts';

const sink = { token() {}, lineEnd() {} };

/** The byte offset that the error about a text names; undefined if there is no error. */
function refusedAt(chunks: Iterable<Uint8Array>): number | undefined {
  const tokenizer = createTokenizer({ tokenizer: 'whitespace' }, sink, true);
  try {
    for (const chunk of chunks) tokenizer.write(chunk);
    tokenizer.end();
    return undefined;
  } catch (error) {
    const offset = /not valid UTF-8 at byte offset (\d+)/.exec((error as Error).message)?.[1];
    return Number(offset);
  }
}

const illFormed = {
  'a lone continuation byte': [0x80],
  'a byte that is never used': [0xff],
  'an overlong form of two bytes': [0xc0, 0xaf],
  'an overlong form of three bytes': [0xe0, 0x80, 0xaf],
  'an overlong form of four bytes': [0xf0, 0x80, 0x80, 0xaf],
  'a surrogate': [0xed, 0xa0, 0x80],
  'more than U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'a character cut short by a letter': [0xe2, 0x82, 0x41],
  'a character cut short by the end': [0xf0, 0x9f, 0x98],
};

for (const [name, bytes] of Object.entries(illFormed)) {
  t.test(`${name} is refused at its first byte, wherever the text is cut`, async (t) => {
    const before = Buffer.from('é€😀 ');
    const text = Buffer.concat([before, Buffer.from(bytes)]);
    const texts = name.endsWith('the end') ? [text] : [text, Buffer.concat([text, Buffer.from(' tail €')])];
    for (const text of texts) {
      t.equal(refusedAt([text]), before.length);
      for (let cut = 1; cut < text.length; cut++) {
        t.equal(refusedAt([text.subarray(0, cut), text.subarray(cut)]), before.length, `cut at ${cut}`);
      }
    }
  });
}

t.test('a text is refused if and only if the platform’s own decoder refuses it', async (t) => {
  const byte = fc.constantFrom(0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xff);
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 8 }), (bytes) => {
      const text = Uint8Array.from(bytes);
      let isValid = true;
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(text);
      } catch {
        isValid = false;
      }
      t.equal(refusedAt([text]) === undefined, isValid);
    }),
    { numRuns: 500 },
  );
});
