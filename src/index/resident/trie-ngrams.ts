import { compareNGrams } from '../../ngrams/ngram-stream.ts';
import { sortPairs } from '../../ngrams/sort-pairs.ts';
import { spend } from '../../platform/turn.ts';
import type { TokenId } from '../count-index.ts';
import type { CountedNGram, CountRange } from '../count-source.ts';
import { type CountTrie, countOf, wordOf } from './count-trie.ts';
import { isCounted, ngramOf, type Places, placesOfChildren, ROOT } from './nodes.ts';

/** About how long it takes to look at a place, and to follow or to name the path to an n-gram, in microseconds. */
const placeTime = 0.02;
const pathTime = 2;

/** Up to how many n-grams are collected and sorted; more are found sooner by walking through all in the order of their ids. */
const fewNGrams = 20_000;

/** The words of a trie, by rising id. */
export function* trieWords({ levels: [unigrams], sequenceStart }: CountTrie): Iterable<TokenId> {
  for (let node = 0; node < unigrams.places; node++) {
    const word = wordOf(unigrams, node);
    if (word !== sequenceStart) yield word;
  }
}

/** How many n-grams are handed out at a time. */
const batchLength = 256;

/** The n-grams of an order by rising ids, from the first that is not before `from`; `<s>` alone is one. */
export function* trieNGrams(
  trie: CountTrie,
  order: number,
  from: readonly TokenId[],
): Iterable<readonly (readonly TokenId[])[]> {
  const { levels } = trie;
  let batch: TokenId[][] = [];
  for (const path of paths(trie, order, from)) {
    batch.push(path.map((node, depth) => wordOf(levels[depth], node)));
    if (batch.length < batchLength) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Those of `trieNGrams` whose n(g) is in a range, with their counts, without `<s>` alone. */
export function* countedNGrams(
  trie: CountTrie,
  order: number,
  from: readonly TokenId[],
  range: CountRange,
): Iterable<readonly CountedNGram[]> {
  const level = trie.levels[order - 1];
  const isWanted = (node: number) => {
    const count = countOf(level, node);
    return count >= range.least && count <= range.most && isCounted(trie, order, node);
  };
  const counted = (node: number) => ({ ngram: ngramOf(trie, order, node), count: countOf(level, node) });
  if (range.ngrams > fewNGrams) {
    for (const path of paths(trie, order, from)) {
      spend(pathTime);
      if (isWanted(path[order - 1])) yield [counted(path[order - 1])];
    }
    return;
  }
  spend(placeTime * level.places + pathTime * range.ngrams);
  const found: CountedNGram[] = [];
  for (let node = 0; node < level.places; node++) if (isWanted(node)) found.push(counted(node));
  found.sort((a, b) => compareNGrams(a.ngram, b.ngram, order));
  yield found.filter(({ ngram }) => compareNGrams(ngram, from, from.length) >= 0);
}

/**
 * The nodes down to each n-gram of an order, by rising ids, from the first n-gram on that is not before `from`. It is the
 * same array every time.
 */
function paths(trie: CountTrie, order: number, from: readonly TokenId[]): Iterable<readonly number[]> {
  return pathsBelow(trie, placesOfChildren(trie, 1, ROOT), new Array(order), 0, from);
}

function* pathsBelow(
  trie: CountTrie,
  { start, end }: Places,
  path: number[],
  depth: number,
  from: readonly TokenId[],
): Iterable<readonly number[]> {
  const level = trie.levels[depth];
  const least = from[depth] ?? 0;
  const words = new Float64Array(end - start);
  const nodes = new Uint32Array(end - start);
  let length = 0;
  for (let node = start; node < end; node++) {
    const word = wordOf(level, node);
    // A free place has no word and is below every word.
    if (word < least) continue;
    words[length] = word;
    nodes[length++] = node;
  }
  sortPairs(words, nodes, length);
  for (let i = 0; i < length; i++) {
    const node = nodes[i];
    path[depth] = node;
    if (depth === path.length - 1) yield path;
    else {
      const isExact = wordOf(level, node) === from[depth];
      yield* pathsBelow(trie, placesOfChildren(trie, depth + 2, node), path, depth + 1, isExact ? from : []);
    }
  }
}
