import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { type FieldError, NgramdError } from '../errors.ts';

/** What a schema says about a value that does not fit. */
export type SchemaError = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params' | 'message'>;

/** How much of the name of an unknown field is repeated, in characters. */
const longestName = 100;

/** Texts become numbers and booleans where the schema wants them: for queries, paths and form fields. */
const coercing = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, strict: false });
const strict = new Ajv({ useDefaults: true, strict: false });

/** Compiles route schemas. A body that is still a stream, or a form, is checked as it comes in. */
export const compileSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart, ...route }) => {
  if (httpPart !== 'body') return coercing.compile(schema);
  const validate = strict.compile(schema);
  const isForm = (route as { contentType?: string }).contentType === 'multipart/form-data';
  return (body: unknown) => {
    if (isForm || isStream(body)) return true;
    return validate(body) ? true : { error: validate.errors as never };
  };
};

/** Checks fields that came as text; the fields are converted in place. Throws `invalid-request` below `part`. */
export function checkFields<T>(schema: TSchema, part: string, fields: Record<string, unknown>): T {
  return check<T>(coercing.compile(schema), part, fields);
}

/** Makes a check of JSON values against a schema, which throws `invalid-request` below `part`. */
export function jsonChecker<T>(schema: TSchema): (part: string, value: unknown) => T {
  const validate = strict.compile(schema);
  return (part, value) => check<T>(validate, part, value);
}

function check<T>(validate: ValidateFunction, part: string, value: unknown): T {
  if (!validate(value)) throw invalidFields(part, validate.errors ?? []);
  return value as T;
}

/** The error that names each invalid field below `part`, a JSON pointer. */
export function invalidFields(part: string, failures: readonly SchemaError[]): NgramdError {
  const errors = failures.map((failure) => fieldError(part, failure));
  const sentences = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
  return new NgramdError('invalid-request', `The request is invalid: ${sentences}.`, errors);
}

function fieldError(part: string, { instancePath, keyword, params, message }: SchemaError): FieldError {
  const pointer = part + instancePath;
  switch (keyword) {
    case 'additionalProperties':
      return { pointer: `${pointer}/${pointerPart(params.additionalProperty)}`, detail: 'is not known here' };
    case 'required':
      return { pointer: `${pointer}/${params.missingProperty}`, detail: 'is missing' };
    case 'enum':
      return { pointer, detail: `must be one of ${params.allowedValues.join(', ')}` };
    default:
      return { pointer, detail: message ?? 'is invalid' };
  }
}

/** The name of a field as a JSON pointer has it (RFC 6901), without its end where it is long. */
function pointerPart(name: string): string {
  const shown = name.length > longestName ? `${name.slice(0, longestName)}…` : name;
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Runs `parse`, whose field errors point into one part of the request (`/query` or `/body`). */
export function inPart<T>(part: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw belowPart(part, error);
  }
}

/** The error with its fields, if it has any, below a part of the request. */
export function belowPart(part: string, error: unknown): unknown {
  if (!(error instanceof NgramdError)) return error;
  const errors = error.errors.map(({ pointer, detail }) => ({ pointer: part + pointer, detail }));
  return new NgramdError(error.code, error.message, errors);
}

/** One invalid field, as an error. `pointer` is a JSON pointer into the request or, below `inPart`, into the part. */
export function invalidField(pointer: string, detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer, detail }]);
}

function isStream(body: unknown): boolean {
  return typeof (body as { pipe?: unknown } | null)?.pipe === 'function';
}
