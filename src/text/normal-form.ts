/** The most marks in a row that are normalized together: sorting them takes time quadratic in their number. */
const longestRun = 512;

/**
 * The text in Normalization Form C, in linear time. More than 512 combining marks in a row are normalized in parts of
 * 512; no language has as many on one letter.
 */
export function normalForm(text: string): string {
  if (text.length <= longestRun) return text.normalize('NFC');
  let normal = '';
  let from = 0;
  // A run that is too long has a mark at one of these positions.
  for (let at = longestRun; at < text.length; at += longestRun) {
    if (at < from || !isMark(text, at)) continue;
    let start = at;
    while (start > from && isMark(text, start - 1)) start--;
    let length = 0;
    for (let end = start; end < text.length && isMark(text, end); end++) {
      if (length++ < longestRun || isLowSurrogate(text, end)) continue;
      normal += text.slice(from, end).normalize('NFC');
      from = end;
      length = 1;
    }
  }
  return normal + text.slice(from).normalize('NFC');
}

/** Whether the character whose code unit is at `at` is a combining mark. */
function isMark(text: string, at: number): boolean {
  const code = text.codePointAt(isLowSurrogate(text, at) ? at - 1 : at) as number;
  return code >= 0x300 && mark.test(String.fromCodePoint(code));
}

function isLowSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}

const mark = /^\p{M}$/u;
