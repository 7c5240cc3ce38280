/** How many bytes are waited for at most, to tell JSON from other texts. */
const maxBytes = 4096;

/** That of UTF-8, read as Latin-1. */
const byteOrderMark = '\xef\xbb\xbf';

const space = String.raw`[ \t\r\n]*`;
/** A string of JSON, which has no line feeds; and one that has not ended. */
const string = String.raw`"(?:[^"\\\n]|\\.)*"`;
const openString = String.raw`"(?:[^"\\\n]|\\.)*\\?`;

/** The first name of an object or of the first object of a list, or the first string of a list of several. */
const json = pattern(
  String.raw`(?:\[${space})?\{${space}${string}${space}:`,
  String.raw`\[${space}${string}${space},${space}"`,
);
/** A list of one string. */
const wholeList = pattern(String.raw`\[${space}${string}${space}\]${space}$`);
/** What can still become one of these. */
const undecided = pattern(
  String.raw`(?:\[${space})?(?:\{${space})?(?:${openString})?$`,
  String.raw`(?:\[${space})?\{${space}${string}${space}$`,
  String.raw`\[${space}${string}${space},?${space}$`,
  String.raw`\[${space}${string}${space}\]${space}$`,
);

/**
 * Whether a text begins as JSON does and hardly any other text: with an object, or with a list of objects or strings.
 * Undefined as long as that depends on what follows; `isWhole` says that nothing does.
 */
export function beginsAsJson(head: Uint8Array, isWhole: boolean): boolean | undefined {
  const text = Buffer.from(head.subarray(0, maxBytes)).toString('latin1');
  if (json.test(text) || (isWhole && wholeList.test(text))) return true;
  const isUndecided = undecided.test(text) || byteOrderMark.startsWith(text);
  return isWhole || head.length >= maxBytes || !isUndecided ? false : undefined;
}

/**
 * Any of the alternatives at the beginning of a text, after a byte order mark and spaces. Not after line feeds: who
 * sends an empty line to be scored may be waiting for its score.
 */
function pattern(...alternatives: string[]): RegExp {
  return new RegExp(`^(?:${byteOrderMark})?[ \\t]*(?:${alternatives.join('|')})`);
}
