import { invalidField } from './validation.ts';

/** Packs the place at which a list goes on. */
export function encodeCursor(place: readonly number[] | readonly string[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Token ids are numbers of 32 bits. */
const idLimit = 2 ** 32;

/**
 * Reads a cursor of `length` whole numbers that are not negative, the last `ids` of which are token ids.
 * Throws `invalid-request` where it is none.
 */
export function decodeIntegers(cursor: string, length: number, ids = 0): number[] {
  const place = decodeNumbers(cursor, length);
  const isWhole = place.every((part) => Number.isSafeInteger(part));
  if (!isWhole || place.slice(length - ids).some((id) => id >= idLimit)) throw malformed();
  return place;
}

/** Reads a cursor of `length` numbers that are not negative. Throws `invalid-request` where it is none. */
export function decodeNumbers(cursor: string, length: number): number[] {
  const place = decode(cursor);
  if (place.length !== length || !place.every((part) => typeof part === 'number' && part >= 0)) {
    throw malformed();
  }
  return place as number[];
}

/** Reads a cursor of one string. Throws `invalid-request` where it is none. */
export function decodeString(cursor: string): string {
  const [place, ...rest] = decode(cursor);
  if (typeof place !== 'string' || rest.length > 0) throw malformed();
  return place;
}

function decode(cursor: string): unknown[] {
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(place)) return place;
  } catch {
    // not JSON: malformed, as below
  }
  throw malformed();
}

function malformed() {
  return invalidField(
    '/query/cursor',
    'The cursor is malformed: take `next_cursor` of the page before as it is.',
  );
}
