import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { invalidFields } from './invalid-fields.ts';
import { parseNumber } from './numbers.ts';

/**
 * A number of JSON that is too large for a double, such as 1e999, is parsed as an infinity, which is no number here.
 */
const options = { useDefaults: true, strict: false, strictNumbers: true };
const lenient = new Ajv({ ...options, allErrors: true });
const strict = new Ajv(options);

/** Compiles route schemas. A body that is still a stream is checked as it is received. */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart !== 'body') {
    const validate = textChecker(schema);
    return (fields: unknown) => (validate(fields) ? true : { error: validate.errors as never });
  }
  const validate = strict.compile(schema);
  return (body: unknown) => {
    if (isStream(body)) return true;
    return validate(body) ? true : { error: validate.errors as never };
  };
};

/** Checks fields that are texts, which are converted in place. Throws `invalid-request` with pointers below `part`. */
export function checkFields<T>(schema: TSchema, part: string, fields: Record<string, unknown>): T {
  return check<T>(textChecker(schema), part, fields);
}

const expected: Record<string, string> = {
  integer: 'must be an integer in decimal digits, such as 10',
  number: 'must be a finite number as JSON writes it, such as 0.5 or 2e-3',
  boolean: 'must be true or false',
};

/**
 * Makes a check of fields that are texts, such as those of queries, paths and forms, against a schema of an object.
 * Texts are converted in place to the numbers, lists of numbers and booleans that the schema requires.
 */
function textChecker(schema: TSchema): ValidateFunction {
  const validate = lenient.compile(schema);
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> };
  const meaningOf = new Map(
    Object.entries(properties).flatMap(([name, { type = '' }]) =>
      type in meanings ? [[name, meanings[type]] as const] : [],
    ),
  );
  const check = (fields: Record<string, unknown>) => {
    // Most requests have few of the fields.
    for (const name in fields) {
      const text = fields[name];
      if (typeof text === 'string') fields[name] = meaningOf.get(name)?.(text) ?? text;
    }
    const isValid = validate(fields);
    check.errors = validate.errors?.map((error) =>
      error.keyword === 'type' ? withExpected(error, fields) : error,
    );
    return isValid;
  };
  check.errors = undefined as ValidateFunction['errors'];
  return check as unknown as ValidateFunction;
}

/** The error about a type, with what the text must be. That of an item is about the list, which is one text. */
function withExpected(error: ErrorObject, fields: Record<string, unknown>): ErrorObject {
  const { instancePath, params, message } = error;
  const [, name, place] = instancePath.split('/');
  if (place === undefined) return { ...error, message: expected[params.type] ?? message };
  const item = JSON.stringify((fields[name] as unknown[])[Number(place)]);
  const items =
    params.type === 'integer'
      ? 'integers in decimal digits, separated by commas, such as 0,0,1'
      : 'finite numbers as JSON writes them, separated by commas, such as 1,0.5,2.5e-1';
  return { ...error, instancePath: `/${name}`, message: `must be ${items}; ${item} is not` };
}

/** The value that a text denotes, by type; the text itself if it denotes none. The items of lists are numbers. */
const meanings: Record<string, (text: string) => unknown> = {
  integer: (text) => parseNumber(text, 'integer') ?? text,
  number: (text) => parseNumber(text) ?? text,
  boolean: (text) => text === 'true' || (text === 'false' ? false : text),
  array: (text) => text.split(',').map((item) => parseNumber(item) ?? item),
};

/** Makes a check of JSON values against a schema, which throws `invalid-request` with pointers below `part`. */
export function jsonChecker<T>(schema: TSchema): (part: string, value: unknown) => T {
  const validate = strict.compile(schema);
  return (part, value) => check<T>(validate, part, value);
}

/** Makes a test of whether JSON values fit a schema. */
export function jsonTest<T>(schema: TSchema): (value: unknown) => value is T {
  return strict.compile<T>(schema);
}

function check<T>(validate: ValidateFunction, part: string, value: unknown): T {
  if (!validate(value)) throw invalidFields(part, validate.errors ?? []);
  return value as T;
}

function isStream(body: unknown): boolean {
  return typeof (body as { pipe?: unknown } | null)?.pipe === 'function';
}
