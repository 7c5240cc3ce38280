import { type CountList, countOf, sharedArray, type TrieLevel } from './count-trie.ts';

/** Counts below this one are sorted by counting them. Few n-grams have a higher one. */
const manyCounts = 2 ** 16;

/** The number of places in a block. */
const blockPlaces = 2 ** 8;

/**
 * The list of a level: `counts` has n(g) of its n-grams by increasing ids, and `places` the place of each. An array of
 * numbers is sorted in one pass per digit, here of 16 bits; the highest counts are few.
 */
export function listByCount(
  counts: Uint32Array,
  places: Int32Array,
): Pick<CountList, 'commonest' | 'listed'> {
  const ngrams = new Uint32Array(manyCounts);
  const frequent: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] < manyCounts) ngrams[counts[i]]++;
    else frequent.push(i);
  }
  let commonest = 1;
  for (let count = 2; count < manyCounts; count++) if (ngrams[count] > ngrams[commonest]) commonest = count;
  const listed = sharedArray(counts.length - ngrams[commonest]);
  frequent.sort((a, b) => counts[b] - counts[a] || a - b);
  for (const [at, i] of frequent.entries()) listed[at] = places[i];
  /** Where the next n-gram of each count is put. */
  const next = ngrams;
  let end = frequent.length;
  for (let count = manyCounts - 1; count > 0; count--) {
    if (count === commonest) continue;
    const start = end;
    end += ngrams[count];
    next[count] = start;
  }
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i];
    if (count < manyCounts && count !== commonest) listed[next[count]++] = places[i];
  }
  return { commonest, listed };
}

type Counted = Pick<TrieLevel, 'nodes' | 'stride' | 'large' | 'places'>;

/** How many nodes of a level have a count before each block of places; at the end, how many in all. */
export function countBefore(level: Counted, count: number): Uint32Array {
  const blocks = Math.ceil(level.places / blockPlaces);
  const before = new Uint32Array(new SharedArrayBuffer(4 * (blocks + 1)));
  let nodes = 0;
  for (let block = 0; block < blocks; block++) {
    before[block] = nodes;
    const end = Math.min((block + 1) * blockPlaces, level.places);
    for (let place = block * blockPlaces; place < end; place++) if (countOf(level, place) === count) nodes++;
  }
  before[blocks] = nodes;
  return before;
}

/** Whether a node at one of the places from `start` to `end` (not included) has the commonest count. */
export function hasCommonest(
  level: Counted & { readonly byCount: CountList },
  start: number,
  end: number,
): boolean {
  const { commonest, before } = level.byCount;
  const firstBlock = Math.ceil(start / blockPlaces);
  const endBlock = Math.floor(end / blockPlaces);
  if (firstBlock < endBlock && before[firstBlock] < before[endBlock]) return true;
  const startOfBlocks = Math.min(end, firstBlock * blockPlaces);
  const endOfBlocks = Math.max(startOfBlocks, endBlock * blockPlaces);
  for (let place = start; place < startOfBlocks; place++)
    if (countOf(level, place) === commonest) return true;
  for (let place = endOfBlocks; place < end; place++) if (countOf(level, place) === commonest) return true;
  return false;
}
