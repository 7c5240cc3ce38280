import { isCut as isPatternCut, lastCut as lastPatternCut } from '../subwords/cuts.ts';

/**
 * Where a text can be cut so that the tokens of both parts are those of the whole: nowhere; where pieces of byte pairs
 * end; or, after a letter, a digit or punctuation, before some characters, unless it is one of those that are listed
 * with them.
 */
export type Cuts = 'nowhere' | 'pattern' | ReadonlyMap<string, ReadonlySet<string>>;

/** Letters, digits, and punctuation that no normalizer makes white space of. */
const solid = /[\p{L}\p{N}!-/:-@[-`{-~\u2010-\u2027\u3001-\u3011\uff01-\uff0f]/u;

/** Whether a text can be cut before the code unit at `at`. */
export function isCutAt(cuts: Cuts, text: string, at: number): boolean {
  if (cuts === 'nowhere' || at === 0 || at >= text.length) return false;
  if (cuts === 'pattern') return isPatternCut(text, at);
  const refused = cuts.get(text[at]);
  // Half of a character is not solid.
  return refused !== undefined && solid.test(text[at - 1]) && !refused.has(text[at - 1]);
}

/** The last place where a text can be cut; 0 if there is none. */
export function lastCutOf(cuts: Cuts, text: string): number {
  if (cuts === 'nowhere') return 0;
  if (cuts === 'pattern') return lastPatternCut(text);
  for (let at = text.length - 1; at > 0; at--) if (isCutAt(cuts, text, at)) return at;
  return 0;
}

/** Cuts before these characters. */
export function cutsBefore(characters: Iterable<string>): Cuts {
  const cuts = new Map(Array.from(characters, (character) => [character, new Set<string>()]));
  return cuts.size === 0 ? 'nowhere' : cuts;
}

/** The characters that stand before `mark` in some token, but for those that it begins with. */
export function charactersBefore(tokens: Iterable<string>, mark: string): Set<string> {
  const found = new Set<string>();
  for (const token of tokens) {
    for (let at = token.indexOf(mark, 1); at > 0; at = token.indexOf(mark, at + 1)) found.add(token[at - 1]);
  }
  return found;
}
