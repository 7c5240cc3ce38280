import { pointerTo } from '../pointer.ts';

/**
 * The JSON pointer of the first duplicate name in an object of `text`, of which `JSON.parse` keeps only the last value;
 * undefined if there is none. `text` is JSON, `bytes` its UTF-8, and `value` its parsed value.
 */
export function findRepeatedName(text: string, bytes: Buffer, value: unknown): string | undefined {
  // A string that begins with a colon counts as a name too, so only the scan is certain.
  return countNamesAtMost(bytes) > countMembers(value) ? scan(text) : undefined;
}

/** The number of quotes followed by a colon: at the end of each name, and at the beginning of some strings. */
function countNamesAtMost(bytes: Buffer): number {
  let names = 0;
  for (let at = bytes.indexOf(colon); at >= 0; at = nextColon(bytes, at + 1)) {
    let before = at - 1;
    while (isWhiteSpace(bytes[before])) before--;
    if (bytes[before] === quote) names++;
  }
  return names;
}

/** Like `bytes.indexOf(colon, start)`, which is slower than checking the next bytes if colons are close together. */
function nextColon(bytes: Buffer, start: number): number {
  const end = Math.min(start + 64, bytes.length);
  for (let at = start; at < end; at++) if (bytes[at] === colon) return at;
  return bytes.indexOf(colon, end);
}

/** The number of members of all objects in a JSON value. */
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

/** An open object or array: its names so far, if it is an object, and the position of its next value. */
interface Open {
  names: Set<string> | undefined;
  place: string | number;
}

function scan(text: string): string | undefined {
  const open: Open[] = [];
  // By hand, because a regular expression for strings overflows the stack on a long one.
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

/** The end of the string that begins at `start`, after its quote. */
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
