/** The phrases of a list with commas, as the service reads it: a comma after a backslash is part of a phrase. */
export function phrasesOf(list: string): string[] {
  const phrases = (list.match(/(?:\\.|[^,])+/gsu) ?? []).map((phrase) => phrase.trim());
  return [...new Set(phrases)].filter((phrase) => phrase !== '');
}

/** Whether a phrase leaves some of its words open. */
export function isPattern(phrase: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*[*/~]/.test(phrase);
}
