/** How much of a request an error message repeats: characters of a text, and items of a list. */
const longestText = 100;
const longestList = 10;

/** A text of a request as error messages repeat it: truncated if it is long. */
export function shortened(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** As `shortened`, in JSON. */
export function quoted(text: string): string {
  return JSON.stringify(shortened(text));
}

/** As `quoted`, a list of texts. */
export function quotedList(texts: readonly string[]): string {
  const items = texts.slice(0, longestList).map(quoted);
  return `[${[...items, ...(texts.length > longestList ? ['…'] : [])].join(',')}]`;
}
