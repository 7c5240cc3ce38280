import type { ErrorObject } from 'ajv';
import { type FieldError, NgramdError } from '../errors.ts';
import { pointerTo } from './pointer.ts';
import { shortened } from './quoted.ts';

/** The part of a schema's error that is reported. */
export type SchemaError = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params' | 'message'>;

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
    case 'type':
      // A number of JSON beyond a double's range is read as an infinity.
      return { pointer, detail: message === 'must be number' ? 'must be a finite number' : `${message}` };
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

/**
 * One invalid field, as an error. `pointer` is a JSON pointer into the request or, below `belowPart`, into the part.
 */
export function invalidField(pointer: string, detail: string): NgramdError {
  return new NgramdError('invalid-request', detail, [{ pointer, detail }]);
}
