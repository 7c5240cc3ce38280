/** How much of an input a message repeats: characters of a text, and items of a list. */
const longestText = 100;
const longestList = 10;

/** A text of a request as a message repeats it: in JSON, and without its end where it is long. */
export function quoted(text: string): string {
  if (text.length <= longestText) return JSON.stringify(text);
  return JSON.stringify(`${text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '')}…`);
}

/** As `quoted`, a list of texts. */
export function quotedList(texts: readonly string[]): string {
  const items = texts.slice(0, longestList).map(quoted);
  return `[${[...items, ...(texts.length > longestList ? ['…'] : [])].join(',')}]`;
}
