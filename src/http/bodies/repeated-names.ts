import { pointerTo } from '../pointer.ts';

/**
 * The JSON pointer of the first name that comes twice in an object of `text`, of which `JSON.parse` keeps the last value
 * alone; undefined where there is none. `text` is JSON, `bytes` its UTF-8, and `value` what it was parsed to.
 */
export function findRepeatedName(text: string, bytes: Buffer, value: unknown): string | undefined {
  // A string that begins with a colon counts as a name too, so that only the scan is certain.
  return countNamesAtMost(bytes) > countMembers(value) ? scan(text) : undefined;
}

/** How often a quote is followed by a colon: at the end of each name, and at the beginning of some strings. */
function countNamesAtMost(bytes: Buffer): number {
  let names = 0;
  for (let at = bytes.indexOf(colon); at >= 0; at = nextColon(bytes, at + 1)) {
    let before = at - 1;
    while (isWhiteSpace(bytes[before])) before--;
    if (bytes[before] === quote) names++;
  }
  return names;
}

/** As `bytes.indexOf(colon, start)`, which costs more than to look at the next bytes where colons are close together. */
function nextColon(bytes: Buffer, start: number): number {
  const end = Math.min(start + 64, bytes.length);
  for (let at = start; at < end; at++) if (bytes[at] === colon) return at;
  return bytes.indexOf(colon, end);
}

/** The members of all objects in a JSON value. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  const unseen: object[] = [value];
  for (let next = unseen.pop(); next !== undefined; next = unseen.pop()) {
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object' && item !== null) unseen.push(item);
    } else {
      for (const name in next) {
        members++;
        const item = (next as Record<string, unknown>)[name];
        if (typeof item === 'object' && item !== null) unseen.push(item);
      }
    }
  }
  return members;
}

/** An object or array that is open: the names that it has so far, if it is an object, and the place of its next value. */
interface Open {
  names: Set<string> | undefined;
  place: string | number;
}

function scan(text: string): string | undefined {
  const open: Open[] = [];
  // By hand: a regular expression for strings runs out of stack where one is long.
  for (let at = 0; at < text.length; at++) {
    const around = open.at(-1);
    switch (text[at]) {
      case '{':
        open.push({ names: new Set(), place: '' });
        break;
      case '[':
        open.push({ names: undefined, place: 0 });
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (typeof around?.place === 'number') around.place++;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (around?.names !== undefined && isName(text, end)) {
          const name = JSON.parse(text.slice(at, end)) as string;
          around.place = name;
          if (around.names.has(name)) return pointerTo(open.map(({ place }) => place));
          around.names.add(name);
        }
        at = end - 1;
      }
    }
  }
  return undefined;
}

/** Where the string that begins at `start` ends, behind its quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

/** Whether the string before `end` is a name. */
function isName(text: string, end: number): boolean {
  let after = end;
  while (isWhiteSpace(text.charCodeAt(after))) after++;
  return text[after] === ':';
}

const colon = 0x3a;
const quote = 0x22;

function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
