import { findChild, NONE } from './children.ts';
import { adjustedOf, type CountTrie, countOf, FREE, firstChildOf, readSums, wordOf } from './count-trie.ts';

/** How a token is written, for debugging the trie. */
export type TokenOf = (id: number) => string;

/** The places of an order from `from` on, at most `limit`, one line for each, free ones included. */
export function printLevel(
  trie: CountTrie,
  order: number,
  { from, limit, tokenOf }: { from: number; limit: number; tokenOf: TokenOf },
): string[] {
  const { size, places } = trie.levels[order - 1];
  const end = Math.min(places, from + limit);
  const lines = [`order ${order}: ${size} nodes in ${places} places`];
  for (let place = from; place < end; place++) lines.push(printPlace(trie, order, place, tokenOf));
  return lines;
}

/** The node of an n-gram and the places of its children; that it is missing, if it is. */
export function printNode(trie: CountTrie, ngram: readonly number[], tokenOf: TokenOf): string[] {
  const order = ngram.length;
  const node = nodeOf(trie, ngram);
  if (node === NONE) return [`no node: ${ngram.map(tokenOf).join(' ')}`];
  const lines = [printPlace(trie, order, node, tokenOf)];
  if (order === trie.levels.length) return lines;
  const level = trie.levels[order - 1];
  const end = firstChildOf(level, node + 1);
  for (let place = firstChildOf(level, node); place < end; place++) {
    lines.push(`  ${printPlace(trie, order + 1, place, tokenOf)}`);
  }
  return lines;
}

function nodeOf(trie: CountTrie, ngram: readonly number[]): number {
  let node = trie.unigrams.nodes[ngram[0]] ?? NONE;
  for (let depth = 1; depth < ngram.length && node !== NONE; depth++) {
    node = findChild(trie.levels[depth], trie.levels[depth - 1], node, ngram[depth]);
  }
  return node;
}

/** `12  time  n=3 a=2  children 40–44 (4): total=5 once=3 twice=1`, without what the highest order does not have. */
function printPlace({ levels }: CountTrie, order: number, place: number, tokenOf: TokenOf): string {
  const level = levels[order - 1];
  const word = wordOf(level, place);
  if (word === FREE) return `${place}  (free)`;
  const counted = `${place}  ${tokenOf(word)}  n=${countOf(level, place)}`;
  if (order === levels.length) return counted;
  const start = firstChildOf(level, place);
  const end = firstChildOf(level, place + 1);
  const sums = { contextCount: 0, followers: 0, once: 0, twice: 0 };
  readSums(level, place, sums);
  const { contextCount, followers, once, twice } = sums;
  const children =
    start === end
      ? 'no children'
      : `children ${start}–${end - 1} (${followers}): total=${contextCount} once=${once} twice=${twice}`;
  return `${counted} a=${adjustedOf(level, place)}  ${children}`;
}
