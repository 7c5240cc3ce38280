import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { type FieldError, NgramdError } from '../errors.ts';
import { pointerTo } from './pointer.ts';
import { shortened } from './quoted.ts';

/** The part of a schema's error that is reported. */
export type SchemaError = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params' | 'message'>;

const lenient = new Ajv({ useDefaults: true, allErrors: true, strict: false });
const strict = new Ajv({ useDefaults: true, strict: false });

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

/** The syntax of numbers in texts: as in JSON, integers in decimal digits. */
const written = { integer: /^-?(0|[1-9]\d*)$/, number: /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/ };

const expected: Record<string, string> = {
  integer: 'must be an integer in decimal digits, such as 10',
  number: 'must be a finite number as JSON writes it, such as 0.5 or 2e-3',
  boolean: 'must be true or false',
};

/** The finite number that a text denotes, as in JSON; undefined if it denotes none. */
export function parseNumber(text: string, type: keyof typeof written = 'number'): number | undefined {
  const number = written[type].test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Makes a check of fields that are texts, such as those of queries, paths and forms, against a schema of an object. Texts are
 * converted in place to the numbers and booleans that the schema requires.
 */
function textChecker(schema: TSchema): ValidateFunction {
  const validate = lenient.compile(schema);
  const typed = Object.entries(
    (schema as { properties?: Record<string, { type?: string }> }).properties ?? {},
  )
    .filter(([, { type }]) => type === 'integer' || type === 'number' || type === 'boolean')
    .map(([name, { type }]) => [name, type as 'integer' | 'number' | 'boolean'] as const);
  const check = (fields: Record<string, unknown>) => {
    for (const [name, type] of typed) {
      const text = fields[name];
      if (typeof text === 'string') fields[name] = meaningOf(text, type);
    }
    const isValid = validate(fields);
    check.errors = validate.errors?.map((error) =>
      error.keyword === 'type' ? { ...error, message: expected[error.params.type] ?? error.message } : error,
    );
    return isValid;
  };
  check.errors = undefined as ValidateFunction['errors'];
  return check as unknown as ValidateFunction;
}

/** The value that a text denotes; the text itself if it denotes none of this type. */
function meaningOf(text: string, type: 'integer' | 'number' | 'boolean'): unknown {
  if (type !== 'boolean') return parseNumber(text, type) ?? text;
  return text === 'true' || (text === 'false' ? false : text);
}

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

/** The error that lists the invalid fields below `part`, a JSON pointer. */
export function invalidFields(part: string, failures: readonly SchemaError[]): NgramdError {
  const errors = failures.map((failure) => fieldError(part, failure));
  const sentences = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  return new NgramdError('invalid-request', `The request is invalid: ${sentences}.`, errors);
}

function fieldError(part: string, { instancePath, keyword, params, message }: SchemaError): FieldError {
  const pointer = part + instancePath;
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: pointer + pointerTo([shortened(params.additionalProperty)]),
        detail: 'is not known here',
      };
    case 'required':
      return { pointer: pointer + pointerTo([params.missingProperty]), detail: 'is missing' };
    case 'enum':
      return { pointer, detail: `must be one of ${params.allowedValues.join(', ')}` };
    default:
      return { pointer, detail: message ?? 'is invalid' };
  }
}

/** The error with the pointers of its field errors moved below a part of the request. */
export function belowPart(part: string, error: unknown): unknown {
  if (!(error instanceof NgramdError)) return error;
  const errors = error.errors.map(({ pointer, detail }) => ({ pointer: part + pointer, detail }));
  return new NgramdError(error.code, error.message, errors);
}

/** The error with the pointer `from`, where a field error has it, replaced by `to`. */
export function movePointer(error: unknown, from: string, to: string): unknown {
  if (!(error instanceof NgramdError)) return error;
  const errors = error.errors.map(({ pointer, detail }) => ({
    pointer: pointer === from ? to : pointer,
    detail,
  }));
  return new NgramdError(error.code, error.message, errors);
}

/** One invalid field, as an error. `pointer` is a JSON pointer into the request or, below `belowPart`, into the part. */
export function invalidField(pointer: string, detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer, detail }]);
}

function isStream(body: unknown): boolean {
  return typeof (body as { pipe?: unknown } | null)?.pipe === 'function';
}
