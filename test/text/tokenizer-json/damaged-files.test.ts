import t from 'tap';
import { NgramdError } from '../../../src/errors.ts';
import { readTokenizerFile } from '../../../src/text/tokenizer-json/tokenizer-file.ts';
import { tokenizerJson, tokenizerNames } from './fixtures.ts';

type Path = readonly (string | number)[];

/** The places of the values in JSON, of long lists and objects only some. */
function* pathsIn(value: unknown, path: Path = []): Generator<Path, void> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const some = keys.length > 20 ? [keys[0], keys[keys.length - 1]] : keys;
  for (const key of some) yield* pathsIn((value as Record<string | number, unknown>)[key], [...path, key]);
}

/** The same JSON with another value at a place; without it, if that is undefined. */
function replaced(json: unknown, path: Path, value: unknown): string {
  const copy = structuredClone(json);
  let holder = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
  holder[path[path.length - 1]] = value;
  return JSON.stringify(copy);
}

t.test(
  'a file with any other value in a place is refused, or has ids of its own for every text',
  async (t) => {
    const values = [undefined, null, 5, 'x', [1, 2], { a: 1 }];
    const between = { continues: false, goesOn: false };
    for (const name of tokenizerNames) {
      const json = JSON.parse(tokenizerJson(name).toString());
      for (const path of pathsIn(json)) {
        for (const value of values) {
          const where = `${name} ${path.join('/')} = ${JSON.stringify(value)}`;
          try {
            const { tokenize, names, outline } = readTokenizerFile(replaced(json, path, value));
            for (const text of ['The time machine', ' a\nb 字 👍🏽 12 ', ''])
              tokenize(text, between, (id) => {
                if (names[id] === undefined) t.fail(`${where}: ${id} of ${outline.ids}`);
              });
            if (new Set(names).size !== outline.ids) t.fail(where);
          } catch (error) {
            if (!(error instanceof NgramdError && error.code === 'invalid-request')) t.fail(where, { error });
          }
        }
      }
    }
  },
);
