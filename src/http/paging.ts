import { invalidField } from './invalid-fields.ts';

/**
 * Parts of a place in a cursor: a position in a list, the id of a token, which has 32 bits, a probability, any number,
 * and a text.
 */
export const isPosition = (part: unknown) => Number.isSafeInteger(part) && (part as number) >= 0;
export const isTokenId = (part: unknown) => isPosition(part) && (part as number) < 2 ** 32;
export const isProbability = (part: unknown) => typeof part === 'number' && part >= 0;
export const isFiniteNumber = (part: unknown) => Number.isFinite(part);
export const isText = (part: unknown) => typeof part === 'string';

/** Encodes the place at which a list continues. */
export function encodeCursor(place: readonly (number | string)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Makes the decoder of the cursors of one list, each part of whose places passes its test in `tests`. For the first
 * page, which has no cursor, the place is undefined. The decoder throws `invalid-request` for a cursor that is not of
 * this list.
 */
export function cursorDecoder<Place extends readonly (number | string)[]>(
  ...tests: ((part: unknown) => boolean)[]
): (cursor: string | undefined) => Place | undefined {
  const fits = (place: unknown): place is Place =>
    Array.isArray(place) && place.length === tests.length && tests.every((test, i) => test(place[i]));
  return (cursor) => {
    if (cursor === undefined) return undefined;
    const place = parsed(cursor);
    if (fits(place)) return place;
    throw invalidField(
      '/query/cursor',
      'The cursor is malformed: take `next_cursor` of the page before as it is.',
    );
  };
}

/** The value that a cursor encodes; undefined if it is invalid. */
function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** How many items a page in JSON has by default and at most. */
export const defaultItems = 100;
export const maxItems = 1000;

/** The query of a page in JSON, with the number of its items. Throws `invalid-request` above the maximum. */
export function pageQuery<Query extends { limit?: number | undefined }>(
  query: Query,
): Query & { limit: number } {
  const { limit = defaultItems } = query;
  if (limit <= maxItems) return { ...query, limit };
  throw invalidField('/query/limit', `A page in JSON has at most ${maxItems} items; CSV has no maximum.`);
}

/** A page of a list, with the cursor of the next page if there is one. */
export interface Page<Item> {
  items: Item[];
  next_cursor?: string;
}

/**
 * The page of `limit` items among the items that were found, of which there is at least one more if the list continues.
 * `placeOf` is the place after an item.
 */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  placeOf: (last: Item) => readonly (number | string)[],
): Page<Item> {
  const items = found.slice(0, limit);
  if (found.length <= limit) return { items };
  return { items, next_cursor: encodeCursor(placeOf(items[limit - 1])) };
}
