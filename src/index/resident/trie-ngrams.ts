import { sortPairs } from '../../ngrams/sort-pairs.ts';
import type { TokenId } from '../count-index.ts';
import { type CountTrie, wordOf } from './count-trie.ts';
import { type Places, placesOfChildren, ROOT } from './nodes.ts';

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

/**
 * The nodes down to each n-gram of an order, by rising ids, from the first n-gram on that is not before `from`. It is
 * the same array every time.
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
