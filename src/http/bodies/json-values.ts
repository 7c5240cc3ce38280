import { invalidField } from '../invalid-fields.ts';

/** The maximum number of values of a JSON body, including lists and objects: more than any valid request has. */
const maxValues = 50_000;

const [quote, backslash, comma, openingBracket, openingBrace] = Buffer.from('"\\,[{');

/**
 * Whether a JSON text has more than `most` values, including lists and objects. They are counted without parsing:
 * parsing millions of small values takes seconds, while as many bytes of text take some milliseconds.
 */
export function hasManyValues(json: Buffer, most: number): boolean {
  // Each value but the first of a list or an object follows a comma.
  let found = 1;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at);
      if (at < 0) return false;
    } else if (byte === comma || byte === openingBracket || byte === openingBrace) {
      if (++found > most) return true;
    }
  }
  return false;
}

/** The end of the string that begins at `start`; -1 if it does not end. */
function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(quote, start + 1); end >= 0; end = json.indexOf(quote, end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === backslash) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}

/** Throws `invalid-request` for a JSON body with too many values. */
export function checkValues(json: Buffer): void {
  if (!hasManyValues(json, maxValues)) return;
  throw invalidField('/body', `The body has more than ${maxValues} values. Send several requests.`);
}
