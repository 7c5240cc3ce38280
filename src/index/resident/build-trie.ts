import { randomUUID } from 'node:crypto';
import type { NGramStream } from '../../store/ngram-stream.ts';
import type { CorpusReader } from '../../store/sqlite/corpus-reader.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { LowCountsOfCounts } from '../count-index.ts';
import { indexOf } from '../ranking.ts';
import { countAdjusted } from './adjusted-counts.ts';
import { type CountTrie, sharedArray, type TrieLevel } from './count-trie.ts';

/** A level while it is built: its n-grams' words and counts, and where each node's children begin. */
interface Growing {
  words: Uint32Array;
  counts: Uint32Array;
  firstChild: Uint32Array;
}

/** Compiles all counts of a corpus, as they are in the reader's snapshot, from its merged runs. */
export function buildTrie(reader: CorpusReader): CountTrie {
  const { version, tokens, vocabularySize, ngrams } = reader.summary();
  const { sequenceStart } = reader;
  const growing: Growing[] = [];
  for (const { order, distinct } of ngrams) {
    const isCountedApart = order === 1 && sequenceStart !== undefined && tokens > 0 ? 1 : 0;
    growing.push(grow(growing, reader.ngrams(order), distinct + isCountedApart, order < ngrams.length));
  }
  const adjusted = countAdjusted(growing, sequenceStart);
  const starts = sequenceStart === undefined ? -1 : growing[0].words.indexOf(sequenceStart);
  const levels = growing.map((level, i): TrieLevel => {
    const contextOnly = i === 0 ? starts : -1;
    return {
      ...level,
      adjusted: adjusted[i],
      ends: findEnds(reader, growing, i + 1),
      lowCounts: lowCountsOf(level.counts, contextOnly),
      lowAdjustedCounts: lowCountsOf(adjusted[i], contextOnly),
    };
  });
  return {
    id: randomUUID(),
    settings: reader.settings,
    vocabulary: readVocabulary(reader),
    version,
    tokens,
    vocabularySize,
    sequenceStart,
    levels,
  };
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

/** Reads the n-grams of the next order below those that are there, whose `firstChild` it fills. */
function grow(above: readonly Growing[], ngrams: NGramStream, length: number, hasChildren: boolean): Growing {
  const { order } = ngrams;
  const words = sharedArray(length);
  const counts = sharedArray(length);
  const path = new PathWalker(above);
  let node = 0;
  while (ngrams.next()) {
    if (order > 1) path.moveTo(ngrams.ngram, node);
    words[node] = ngrams.ngram[order - 1];
    counts[node] = ngrams.count;
    node++;
  }
  if (order > 1) path.end(node);
  return { words, counts, firstChild: sharedArray(hasChildren ? length + 1 : 0) };
}

/** Follows rising n-grams down the levels above theirs and notes where the children of each node begin. */
class PathWalker {
  readonly #levels: readonly Growing[];
  readonly #path: Int32Array;
  /** How many nodes of the lowest level above have their `firstChild`. */
  #filled = 0;

  constructor(levels: readonly Growing[]) {
    this.#levels = levels;
    this.#path = new Int32Array(levels.length).fill(-1);
  }

  /** Goes to the parent of an n-gram; `child` is the n-gram's own number. */
  moveTo(ngram: Uint32Array, child: number): void {
    const levels = this.#levels;
    const path = this.#path;
    const last = levels.length - 1;
    let depth = 0;
    while (depth <= last && path[depth] >= 0 && levels[depth].words[path[depth]] === ngram[depth]) depth++;
    if (depth > last) return;
    for (let isBelow = false; depth <= last; depth++, isBelow = true) {
      const first = isBelow && depth > 0 ? levels[depth - 1].firstChild[path[depth - 1]] : path[depth] + 1;
      let node = first;
      while (levels[depth].words[node] !== ngram[depth]) node++;
      path[depth] = node;
    }
    this.#fill(path[last], child);
  }

  /** Nodes after the last parent have no children. */
  end(children: number): void {
    const { firstChild } = this.#levels[this.#levels.length - 1];
    this.#fill(firstChild.length - 1, children);
  }

  #fill(upTo: number, child: number): void {
    const { firstChild } = this.#levels[this.#levels.length - 1];
    while (this.#filled <= upTo) firstChild[this.#filled++] = child;
  }
}

/** The nodes of an order that end a document, with how often they do. */
function findEnds(reader: CorpusReader, levels: readonly Growing[], order: number): TrieLevel['ends'] {
  const found = reader.allSequenceEnds(order).map(({ ngram, count }) => {
    let node = 0;
    let end = levels[0].words.length;
    for (const [depth, word] of ngram.entries()) {
      const { words, firstChild } = levels[depth];
      const at = indexOf(words, word, node, end) as number;
      if (depth === order - 1) return { node: at, count };
      node = firstChild[at];
      end = firstChild[at + 1];
    }
    throw new Error('An n-gram has at least one word.');
  });
  found.sort((a, b) => a.node - b.node);
  const nodes = sharedArray(found.length);
  const counts = sharedArray(found.length);
  for (const [i, { node, count }] of found.entries()) {
    nodes[i] = node;
    counts[i] = count;
  }
  return { nodes, counts };
}

function lowCountsOf(counts: Uint32Array, contextOnly: number): LowCountsOfCounts {
  const ngrams = new Float64Array(5);
  for (let node = 0; node < counts.length; node++) {
    if (node !== contextOnly && counts[node] < ngrams.length) ngrams[counts[node]]++;
  }
  return [ngrams[1], ngrams[2], ngrams[3], ngrams[4]];
}
