import { invalidField } from '../validation.ts';

/** The most values of a JSON body, lists and objects among them: more than any request may have. */
const maxValues = 50_000;

const [quote, backslash, comma, openingBracket, openingBrace] = Buffer.from('"\\,[{');

/**
 * Whether a JSON text has more than `most` values and beginnings of lists and objects, which are counted without reading
 * it: to read millions of small values takes seconds where as many bytes of text take some milliseconds.
 */
export function hasManyValues(json: Buffer, most: number): boolean {
  // Each value but the first of a list or an object stands behind a comma.
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

/** Where the string that begins at `start` ends; -1 where it does not. */
function endOfString(json: Buffer, start: number): number {
  for (let end = json.indexOf(quote, start + 1); end >= 0; end = json.indexOf(quote, end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === backslash) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}

/** Throws `invalid-request` for a JSON body of more values than a request may have. */
export function checkValues(json: Buffer): void {
  if (!hasManyValues(json, maxValues)) return;
  throw invalidField('/body', `The body has more than ${maxValues} values. Send several requests.`);
}
