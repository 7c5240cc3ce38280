import { byteOrderMark } from '../../text/byte-order-mark.ts';

const dataLine = [...Buffer.from('\\data\\')];
const lineFeed = 0x0a;

/** The most white space before the line `\data\` of a file that is recognized by it. */
const maxBlank = 1024;

/** How far into a text `\data\` is looked for, in bytes: what tools write before it is a few kilobytes. */
const maxPreamble = 2 ** 16;

/**
 * Whether a text that begins with these bytes is an ARPA file: `\data\` comes first, but for a byte order mark and
 * white space; undefined if more of it has to arrive to know.
 */
export function beginsAsArpa(head: Uint8Array): boolean | undefined {
  const [mark] = byteOrderMark;
  let at = 0;
  if (head[0] === mark) {
    for (; at < byteOrderMark.length; at++) {
      if (at === head.length) return undefined;
      if (head[at] !== byteOrderMark[at]) return false;
    }
  }
  while (at < head.length && at < maxBlank && isBlank(head[at])) at++;
  for (const byte of dataLine) {
    if (at === head.length) return undefined;
    if (head[at++] !== byte) return false;
  }
  return true;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === lineFeed || byte === 0x0d;
}

/**
 * The same chunks of a text. Throws `found` if it is an ARPA file after all, with lines of another kind before its
 * `\data\`, as CMU's and IRST's toolkits write them.
 */
export async function* withoutArpa(
  text: AsyncIterable<Uint8Array>,
  found: () => Error,
): AsyncGenerator<Uint8Array, void> {
  let passed = 0;
  let begun: Uint8Array[] = [];
  let isHeader = false;
  for await (const chunk of text) {
    let start = 0;
    if (passed < maxPreamble) {
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        const line = Buffer.concat([...begun, chunk.subarray(start, end)])
          .toString('latin1')
          .trim();
        begun = [];
        start = end + 1;
        if (isHeader && /^ngram\s+1\s*=/.test(line)) throw found();
        isHeader = line === '\\data\\' || (isHeader && line === '');
      }
      // The chunk may be overwritten.
      if (start < chunk.length) begun.push(chunk.slice(start));
      passed += chunk.length;
      if (passed >= maxPreamble) begun = [];
    }
    yield chunk;
  }
}
