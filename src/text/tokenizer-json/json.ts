import { NgramdError } from '../../errors.ts';

/** An object of a tokenizer.json. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The error `invalid-request` for a tokenizer.json. */
export function invalidTokenizer(reason: string): NgramdError {
  const detail = `The tokenizer.json cannot be used: ${reason}`;
  return new NgramdError('invalid-request', detail, [{ pointer: '/body/tokenizer', detail }]);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list in a field. Throws `invalid-request` if it is not a list of objects. */
export function objectsIn(object: JsonObject, field: string): JsonObject[] {
  const value = object[field];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw invalidTokenizer(`its ${field} must be a list of objects.`);
}

/** A string in a field; undefined if it is absent or null. Throws `invalid-request` for anything else. */
export function stringIn(object: JsonObject, field: string): string | undefined {
  const value = object[field] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalidTokenizer(`its ${field} must be a string.`);
}

/** A name as it is shown in a message. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}
