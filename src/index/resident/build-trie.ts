import { randomUUID } from 'node:crypto';
import type { NGramStream } from '../../store/ngram-stream.ts';
import type { CorpusReader } from '../../store/sqlite/corpus-reader.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts, TokenId } from '../count-index.ts';
import { beginningWith, countAdjusted, linkSuffixes } from './adjusted-counts.ts';
import { fillSlots, firstChildNotBefore } from './children.ts';
import {
  type CountTrie,
  large,
  sharedArray,
  sharedCopy,
  type TrieContexts,
  type TrieLevel,
} from './count-trie.ts';

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
  let suffixes: Uint32Array = new Uint32Array(0);
  for (let depth = 1; depth < grown.length; depth++) {
    suffixes = linkSuffixes(grown, depth, suffixes);
    const lineStarts = beginningWith(grown, depth - 1, sequenceStart);
    grown[depth - 1].setAdjusted(countAdjusted(grown[depth - 1], grown[depth], suffixes, lineStarts));
  }
  return {
    id: randomUUID(),
    settings: reader.settings,
    vocabulary: readVocabulary(reader),
    version,
    tokens,
    vocabularySize,
    sequenceStart,
    levels: grown.map((level, i): TrieLevel => {
      const isCounted = (node: number) => i > 0 || level.word(node) !== sequenceStart;
      return {
        nodes: level.nodes,
        large: level.large(),
        slots: i === 0 ? sharedArray(0) : fillSlots(level, grown[i - 1]),
        ends: findEnds(reader, grown, i + 1),
        lowCounts: lowCountsOf(level.size, (node) => level.count(node), isCounted),
        contexts:
          i === grown.length - 1
            ? undefined
            : {
                sums: level.sums,
                large: sumChildren(level, grown[i + 1]),
                lowAdjustedCounts: lowCountsOf(level.size, (node) => level.adjusted(node), isCounted),
              },
      };
    }),
  };
}

/** A level while it is built. */
export class GrownLevel {
  readonly nodes: Uint32Array;
  /** See `TrieContexts`; empty at the highest order. */
  readonly sums: Uint32Array;
  readonly size: number;
  readonly #isHighest: boolean;
  /** The counts that need more than 16 bits. */
  readonly #counts = new Map<number, number>();
  readonly #adjusted = new Map<number, number>();

  constructor(size: number, isHighest: boolean) {
    this.size = size;
    this.#isHighest = isHighest;
    this.nodes = sharedArray(2 * size);
    this.sums = sharedArray(isHighest ? 0 : 3 * size + 1);
  }

  set(node: number, word: TokenId, count: number): void {
    this.nodes[2 * node] = word;
    this.nodes[2 * node + 1] = this.#isHighest ? count : Math.min(count, large);
    if (!this.#isHighest && count >= large) this.#counts.set(node, count);
  }

  setAdjusted(adjusted: Uint32Array): void {
    for (const [node, count] of adjusted.entries()) {
      this.nodes[2 * node + 1] |= Math.min(count, large) << 16;
      if (count >= large) this.#adjusted.set(node, count);
    }
  }

  word(node: number): TokenId {
    return this.nodes[2 * node];
  }

  count(node: number): number {
    const packed = this.nodes[2 * node + 1];
    if (this.#isHighest) return packed;
    const count = packed & large;
    return count < large ? count : (this.#counts.get(node) as number);
  }

  adjusted(node: number): number {
    const count = this.nodes[2 * node + 1] >>> 16;
    return count < large ? count : (this.#adjusted.get(node) as number);
  }

  firstChild(node: number): number {
    return this.sums[3 * node];
  }

  /** An n-gram is not preceded by more tokens than it occurs. */
  large(): TrieLevel['large'] {
    const nodes = [...this.#counts.keys()];
    return {
      nodes: sharedCopy(nodes),
      counts: sharedCopy(nodes.map((node) => this.count(node))),
      adjusted: sharedCopy(nodes.map((node) => this.adjusted(node))),
    };
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
    while (depth <= last && path[depth] >= 0 && levels[depth].word(path[depth]) === ngram[depth]) depth++;
    if (depth > last) return;
    for (let isBelow = false; depth <= last; depth++, isBelow = true) {
      const first = isBelow && depth > 0 ? levels[depth - 1].firstChild(path[depth - 1]) : path[depth] + 1;
      let node = first;
      while (levels[depth].word(node) !== ngram[depth]) node++;
      path[depth] = node;
    }
    this.#fill(path[last], child);
  }

  /** Nodes after the last parent have no children. */
  end(children: number): void {
    this.#fill(this.#levels[this.#levels.length - 1].size, children);
  }

  #fill(upTo: number, child: number): void {
    const { sums } = this.#levels[this.#levels.length - 1];
    while (this.#filled <= upTo) sums[3 * this.#filled++] = child;
  }
}

/** The nodes of an order that end a document, with how often they do. */
function findEnds(reader: CorpusReader, levels: readonly GrownLevel[], order: number): TrieLevel['ends'] {
  const found = reader.allSequenceEnds(order).map(({ ngram, count }) => {
    let start = 0;
    let end = levels[0].size;
    let node = 0;
    for (const [depth, word] of ngram.entries()) {
      node = firstChildNotBefore(levels[depth], word, start, end);
      if (depth === order - 1) break;
      start = levels[depth].firstChild(node);
      end = levels[depth].firstChild(node + 1);
    }
    return { node, count };
  });
  found.sort((a, b) => a.node - b.node);
  return {
    nodes: sharedCopy(found.map(({ node }) => node)),
    counts: sharedCopy(found.map(({ count }) => count)),
  };
}

/** Sums up over the children of each node what `TrieContexts` has, and returns what needs more bits. */
function sumChildren(level: GrownLevel, children: GrownLevel): TrieContexts['large'] {
  const { sums } = level;
  const isHighest = children.sums.length === 0;
  const more: { node: number; once: number; twice: number }[] = [];
  for (let node = 0; node < level.size; node++) {
    const end = level.firstChild(node + 1);
    let total = 0;
    let once = 0;
    let twice = 0;
    for (let child = level.firstChild(node); child < end; child++) {
      const count = isHighest ? children.count(child) : children.adjusted(child);
      total += count;
      if (count === 1) once++;
      else if (count === 2) twice++;
    }
    sums[3 * node + 1] = total;
    sums[3 * node + 2] = Math.min(once, large) | (Math.min(twice, large) << 16);
    if (once >= large || twice >= large) more.push({ node, once, twice });
  }
  return {
    nodes: sharedCopy(more.map(({ node }) => node)),
    once: sharedCopy(more.map(({ once }) => once)),
    twice: sharedCopy(more.map(({ twice }) => twice)),
  };
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
