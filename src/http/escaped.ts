/** The parts of a text between the separators that have no backslash before them. */
export function splitAt(text: string, separator: RegExp): string[] {
  const parts = [''];
  for (const [character] of text.matchAll(/\\?./gsu)) {
    if (separator.test(character) && !character.startsWith('\\')) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** A text without the backslashes that make characters mean themselves. */
export function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gsu, '$1');
}
