/** A word that occurs in no text. */
export const unseenWord = 'unseen';

const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'ka', 'le', 'mi', 'no', 'pu'];

export function chance(probability: number): boolean {
  return Math.random() < probability;
}

export function oneOf<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)];
}

/** Words, few of which are frequent. */
export function words(length: number): string[] {
  return Array.from({ length }, () => {
    const rank = Math.floor(200 ** Math.random());
    return syllables[rank % 10] + syllables[Math.floor(rank / 10) % 10] + (rank >= 100 ? 'x' : '');
  });
}

/** Some lines of at least three words each. */
export function lines(): string {
  return Array.from({ length: 1 + Math.floor(Math.random() * 12) }, () =>
    words(3 + Math.floor(Math.random() * 12)).join(' '),
  ).join('\n');
}
