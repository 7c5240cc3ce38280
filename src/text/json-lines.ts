import { NgramdError } from '../errors.ts';
import { CharacterStream, decodeUtf8 } from './utf8.ts';

/** The names of the fields that have the text and the id of a document. */
export interface DocumentFields {
  readonly text: string;
  readonly id: string;
}

/** The id that a document came with; a whole number that no double is equal to is a bigint. */
export type DocumentId = string | number | bigint;

/** The longest whole number that is an id, in digits. */
const maxDigits = 128;

/** How JSON has an id. */
export function jsonOfId(id: DocumentId): string {
  return typeof id === 'bigint' ? String(id) : JSON.stringify(id);
}

/** Whether a line has nothing but JSON's white space. */
export function isBlankLine(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a);
}

/**
 * The object in a line; `isFirst` if a byte order mark may precede it. With `mayBeIds`, a list is an object that has it
 * as its text. Throws `invalid-request` for what is no such JSON, and `invalid-text` for what is not UTF-8.
 */
export function parseDocument(
  line: Uint8Array,
  isFirst: boolean,
  fields: DocumentFields,
  mayBeIds = false,
): Record<string, unknown> {
  const characters = new CharacterStream();
  const written = characters.write(line);
  characters.end();
  const decoded = decodeUtf8(written, 0, written.length);
  const json = isFirst && decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded;
  const value = parseJson(json);
  if (mayBeIds && Array.isArray(value)) return { [fields.text]: value };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidDocument('it must be a JSON object.');
  }
  const document = value as Record<string, unknown>;
  const id = Object.hasOwn(document, fields.id) ? document[fields.id] : undefined;
  const isExact = typeof id !== 'number' || !Number.isInteger(id) || Number.isSafeInteger(id);
  return isExact ? document : parseExactly(json, fields.id);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    // The line of the message is one within this line.
    const reason = (error as Error).message.replace(/ \(line \d+ column \d+\)$/, '');
    throw invalidDocument(`it is not JSON: ${reason}.`);
  }
}

/** What `JSON.parse` passes along with a value: how a number is written. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** The object in JSON that has one, with whole numbers named `field` as they are written. */
function parseExactly(json: string, field: string): Record<string, unknown> {
  const reviver: Reviver = (key, value, { source = '' }) =>
    key === field && typeof value === 'number' ? exactNumber(value, source, field) : value;
  try {
    return JSON.parse(json, reviver as Parameters<typeof JSON.parse>[1]);
  } catch (error) {
    if (error instanceof RangeError) throw invalidDocument('its values are nested too deeply.');
    throw error;
  }
}

function exactNumber(value: number, source: string, field: string): number | bigint {
  if (!/^-?\d+$/.test(source)) return value;
  if (source.length <= maxDigits) return BigInt(source);
  throw invalidDocument(`its field ${JSON.stringify(field)}, the id, has more than ${maxDigits} digits.`);
}

/**
 * The text of a document, which may be a list of ids if `mayBeIds`. Throws `invalid-request` if it has none, and
 * `invalid-text` for half of a surrogate pair.
 */
export function textOfDocument(document: Record<string, unknown>, field: string, mayBeIds = false): string {
  const text = Object.hasOwn(document, field) ? document[field] : undefined;
  if (mayBeIds && Array.isArray(text)) return textOfIds(text);
  if (typeof text !== 'string') {
    throw invalidDocument(`its field ${JSON.stringify(field)}, the text, must be a string.`);
  }
  if (text.isWellFormed()) return text;
  throw new NgramdError('invalid-text', 'The text has half of a surrogate pair, which is not a character.');
}

/** A list of ids as a text. Throws `invalid-request` for what is no number. */
function textOfIds(ids: readonly unknown[]): string {
  const stray = ids.findIndex((id) => typeof id !== 'number');
  if (stray < 0) return ids.join(' ');
  throw invalidDocument(
    `item ${stray + 1} of its list of ids is ${kindOf(ids[stray])}, and must be a number.`,
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The id of a document; undefined if it has none, or null. Throws `invalid-request` for another value. */
export function idOfDocument(document: Record<string, unknown>, field: string): DocumentId | undefined {
  const id = Object.hasOwn(document, field) ? document[field] : undefined;
  if (id === undefined || id === null) return undefined;
  if (typeof id === 'string' || typeof id === 'bigint' || Number.isFinite(id)) return id as DocumentId;
  throw invalidDocument(`its field ${JSON.stringify(field)}, the id, must be a string or a number.`);
}

/** The error `invalid-request` for a line that is not a document. */
export function invalidDocument(reason: string): NgramdError {
  return new NgramdError('invalid-request', `The line is not a document: ${reason}`);
}
