import { type ArpaLevel, type ArpaLevels, childOf, NONE, nodeOf } from '../../index/arpa/arpa-table.ts';
import type { TokenId } from '../../index/count-index.ts';
import { sharedFloats, sharedIds } from './level-builder.ts';

/** Levels with more nodes, and where each node of their order went. */
interface Inserted {
  readonly levels: ArpaLevels;
  readonly moved: (node: number) => number;
}

/** A node that is to be inserted before the one at a place. */
interface NewNode {
  readonly parent: number;
  readonly word: TokenId;
  readonly place: number;
}

/**
 * Inserts those of some n-grams that are not there, without probabilities and back-off weights. All have the same
 * order, which is at least 2, and their beginnings are there.
 */
export function insertNodes(levels: ArpaLevels, ngrams: readonly (readonly TokenId[])[]): Inserted {
  const order = ngrams[0].length;
  const added = newNodes(levels, ngrams);
  const places = Uint32Array.from(added, ({ place }) => place);
  const moved = (node: number) => node + countUpTo(places, node);
  const inserted = levels.map((level, i) => {
    if (i === order - 2) return { ...level, children: movedChildren(level.children, added) };
    return i === order - 1 ? withNodes(level, added, moved) : level;
  });
  return { levels: inserted, moved };
}

/** The n-grams that are not there, each once, in their order. */
function newNodes(levels: ArpaLevels, ngrams: readonly (readonly TokenId[])[]): NewNode[] {
  const found = new Map<string, NewNode>();
  for (const ngram of ngrams) {
    const order = ngram.length;
    const parent = nodeOf(levels, ngram.slice(0, -1));
    const word = ngram[order - 1];
    if (childOf(levels, order - 1, parent, word) !== NONE) continue;
    const { children } = levels[order - 2];
    const { words } = levels[order - 1];
    let place = children[parent];
    while (place < children[parent + 1] && words[place] < word) place++;
    found.set(`${parent} ${word}`, { parent, word, place });
  }
  return [...found.values()].sort((a, b) => a.parent - b.parent || a.word - b.word);
}

/** The first children of a level to whose children some are added. */
function movedChildren(children: Uint32Array, added: readonly NewNode[]): Uint32Array {
  const moved = sharedIds(children.length);
  let before = 0;
  for (let node = 0; node < children.length; node++) {
    while (before < added.length && added[before].parent < node) before++;
    moved[node] = children[node] + before;
  }
  return moved;
}

/** A level, which is none of the highest order, with more nodes. */
function withNodes(
  { size, words, logProbabilities, backoffs, children }: ArpaLevel,
  added: readonly NewNode[],
  moved: (node: number) => number,
): ArpaLevel {
  const larger = size + added.length;
  const level = {
    size: larger,
    words: sharedIds(larger),
    logProbabilities: sharedFloats(larger).fill(Number.NaN),
    backoffs: sharedFloats(larger),
    children: sharedIds(children.length === 0 ? 0 : larger + 1),
  };
  for (let node = 0; node < size; node++) {
    const to = moved(node);
    level.words[to] = words[node];
    level.logProbabilities[to] = logProbabilities[node];
    level.backoffs[to] = backoffs[node];
    if (children.length > 0) level.children[to] = children[node];
  }
  for (const [i, { place, word }] of added.entries()) {
    level.words[place + i] = word;
    if (children.length > 0) level.children[place + i] = children[place];
  }
  if (children.length > 0) level.children[larger] = children[size];
  return level;
}

/** How many of some ascending numbers are at most `most`. */
function countUpTo(numbers: Uint32Array, most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] <= most) low = middle + 1;
    else high = middle;
  }
  return low;
}
