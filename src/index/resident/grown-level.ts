import type { NGramStream } from '../../store/ngram-stream.ts';
import type { CorpusReader } from '../../store/sqlite/corpus-reader.ts';

/** The n-grams of one order while a trie is built, sorted by their ids; a node is a place in this order. */
export class GrownLevel {
  readonly size: number;
  /** The last word of each node. */
  readonly words: Int32Array;
  /** n(g) */
  readonly counts: Uint32Array;
  /** The first child of each node and, behind the last, the number of all children; empty at the highest order. */
  readonly firstChildren: Int32Array;
  /** a(g), once it is known; never at the highest order. */
  adjusted: Uint32Array | undefined;

  constructor(size: number, isHighest: boolean) {
    this.size = size;
    this.words = new Int32Array(size);
    this.counts = new Uint32Array(size);
    this.firstChildren = new Int32Array(isHighest ? 0 : size + 1);
  }
}

/** Reads the n-grams of all orders, lowest first. */
export function growLevels(reader: CorpusReader): GrownLevel[] {
  const { tokens, ngrams } = reader.summary();
  const grown: GrownLevel[] = [];
  for (const { order, distinct } of ngrams) {
    const isCountedApart = order === 1 && reader.sequenceStart !== undefined && tokens > 0 ? 1 : 0;
    grown.push(new GrownLevel(distinct + isCountedApart, order === ngrams.length));
    readLevel(grown, reader.ngrams(order));
  }
  return grown;
}

/** Reads the n-grams of the lowest of the levels, and fills the first children of the one above. */
function readLevel(levels: readonly GrownLevel[], ngrams: NGramStream): void {
  const { order } = ngrams;
  const { words, counts } = levels[order - 1];
  const path = new PathWalker(levels.slice(0, -1));
  let node = 0;
  while (ngrams.next()) {
    if (order > 1) path.moveTo(ngrams.ngram, node);
    words[node] = ngrams.ngram[order - 1];
    counts[node] = ngrams.count;
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
    while (depth <= last && path[depth] >= 0 && levels[depth].words[path[depth]] === ngram[depth]) depth++;
    if (depth > last) return;
    for (let isBelow = false; depth <= last; depth++, isBelow = true) {
      let node = isBelow && depth > 0 ? levels[depth - 1].firstChildren[path[depth - 1]] : path[depth] + 1;
      while (levels[depth].words[node] !== ngram[depth]) node++;
      path[depth] = node;
    }
    this.#fill(path[last], child);
  }

  /** Nodes after the last parent have no children. */
  end(children: number): void {
    this.#fill(this.#levels[this.#levels.length - 1].size, children);
  }

  #fill(upTo: number, child: number): void {
    const { firstChildren } = this.#levels[this.#levels.length - 1];
    while (this.#filled <= upTo) firstChildren[this.#filled++] = child;
  }
}
