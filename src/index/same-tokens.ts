import type { CorpusSettings } from '../store/store.ts';
import { definitionOf, ownIds } from '../text/tokenizer.ts';

/** The settings that decide which tokens models score in a text, with what they are called. */
const deciding = {
  tokenizer: 'tokenizer',
  locale: 'locale',
  dictionary: 'dictionary',
  sequences: 'sequences',
  blankLines: 'blank_lines',
} as const satisfies Partial<Record<keyof CorpusSettings, string>>;

/** A setting in which corpora differ so that their models do not score the same tokens; undefined if there is none. */
export function differingSetting(one: CorpusSettings, other: CorpusSettings): string | undefined {
  if (definitionOf(one)?.sha256 !== definitionOf(other)?.sha256) return 'tokenizer';
  // Of tokens that are ids.
  if (ownIds(one) !== ownIds(other)) return 'vocabulary';
  const names = Object.keys(deciding) as (keyof typeof deciding)[];
  const differing = names.find((name) => one[name] !== other[name]);
  return differing && deciding[differing];
}
