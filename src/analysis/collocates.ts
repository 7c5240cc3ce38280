import type { CorpusText } from '../index/corpus-text.ts';
import type { TokenId } from '../index/count-index.ts';
import type { TokenBlock } from '../index/token-stream.ts';
import { reservedId } from '../text/reserved.ts';
import { type Cooccurrence, type MeasureName, measures } from './association.ts';
import { Best } from './best.ts';
import { phraseHits } from './phrase-hits.ts';
import { unigramCounts } from './unigrams.ts';

/** A search for the words near a phrase, the node. */
export interface CollocateSearch {
  readonly node: readonly TokenId[];
  /** How many tokens on each side of the node are near it. */
  readonly window: number;
  /** How often the words occur near it at least. */
  readonly minCount: number;
  readonly sort: 'count' | MeasureName;
  /** Only the words after one that need not exist, by falling score, those of one score by rising ids. */
  readonly after: { readonly score: number; readonly word: TokenId } | undefined;
  readonly limit: number;
}

/** A word near the node. */
export interface Collocate {
  readonly word: TokenId;
  /** How many of its occurrences are near the node: on either side, before it, and after it. */
  readonly count: number;
  readonly left: number;
  readonly right: number;
  readonly score: number;
  /** The counts that the measures are functions of. */
  readonly counts: Cooccurrence;
}

/** What is near a node. */
export interface Collocates {
  /** The number of occurrences of the node. */
  readonly hits: number;
  /** The number of tokens that are near one of them. */
  readonly near: number;
  /** The number of words that the search lists. */
  readonly total: number;
  readonly found: readonly Collocate[];
}

/**
 * The words that occur within a window of tokens on each side of a node, in the same document and the same line.
 *
 * The measures are those of the contingency table of all tokens of the corpus: near the node or not, and the word or
 * another (Evert 2008, Corpora and collocations, section 4.1, surface co-occurrence). Every token is counted once,
 * however many windows it is in, so that no cell is below 0. Sorted by log-likelihood, words that are rarer near the
 * node than elsewhere come after all others.
 */
export async function findCollocates(text: CorpusText, search: CollocateSearch): Promise<Collocates> {
  const unigrams = await unigramCounts(text.snapshot);
  const { hits, near, both, left, right } = await countNear(text, search, unigrams.length);
  const best = new Best<Collocate>(search.limit);
  let total = 0;
  for (let word = 0; word < both.length; word++) {
    if (both[word] === 0 || both[word] < search.minCount) continue;
    total++;
    const counts = { joint: both[word], single: [near, unigrams[word]], total: text.length };
    const score = scoreOf(search.sort, counts);
    if (!best.takes(score) || !isAfter(search, score, word)) continue;
    best.add({ word, count: both[word], left: left[word], right: right[word], score, counts });
  }
  return { hits, near, total, found: best.sorted() };
}

function scoreOf(sort: CollocateSearch['sort'], counts: Cooccurrence): number {
  if (sort === 'count') return counts.joint;
  const { joint, single, total } = counts;
  const score = measures[sort](counts);
  const isRare = sort === 'log_likelihood' && joint * total < single[0] * single[1];
  return isRare ? -score : score;
}

function isAfter({ after }: CollocateSearch, score: number, word: TokenId): boolean {
  return after === undefined || score < after.score || (score === after.score && word > after.word);
}

/** What is counted near a node, by the ids of words. */
interface NearCounts {
  hits: number;
  near: number;
  both: Uint32Array;
  left: Uint32Array;
  right: Uint32Array;
}

/** The marks of tokens that are near the node. */
const LEFT = 1;
const RIGHT = 2;
const noMarks = new Uint8Array(0);

/**
 * Counts in one pass over the text. A block has the windows of the hits that begin `window` tokens after its own first
 * token or later; marks of tokens that the next block has too are carried over to it.
 */
async function countNear(
  text: CorpusText,
  { node, window }: CollocateSearch,
  words: number,
): Promise<NearCounts> {
  const { positions } = await phraseHits(text, node);
  const counts: NearCounts = {
    hits: positions.length,
    near: 0,
    both: new Uint32Array(words),
    left: new Uint32Array(words),
    right: new Uint32Array(words),
  };
  if (positions.length === 0) return counts;
  const { starts } = text.documents;
  const end = reservedId(text.snapshot.settings, '</s>');
  const overlap = 2 * window + node.length;
  let marks = noMarks;
  let next = 0;
  let document = 0;
  for await (const block of text.blocks(overlap)) {
    const { first, ids, own } = block;
    if (next === positions.length) break;
    if (positions[next] >= first + own + window) {
      marks = noMarks;
      continue;
    }
    const carried = marks;
    marks = new Uint8Array(ids.length);
    marks.set(carried.subarray(0, ids.length));
    for (; next < positions.length && positions[next] < first + own + window; next++) {
      const hit = positions[next];
      while (starts[document + 1] <= hit) document++;
      const from = Math.max(hit - window, starts[document]);
      const to = Math.min(hit + node.length + window, starts[document + 1]);
      for (let at = hit - 1; at >= from && ids[at - first] !== end; at--)
        mark(block, marks, at, LEFT, counts);
      for (let at = hit + node.length; at < to && ids[at - first] !== end; at++)
        mark(block, marks, at, RIGHT, counts);
    }
    marks = marks.subarray(own);
  }
  return counts;
}

function mark(
  { first, ids }: TokenBlock,
  marks: Uint8Array,
  position: number,
  side: number,
  counts: NearCounts,
): void {
  const at = position - first;
  const before = marks[at];
  if ((before & side) !== 0) return;
  marks[at] = before | side;
  const word = ids[at];
  (side === LEFT ? counts.left : counts.right)[word]++;
  if (before !== 0) return;
  counts.both[word]++;
  counts.near++;
}
