import { type ArpaLevel, type ArpaLevels, NONE, nodeOf } from '../../index/arpa/arpa-table.ts';
import type { TokenId } from '../../index/count-index.ts';
import { ContextFinder } from './context-finder.ts';
import { insertNodes } from './insert-nodes.ts';
import { LevelBuilder, sharedIds } from './level-builder.ts';
import { hashedTogether, NGramHashes } from './ngram-hashes.ts';
import type { NGramRows } from './ngram-rows.ts';
import { type NGramTable, type OrderLines, RepeatedNGram } from './ngram-table.ts';

/** In large files, an order has up to some four times as many n-grams as the one before. */
const likelyGrowth = 4;
const fewNGrams = 2 ** 20;

/** An n-gram whose context the file does not list: that of `parents[row]`. */
interface Orphan {
  readonly context: readonly TokenId[];
  readonly parents: Int32Array;
  readonly row: number;
}

/** Builds the levels of an ARPA file in this thread. */
export class TableBuilder implements NGramTable {
  readonly #take: (bytes: number) => void;
  readonly #hashes = new NGramHashes();
  #levels: ArpaLevel[] = [];
  /** The numbers of n-grams that the file announces, order 1 first. */
  #announced: readonly number[] = [];
  #level: LevelBuilder | undefined;
  /**
   * Of the contexts of the n-grams that are being read, above order 2: their numbers in the file, and the nodes of
   * these.
   */
  #contexts: ContextFinder | undefined;
  #nodes: Uint32Array | undefined;
  /** Of the n-grams that are being read, below the highest order. */
  #own: ContextFinder | undefined;
  #orphans: Orphan[] = [];

  /**
   * `take` is called with the bytes of memory that are about to be used, and with a negative number when some are
   * freed; an error that it throws ends the work.
   */
  constructor(take: (bytes: number) => void) {
    this.#take = take;
  }

  /** The levels of the orders that have been read. */
  get levels(): ArpaLevels {
    return this.#levels;
  }

  begin(unigrams: ArpaLevel, announced: readonly number[]): void {
    this.#levels = [unigrams];
    this.#announced = announced;
    this.#beginLevel();
  }

  exchange(rows: NGramRows): NGramRows {
    this.#add(rows);
    rows.size = 0;
    return rows;
  }

  /** Throws `RepeatedNGram`. */
  endOrder(lines: OrderLines): void {
    this.#endLevel(lines);
    this.#beginLevel();
  }

  async ready(): Promise<void> {}

  async settled(): Promise<void> {}

  async finish(): Promise<ArpaLevels> {
    return this.levels;
  }

  async close(): Promise<void> {}

  #add({ size, words, logProbabilities, backoffs }: NGramRows): void {
    const order = this.#levels.length + 1;
    const parents = new Int32Array(size);
    if (order === 2) parents.set(words[0].subarray(0, size));
    for (let from = 0; from < size; from += hashedTogether) {
      this.#hash(words, parents, from, Math.min(size - from, hashedTogether));
    }
    if (this.#nodes !== undefined) replaceByNodes(parents, this.#nodes);
    (this.#level as LevelBuilder).add(parents, words[order - 1], logProbabilities, backoffs);
    for (let row = parents.indexOf(NONE); row >= 0; row = parents.indexOf(NONE, row + 1)) {
      const context = words.slice(0, order - 1).map((column) => column[row]);
      this.#orphans.push({ context, parents, row });
    }
  }

  /** Finds the contexts of `size` n-grams, and inserts the n-grams themselves, which are contexts of the next order. */
  #hash(words: readonly Int32Array[], parents: Int32Array, from: number, size: number): void {
    const hashes = this.#hashes;
    const order = this.#levels.length + 1;
    hashes.begin(size);
    for (let k = 0; k < order - 1; k++) hashes.add(k, words[k], from);
    if (this.#contexts !== undefined) {
      hashes.hash();
      this.#contexts.find(hashes, parents, from);
    }
    if (this.#own === undefined) return;
    hashes.add(order - 1, words[order - 1], from);
    hashes.hash();
    this.#own.insert(hashes);
  }

  /** Gets ready for the n-grams of the next order, if there is one. */
  #beginLevel(): void {
    const order = this.#levels.length + 1;
    const highest = this.#announced.length;
    if (order > highest) return;
    this.#level = new LevelBuilder(this.#levels[order - 2].size, order === highest, this.#take);
    this.#contexts = this.#own;
    // A header can announce more than there is: memory is taken for as many as the order before makes likely.
    const likely = Math.max(fewNGrams, likelyGrowth * this.#levels[order - 2].size);
    const announced = this.#announced[order - 1];
    this.#own = order < highest ? new ContextFinder(announced, likely, this.#take) : undefined;
  }

  /** Sorts the n-grams of an order into its level. Throws `RepeatedNGram`. */
  #endLevel(lines: OrderLines): void {
    const builder = this.#level as LevelBuilder;
    const isHighest = this.#own === undefined;
    if (this.#contexts !== undefined) this.#take(-this.#contexts.bytes);
    this.#contexts = undefined;
    if (this.#nodes !== undefined) this.#take(-this.#nodes.byteLength);
    this.#nodes = undefined;
    if (this.#orphans.length > 0) this.#adopt(builder);
    const levels = this.#levels;
    const order = levels.length + 1;
    const built = builder.build();
    if ('word' in built) {
      const ngram = [...ngramOf(levels, order - 1, built.parent), built.word];
      throw new RepeatedNGram(ngram, built.number, lines);
    }
    levels[order - 2] = { ...levels[order - 2], children: built.children };
    levels.push({ ...built.level, children: sharedIds(0) });
    if (!isHighest) {
      this.#take(Uint32Array.BYTES_PER_ELEMENT * built.level.size);
      this.#nodes = builder.nodes();
    }
    builder.release();
  }

  /** Inserts the contexts of orphans, which get them as parents. */
  #adopt(builder: LevelBuilder): void {
    const orphans = this.#orphans;
    this.#orphans = [];
    const contextOrder = this.#levels.length;
    for (let k = 2; k <= contextOrder; k++) {
      const inserted = orphans.map(({ context }) => context.slice(0, k));
      const { levels, moved } = insertNodes(this.#levels, inserted);
      this.#levels = levels as ArpaLevel[];
      if (k === contextOrder) builder.moveParents(moved);
    }
    for (const { context, parents, row } of orphans) parents[row] = nodeOf(this.#levels, context);
    builder.recount(this.#levels[contextOrder - 1].size);
  }
}

/** Puts the node of each context in place of its number. */
function replaceByNodes(contexts: Int32Array, nodes: Uint32Array): void {
  for (let i = 0; i < contexts.length; i++) if (contexts[i] !== NONE) contexts[i] = nodes[contexts[i]];
}

/** The words of a node of an order. */
function ngramOf(levels: ArpaLevels, order: number, node: number): TokenId[] {
  const word = levels[order - 1].words[node];
  if (order === 1) return [word];
  const { children } = levels[order - 2];
  let parent = 0;
  while (children[parent + 1] <= node) parent++;
  return [...ngramOf(levels, order - 1, parent), word];
}
