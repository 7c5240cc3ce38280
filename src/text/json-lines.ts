import { NgramdError } from '../errors.ts';
import { CharacterStream, decodeUtf8 } from './utf8.ts';

/** The names of the fields that have the text and the id of a document. */
export interface DocumentFields {
  readonly text: string;
  readonly id: string;
}

/** The id that a document came with. */
export type DocumentId = string | number;

/** Whether a line has nothing but JSON's white space. */
export function isBlankLine(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a);
}

/**
 * The object in a line; `isFirst` if a byte order mark may precede it. A list is an object with the field `listField`,
 * where that is given. Throws `invalid-request` for what is no such JSON, and `invalid-text` for what is not UTF-8.
 */
export function parseDocument(
  line: Uint8Array,
  isFirst: boolean,
  listField?: string,
): Record<string, unknown> {
  const characters = new CharacterStream();
  const written = characters.write(line);
  characters.end();
  const json = decodeUtf8(written, 0, written.length);
  let value: unknown;
  try {
    value = JSON.parse(isFirst && json.startsWith('\ufeff') ? json.slice(1) : json);
  } catch (error) {
    throw invalidDocument(`it is not JSON: ${(error as Error).message}.`);
  }
  if (listField !== undefined && Array.isArray(value)) return { [listField]: value };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalidDocument('it must be a JSON object.');
}

/**
 * The text of a document, which may be a list of ids if `mayBeIds`. Throws `invalid-request` if it has none, and
 * `invalid-text` for half of a surrogate pair.
 */
export function textOfDocument(document: Record<string, unknown>, field: string, mayBeIds = false): string {
  const text = Object.hasOwn(document, field) ? document[field] : undefined;
  if (mayBeIds && Array.isArray(text)) return text.join(' ');
  if (typeof text !== 'string') {
    throw invalidDocument(`its field ${JSON.stringify(field)}, the text, must be a string.`);
  }
  if (text.isWellFormed()) return text;
  throw new NgramdError('invalid-text', 'The text has half of a surrogate pair, which is not a character.');
}

/** The id of a document; undefined if it has none, or null. Throws `invalid-request` for another value. */
export function idOfDocument(document: Record<string, unknown>, field: string): DocumentId | undefined {
  const id = Object.hasOwn(document, field) ? document[field] : undefined;
  if (id === undefined || id === null) return undefined;
  if (typeof id === 'string' || typeof id === 'number') return id;
  throw invalidDocument(`its field ${JSON.stringify(field)}, the id, must be a string or a number.`);
}

/** The error `invalid-request` for a line that is not a document. */
export function invalidDocument(reason: string): NgramdError {
  return new NgramdError('invalid-request', `The line is not a document: ${reason}`);
}
