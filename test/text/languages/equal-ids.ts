import { createRequire } from 'node:module';
import { Tiktoken } from 'js-tiktoken/lite';
import t from 'tap';
import { type EncodingName, encodings } from '../../../src/text/subwords/encodings.ts';
import { ownTokens, tokenize } from '../../../src/text/tokenizer.ts';
import { textInManyLanguages } from './texts.ts';
// Writes the encodings' files.
import '../../../scripts/encodings.ts';

const require = createRequire(import.meta.url);

/** Tests that the ids of an encoding are those of js-tiktoken for 5 MB of text in several scripts. */
export function testIdsOf(name: EncodingName): void {
  t.test(`${name}: the ids of 5 MB in 150 languages are those of js-tiktoken`, async (t) => {
    const text = textInManyLanguages();
    t.ok(Buffer.byteLength(text) >= 5_000_000);
    const tokens = [...ownTokens({ tokenizer: name })];
    const idOf = new Map(tokens.map((token, id) => [token, id]));
    const found = tokenize({ tokenizer: name }, text).map((token) => idOf.get(token) as number);
    const expected = referenceIds(name, text);
    const place = expected.findIndex((id, i) => id !== found[i]);
    t.equal(place, -1, `the first that differs: ${found.slice(place, place + 5)}`);
    t.equal(found.length, expected.length);
  });
}

/**
 * The ids of js-tiktoken, which merges the bytes of each piece of a text by itself: a piece that comes again has the
 * same.
 */
function referenceIds(name: EncodingName, text: string): number[] {
  const { source } = encodings[name].pieces;
  const tiktoken = new Tiktoken({ ...require(`js-tiktoken/ranks/${name}`), pat_str: source });
  const known = new Map<string, number[]>();
  const ids: number[] = [];
  for (const [piece] of text.matchAll(new RegExp(source, 'gu'))) {
    let own = known.get(piece);
    if (own === undefined) {
      own = tiktoken.encode(piece, [], []);
      known.set(piece, own);
    }
    for (const id of own) ids.push(id);
  }
  return ids;
}
