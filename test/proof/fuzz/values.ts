import fc from 'fast-check';
import type { ApiDocument, Schema } from './document.ts';

/** A literal piece of JSON, for numbers and keys that no JavaScript value represents. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Writes JSON that may contain raw pieces. */
export function writeJson(value: unknown): string {
  const pieces: string[] = [];
  const written = JSON.stringify(value, (_, inner) => {
    if (!(inner instanceof RawJson)) return inner;
    return `raw piece ${pieces.push(inner.text) - 1}`;
  });
  if (pieces.length === 0) return written ?? '';
  return written.replaceAll(/"raw piece (\d+)"/g, (_, i) => pieces[Number(i)]);
}

const words = [
  'the',
  'time',
  'machine',
  'traveller',
  'of',
  'a',
  'Über',
  '時間',
  '<s>',
  '</s>',
  '<unk>',
  '42',
  "isn't",
];

/** A text of few words, so that texts share n-grams; sometimes of several lines. */
export const text = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', ' ', ' ', '\n')), { maxLength: 40 })
  .map((pairs) => pairs.flat().join(''));

/** Characters that often cause errors. */
const oddCharacters = [
  '\0',
  '\u0001',
  '\u001b[2J',
  '\r\n',
  '\t',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u00ad',
  '\u0130',
  'ß',
  '\u0301',
  '\u061c',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\ud800',
  '\udfff',
  '👩‍👩‍👧',
  '\u{10ffff}',
  'ﷺ',
  'Ǆ',
  '\u1e9b\u0323',
];

/** Paths that lead elsewhere. */
const pathTricks = [
  '.',
  '..',
  '../',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '/etc/passwd',
  '//',
  'bystander/../bystander',
  '../corpora/bystander',
  'file:///etc/passwd',
  'bystander.sqlite',
  'bystander.sqlite-wal',
  'CON',
  'a\0.sqlite',
];

/** Percent-escapes that are malformed or not UTF-8. */
export const brokenEscapes = [
  'caf%E9',
  '%',
  'a%4',
  '%zz',
  '%C3',
  '%C3x',
  '%C0%80',
  '%ED%A0%80',
  '%F4%90%80%80',
  '%FF',
];

const magicWords = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'true',
  '[object Object]',
  "'; DROP TABLE corpora; --",
  '%s%n%x',
  '#{7*7}',
  '*',
  '?',
  '[1,2]',
  '{"a":1}',
  'WzAsMF0',
  'WzFlOTk5XQ',
  'WyJcdTAwMDAiXQ',
  'W10',
];

/** Spellings of numbers, many of them invalid. */
const numberTexts = [
  '0',
  '-0',
  '-1',
  '1e999',
  '-1e999',
  '1e308',
  '1e-320',
  '5e-324',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x10',
  '+1',
  '1.',
  '.5',
  '1e3',
  '01',
  '1_000',
  '1,5',
  '٣',
  '2147483647',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '18446744073709551616',
  '1'.repeat(400),
  '0.1,0.2',
  '1,0.5,0.25',
  '1,,1',
  '0.00000000000000000000000000001',
];

/** A string that may cause errors. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...magicWords),
  fc.constantFrom(...numberTexts),
  fc.constantFrom(...pathTricks),
  fc.constantFrom(...oddCharacters),
  fc
    .array(fc.oneof(fc.constantFrom(...oddCharacters), fc.constantFrom(...words)), { maxLength: 12 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  // Code units, not characters, so that surrogates can be unpaired.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .tuple(fc.constantFrom('a', '../', 'é', '\0', 'a '), fc.constantFrom(65, 129, 201, 1000, 5000))
    .map(([unit, times]) => unit.repeat(times)),
);

const hostileNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-1, 0, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 0.5, 1.5, 1e-320, 1e308),
  fc
    .constantFrom('1e999', '-1e999', '-0', '0.0000000001e-400', '9'.repeat(400))
    .map((text) => new RawJson(text)),
);

/** A JSON value that may cause errors. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }),
  fc
    .constantFrom('{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '{"a":1,"a":2}')
    .map((text) => new RawJson(text)),
  fc
    .tuple(fc.constantFrom('[', '{"a":'), fc.constantFrom(100, 5000, 100_000))
    .map(([open, depth]) => new RawJson(`${open.repeat(depth)}1${(open === '[' ? ']' : '}').repeat(depth)}`)),
  fc.constant(Array(10_001).fill(null)),
  fc.array(hostileText, { maxLength: 4 }),
  fc.dictionary(hostileText, hostileNumber, { maxKeys: 4 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Strings of a pattern are mostly chosen from a few, so that requests use the same names. */
const namesOfAPattern = 6;

/** Values that fit a schema. */
export function fitting(document: ApiDocument, unresolved: Schema): fc.Arbitrary<unknown> {
  const schema = document.resolve(unresolved);
  const { default: standard, example, examples = [], anyOf, oneOf, allOf } = schema;
  const known = [...examples, example, standard].filter((value) => value !== undefined);
  const made = 'const' in schema ? fc.constant(schema.const) : madeFrom();
  return known.length === 0
    ? made
    : fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...known) }, { weight: 3, arbitrary: made });

  function madeFrom(): fc.Arbitrary<unknown> {
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const choices = anyOf ?? oneOf;
    if (choices !== undefined) return fc.oneof(...choices.map((choice) => fitting(document, choice)));
    if (allOf !== undefined) {
      return fc
        .tuple(...allOf.map((part) => fitting(document, part)))
        .map((parts) => Object.assign({}, ...(parts as object[])));
    }
    const types = [schema.type ?? (schema.properties === undefined ? [] : 'object')].flat();
    return types.length === 0
      ? fc.jsonValue({ maxDepth: 2 })
      : fc.oneof(...types.map((type) => ofType(document, schema, type)));
  }
}

function ofType(document: ApiDocument, schema: Schema, type: string): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return numberWithin(schema, type === 'integer');
    case 'array': {
      const { items = {}, minItems = 0, maxItems } = schema;
      const some = fc.array(fitting(document, items), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems ?? 5, 5)),
      });
      if (maxItems === undefined) return some;
      const most = fitting(document, items).map((item) => Array(maxItems).fill(item));
      return fc.oneof({ weight: 19, arbitrary: some }, { weight: 1, arbitrary: most });
    }
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const fields = Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, fitting(document, field)]),
      );
      const optional = Object.keys(fields).filter((name) => !required.includes(name));
      // Mostly few of the optional properties, since not all can be combined.
      return fc
        .constantFrom(1, 2, optional.length)
        .chain((most) =>
          fc
            .subarray(optional, { maxLength: Math.min(most, optional.length) })
            .chain((chosen) =>
              fc.record(Object.fromEntries([...required, ...chosen].map((name) => [name, fields[name]]))),
            ),
        );
    }
    default:
      return stringWithin(schema);
  }
}

/** Numbers within the bounds, mostly near the minimum, since the largest are expensive. */
function numberWithin(schema: Schema, isInteger: boolean): fc.Arbitrary<number> {
  const step = isInteger ? 1 : Number.MIN_VALUE;
  const { minimum = -1000, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER, exclusiveMaximum } = schema;
  const min = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + step;
  const max = exclusiveMaximum === undefined ? maximum : exclusiveMaximum - step;
  const low = Math.min(max, Math.max(min, 0) + 10);
  const near = isInteger
    ? fc.integer({ min: Math.max(min, Math.min(0, low)), max: low })
    : fc.double({ min: Math.max(min, Math.min(0, low)), max: low, noNaN: true });
  return fc.oneof(
    { weight: 8, arbitrary: near },
    { weight: 1, arbitrary: fc.constant(min) },
    { weight: 1, arbitrary: fc.constant(max) },
  );
}

function stringWithin({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema) {
  if (pattern !== undefined) {
    const any = fc.stringMatching(new RegExp(pattern));
    const few = fc.sample(any, { seed: 1, numRuns: namesOfAPattern });
    return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...few) }, { weight: 1, arbitrary: any });
  }
  const lists = fc.constantFrom('1', '0.5', '1,0.5,0.25', '0.6,0.3,0.1', '0.7', 'sampled', 'none');
  const strings = fc.oneof(
    { weight: 5, arbitrary: text },
    { weight: 4, arbitrary: fc.constantFrom('the', 'time', 'machine') },
    { weight: 2, arbitrary: lists },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.constantFrom('a'.repeat(15_000), 'a '.repeat(7_500)) },
  );
  return strings.map((value) => value.padEnd(minLength, 'a').slice(0, maxLength));
}
