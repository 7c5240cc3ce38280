import type { CorpusText } from '../index/corpus-text.ts';
import { type TokenId, UNSEEN } from '../index/count-index.ts';
import { firstNotBefore, lastWhere } from '../index/search.ts';
import { sortPairs } from '../ngrams/sort-pairs.ts';
import { type PhraseHits, phraseHits } from './phrase-hits.ts';

/** The orders of a concordance: by the word before the phrase, by the word after it, or as in the text. */
export const concordanceSorts = ['left1', 'right1', 'text'] as const;
export type ConcordanceSort = (typeof concordanceSorts)[number];

/** The occurrences of a phrase in the order of a concordance. */
export interface Concordance {
  /** The positions of the occurrences in the token stream. */
  readonly positions: Uint32Array;
  /** The words that they are sorted by, ascending by their UTF-16 code units; `''` where there is none. */
  readonly words: readonly string[];
  /** For each occurrence the place of its word in `words`. */
  readonly ranks: Float64Array;
}

/** One occurrence with its context. */
export interface ConcordanceLine {
  /** The id of its document. */
  readonly document: string;
  /** The number of tokens before it in its document. */
  readonly position: number;
  readonly left: readonly TokenId[];
  readonly hit: readonly TokenId[];
  readonly right: readonly TokenId[];
}

/** How many tokens are named at a time. */
const namesAtATime = 1024;

/** The occurrences of a phrase, sorted; those with the same word are in the order of the text. */
export async function concordanceOf(
  text: CorpusText,
  phrase: readonly TokenId[],
  sort: ConcordanceSort,
): Promise<Concordance> {
  const hits = await phraseHits(text, phrase);
  const { positions } = hits;
  if (sort === 'text') return { positions, words: [''], ranks: new Float64Array(positions.length) };
  return sortedBy(text, hits, sort === 'left1' ? hits.before : hits.after);
}

async function sortedBy(
  text: CorpusText,
  { positions }: PhraseHits,
  neighbours: Int32Array,
): Promise<Concordance> {
  const ids = [...new Set(neighbours)];
  const names = await namesOf(text, ids);
  const byName = [...ids.keys()].sort((a, b) => compareText(names[a], names[b]));
  const rankOf = new Map(byName.map((i, rank) => [ids[i], rank]));
  const ranks = new Float64Array(neighbours.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = rankOf.get(neighbours[i]) as number;
  const sorted = positions.slice();
  sortPairs(ranks, sorted);
  return { positions: sorted, words: byName.map((i) => names[i]), ranks };
}

/** The tokens of these ids; `''` for `UNSEEN`. */
async function namesOf({ snapshot }: CorpusText, ids: readonly TokenId[]): Promise<string[]> {
  const names: string[] = [];
  for (let from = 0; from < ids.length; from += namesAtATime) {
    const some = ids.slice(from, from + namesAtATime);
    const known = some.filter((id) => id !== UNSEEN);
    const tokens = await snapshot.tokens(known);
    let next = 0;
    for (const id of some) names.push(id === UNSEEN ? '' : tokens[next++]);
  }
  return names;
}

/** The number of occurrences up to the one with this word and position, which need not exist. */
export function placeAfter({ positions, words, ranks }: Concordance, word: string, position: number): number {
  const rank = lastWhere(-1, words.length, (i) => compareText(words[i], word) < 0) + 1;
  const start = firstNotBefore(ranks, rank, 0, ranks.length);
  if (words[rank] !== word) return start;
  const end = firstNotBefore(ranks, rank + 1, start, ranks.length);
  return firstNotBefore(positions, position + 1, start, end);
}

/** The occurrences of a phrase of `length` tokens at these positions, with at most so many tokens before and after. */
export async function concordanceLines(
  text: CorpusText,
  positions: readonly number[],
  length: number,
  width: { left: number; right: number },
): Promise<ConcordanceLine[]> {
  const { ids, starts } = text.documents;
  const firsts = positions.map((position) => Math.max(position - width.left, 0));
  const passages = await text.passages(firsts, width.left + length + width.right);
  return positions.map((position, i) => {
    const document = text.documentAt(position);
    const at = position - firsts[i];
    const start = Math.max(starts[document] - firsts[i], 0);
    const end = Math.min(at + length + width.right, starts[document + 1] - firsts[i]);
    return {
      document: ids[document],
      position: position - starts[document],
      left: passages[i].slice(start, at),
      hit: passages[i].slice(at, at + length),
      right: passages[i].slice(at + length, end),
    };
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
