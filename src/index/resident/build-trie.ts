import { randomInt, randomUUID } from 'node:crypto';
import { collectGarbage } from '../../garbage.ts';
import type { NGramStream } from '../../store/ngram-stream.ts';
import type { CorpusReader } from '../../store/sqlite/corpus-reader.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import { beginningWith, countAdjusted, linkSuffixes } from './adjusted-counts.ts';
import { findChild } from './children.ts';
import {
  adjustedOf,
  type CountTrie,
  countOf,
  firstChildOf,
  packCounts,
  packSums,
  sharedCopy,
  type TrieLevel,
  wordOf,
} from './count-trie.ts';
import { PlacedLevel } from './placed-level.ts';

/** Compiles all counts of a corpus, as they are in the reader's snapshot, from its merged runs. */
export function buildTrie(reader: CorpusReader): CountTrie {
  const { version, tokens, vocabularySize, ngrams } = reader.summary();
  const { sequenceStart } = reader;
  const grown: GrownLevel[] = [];
  for (const { order, distinct } of ngrams) {
    const isCountedApart = order === 1 && sequenceStart !== undefined && tokens > 0 ? 1 : 0;
    grown.push(new GrownLevel(distinct + isCountedApart, order === ngrams.length));
    readLevel(grown, reader.ngrams(order));
  }
  adjustCounts(grown, sequenceStart);
  const described = grown.map((level, i) => {
    const isHighest = i === grown.length - 1;
    const isCounted = (node: number) => i > 0 || wordOf(level, node) !== sequenceStart;
    return {
      large: level.large,
      largeSums: isHighest ? sharedCopy([]) : sumChildren(level, grown[i + 1]),
      lowCounts: lowCountsOf(level.size, (node) => countOf(level, node), isCounted),
      lowAdjustedCounts: isHighest
        ? undefined
        : lowCountsOf(level.size, (node) => adjustedOf(level, node), isCounted),
    };
  });
  const placed = placeLevels(grown);
  return {
    id: randomUUID(),
    settings: reader.settings,
    vocabulary: readVocabulary(reader),
    version,
    tokens,
    vocabularySize,
    sequenceStart,
    levels: placed.map(({ size, places, nodes, stride, seed }, i): TrieLevel => {
      const ends = findEnds(reader, placed, i + 1);
      return { size, places, nodes, stride, seed, ends, ...described[i] };
    }),
  };
}

/** Gives the nodes of all levels below the highest order their adjusted counts. */
function adjustCounts(grown: readonly GrownLevel[], sequenceStart: TokenId | undefined): void {
  let suffixes: Uint32Array = new Uint32Array(0);
  for (let depth = 1; depth < grown.length; depth++) {
    suffixes = linkSuffixes(grown, depth, suffixes);
    const lineStarts = beginningWith(grown, depth - 1, sequenceStart);
    grown[depth - 1].setAdjusted(countAdjusted(grown[depth - 1], grown[depth], suffixes, lineStarts));
  }
}

/** Puts the nodes of all levels at their places. Takes the levels out of `grown`, so that their memory is free again. */
function placeLevels(grown: GrownLevel[]): PlacedLevel[] {
  const seed = randomInt(2 ** 32) | 0;
  let parents = grown.shift() as GrownLevel;
  let above = PlacedLevel.ofUnigrams(parents, seed);
  const placed = [above];
  for (let level = grown.shift(); level !== undefined; level = grown.shift()) {
    collectGarbage();
    const below = PlacedLevel.below(above, parents, level);
    above.forgetSorted();
    placed.push(below);
    parents = level;
    above = below;
  }
  above.forgetSorted();
  return placed;
}

/** A level while it is built: its nodes are sorted by their ids, and no place is free. */
export class GrownLevel {
  readonly size: number;
  /** As in `TrieLevel`. */
  readonly nodes: Int32Array;
  readonly stride: 2 | 4;
  large: Uint32Array = sharedCopy([]);

  constructor(size: number, isHighest: boolean) {
    this.size = size;
    this.stride = isHighest ? 2 : 4;
    this.nodes = new Int32Array(isHighest ? 2 * size : 4 * (size + 1));
  }

  set(node: number, word: TokenId, count: number): void {
    this.nodes[this.stride * node] = word + 1;
    this.nodes[this.stride * node + 1] = count;
  }

  /** n(g), which stands alone before `setAdjusted`. */
  countAlone(node: number): number {
    return this.nodes[this.stride * node + 1] >>> 0;
  }

  /** Gives every node its adjusted count, below the highest order. */
  setAdjusted(adjusted: Uint32Array): void {
    const large: number[] = [];
    for (let node = 0; node < this.size; node++) {
      this.nodes[4 * node + 1] = packCounts(this.countAlone(node), adjusted[node], large);
    }
    this.large = sharedCopy(large);
  }

  setFirstChild(node: number, child: number): void {
    this.nodes[4 * node + 2] = child;
  }
}

/** The tokens of a corpus under their ids, which go up from 0 without a gap. */
function readVocabulary(reader: CorpusReader): SharedTokens {
  const table = new TokenTable();
  for (const token of reader.allTokens()) {
    const bytes = Buffer.from(token);
    table.intern(bytes, 0, bytes.length);
  }
  return table.share();
}

/** Reads the n-grams of the lowest of the levels, and fills the first children of the one above. */
function readLevel(levels: readonly GrownLevel[], ngrams: NGramStream): void {
  const { order } = ngrams;
  const level = levels[order - 1];
  const path = new PathWalker(levels.slice(0, -1));
  let node = 0;
  while (ngrams.next()) {
    if (order > 1) path.moveTo(ngrams.ngram, node);
    level.set(node, ngrams.ngram[order - 1], ngrams.count);
    node++;
  }
  if (order > 1) path.end(node);
}

/** Follows rising n-grams down the levels above theirs and notes where the children of each node begin. */
class PathWalker {
  readonly #levels: readonly GrownLevel[];
  readonly #path: Int32Array;
  /** How many nodes of the lowest level above have their first child. */
  #filled = 0;

  constructor(levels: readonly GrownLevel[]) {
    this.#levels = levels;
    this.#path = new Int32Array(levels.length).fill(-1);
  }

  /** Goes to the parent of an n-gram; `child` is the n-gram's own number. */
  moveTo(ngram: Uint32Array, child: number): void {
    const levels = this.#levels;
    const path = this.#path;
    const last = levels.length - 1;
    let depth = 0;
    while (depth <= last && path[depth] >= 0 && wordOf(levels[depth], path[depth]) === ngram[depth]) depth++;
    if (depth > last) return;
    for (let isBelow = false; depth <= last; depth++, isBelow = true) {
      const first = isBelow && depth > 0 ? firstChildOf(levels[depth - 1], path[depth - 1]) : path[depth] + 1;
      let node = first;
      while (wordOf(levels[depth], node) !== ngram[depth]) node++;
      path[depth] = node;
    }
    this.#fill(path[last], child);
  }

  /** Nodes after the last parent have no children. */
  end(children: number): void {
    this.#fill(this.#levels[this.#levels.length - 1].size, children);
  }

  #fill(upTo: number, child: number): void {
    const parents = this.#levels[this.#levels.length - 1];
    while (this.#filled <= upTo) parents.setFirstChild(this.#filled++, child);
  }
}

/** The nodes of an order that end a document, with how often they do. */
function findEnds(reader: CorpusReader, levels: readonly PlacedLevel[], order: number): TrieLevel['ends'] {
  const found = reader.allSequenceEnds(order).map(({ ngram, count }) => {
    let node = levels[0].unigram(ngram[0]);
    for (let depth = 1; depth < order; depth++) {
      const parents = levels[depth - 1];
      const start = firstChildOf(parents, node);
      node = findChild(levels[depth], ngram[depth], start, firstChildOf(parents, node + 1));
    }
    return { node, count };
  });
  found.sort((a, b) => a.node - b.node);
  return {
    nodes: sharedCopy(found.map(({ node }) => node)),
    counts: sharedCopy(found.map(({ count }) => count)),
  };
}

/** Sums up over the children of each node what `TrieLevel` has, and returns what does not fit. */
function sumChildren(level: GrownLevel, children: GrownLevel): Uint32Array {
  const isHighest = children.stride === 2;
  const large: number[] = [];
  for (let node = 0; node < level.size; node++) {
    const end = firstChildOf(level, node + 1);
    let total = 0;
    let once = 0;
    let twice = 0;
    for (let child = firstChildOf(level, node); child < end; child++) {
      const count = isHighest ? countOf(children, child) : adjustedOf(children, child);
      total += count;
      if (count === 1) once++;
      else if (count === 2) twice++;
    }
    level.nodes[4 * node + 3] = packSums(total, once, twice, large);
  }
  return sharedCopy(large);
}

function lowCountsOf(
  nodes: number,
  countOf: (node: number) => number,
  isCounted: (node: number) => boolean,
): LowCountsOfCounts {
  const ngrams = new Float64Array(5);
  for (let node = 0; node < nodes; node++) {
    const count = countOf(node);
    if (count < ngrams.length && isCounted(node)) ngrams[count]++;
  }
  return [ngrams[1], ngrams[2], ngrams[3], ngrams[4]];
}
