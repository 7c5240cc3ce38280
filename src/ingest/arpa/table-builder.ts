import {
  type ArpaLevel,
  type ArpaLevels,
  arrayBytes,
  childOf,
  NONE,
  nodeOf,
} from '../../index/arpa/arpa-table.ts';
import { type TokenId, UNSEEN } from '../../index/count-index.ts';
import { reservedTokens } from '../../text/reserved.ts';
import { maxTokenBytes } from '../../text/stretches.ts';
import { type TokenList, TokenTable } from '../../text/token-table.ts';
import { decodeUtf8 } from '../../text/utf8.ts';
import { ArpaFault, type NGramSink, TwiceFault } from './arpa-parser.ts';
import { ContextFinder } from './context-finder.ts';
import { insertNodes } from './insert-nodes.ts';
import { LevelBuilder, sharedFloats, sharedIds } from './level-builder.ts';
import { type FindWords, type NGramRows, rowsTogether } from './plain-lines.ts';

/** An n-gram that begins with one that the file does not list. */
interface Orphan {
  readonly ngram: readonly TokenId[];
  readonly logProbability: number;
  readonly backoff: number;
}

/** An ARPA file as it is kept in memory: its words by their ids, and its n-grams. */
export interface BuiltTable {
  readonly words: TokenList;
  readonly levels: ArpaLevels;
  /** The number of n-grams that the file lists of each order, order 1 first; `<s>`, which is never a next word, is not counted. */
  readonly ngrams: readonly number[];
}

const sequences = 'line';
const [unknown, sequenceStart] = [0, 1];

/** Some systems write `<UNK>` for `<unk>`. */
const otherUnknown = '<UNK>';

/** Builds the table of an ARPA file from its n-grams. */
export class TableBuilder implements NGramSink {
  readonly #table: TokenTable;
  readonly #take: (bytes: number) => void;
  /** The log probability of each word, NaN if there is none, and its back-off weight. */
  #logProbabilities = new Float32Array(2 ** 10).fill(Number.NaN);
  #backoffs = new Float32Array(2 ** 10);
  #levels: ArpaLevel[] = [];
  readonly #ngrams: number[] = [];
  #order = 0;
  #highest = 0;
  #level: LevelBuilder | undefined;
  /** Of the beginnings of the n-grams that are being read, above order 2. */
  #finder: ContextFinder | undefined;
  #orphans: Orphan[] = [];
  readonly #ids = new Int32Array(8);
  readonly #parents = new Int32Array(rowsTogether);
  /** Whether the unigram `<UNK>` was read as `<unk>`. */
  #hasOtherUnknown = false;

  /**
   * `take` is called with the bytes of memory that are about to be used, and with a negative number when some are free again; an
   * error that it throws ends the work.
   */
  constructor(take: (bytes: number) => void) {
    this.#take = take;
    this.#table = new TokenTable(take);
    for (const token of reservedTokens(sequences)) {
      const bytes = Buffer.from(token);
      this.#table.intern(bytes, 0, bytes.length);
    }
  }

  announce(ngrams: readonly number[]): void {
    this.#highest = ngrams.length;
    this.#order = 1;
  }

  ngram(
    order: number,
    logProbability: number,
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    backoff: number,
  ): void {
    if (order === 1) this.#unigram(logProbability, bytes, starts[0], ends[0], backoff);
    else this.#longer(order, logProbability, bytes, starts, ends, backoff);
  }

  readonly findWords: FindWords = (bytes, starts, ends, ids, count) => {
    this.#table.findAll(bytes, starts, ends, ids, count);
    for (let i = 0; i < count; i++) if (ids[i] > unknown && !this.#isListed(ids[i])) ids[i] = UNSEEN;
  };

  ngrams(order: number, { size, words, logProbabilities, backoffs }: NGramRows): void {
    const level = this.#level as LevelBuilder;
    const parents = this.#parents;
    if (this.#finder === undefined) parents.set(words[0]);
    else this.#finder.find(words, parents, size);
    for (let i = 0; i < size; i++) {
      if (parents[i] === NONE)
        this.#addOrphan(
          words.slice(0, order).map((column) => column[i]),
          logProbabilities[i],
          backoffs[i],
        );
      else level.add(parents[i], words[order - 1][i], logProbabilities[i], backoffs[i]);
    }
  }

  endOrder(order: number): void {
    if (order === 1) this.#endUnigrams();
    else this.#endLonger(order);
    this.#order = order + 1;
    if (this.#order > this.#highest) return;
    this.#level = new LevelBuilder(this.#order === this.#highest, this.#take);
    if (order > 1) this.#addFinder();
  }

  /** How much memory the table takes when it is asked. */
  get bytes(): number {
    const levels = this.#levels.reduce((sum, level) => sum + arrayBytes(level), 0);
    return levels + 4 * (this.#ngrams[0] ?? 0) + this.#table.sharedBytes;
  }

  /** The table, when all n-grams have been read. */
  take(): BuiltTable {
    return { words: this.#table.take(), levels: this.#levels, ngrams: this.#ngrams };
  }

  #unigram(logProbability: number, bytes: Uint8Array, start: number, end: number, backoff: number): void {
    if (end - start > maxTokenBytes) throw new ArpaFault(`its word has more than ${maxTokenBytes} bytes`);
    let id: TokenId;
    if (isOtherUnknown(bytes, start, end)) {
      id = unknown;
      this.#hasOtherUnknown = true;
    } else id = this.#table.intern(bytes, start, end);
    if (id >= this.#logProbabilities.length) this.#growUnigrams();
    if (!Number.isNaN(this.#logProbabilities[id])) {
      throw new ArpaFault(`the word ${quoted(bytes, start, end)} stands for the second time`);
    }
    this.#logProbabilities[id] = logProbability;
    this.#backoffs[id] = backoff;
  }

  #growUnigrams(): void {
    const old = this.#logProbabilities;
    this.#take(16 * old.length);
    this.#logProbabilities = new Float32Array(2 * old.length).fill(Number.NaN);
    this.#logProbabilities.set(old);
    const backoffs = new Float32Array(2 * old.length);
    backoffs.set(this.#backoffs);
    this.#backoffs = backoffs;
    this.#take(-8 * old.length);
  }

  #endUnigrams(): void {
    const size = this.#table.size;
    this.#take(16 * size);
    const words = sharedIds(size);
    for (let id = 0; id < size; id++) words[id] = id;
    const logProbabilities = sharedFloats(size);
    logProbabilities.set(this.#logProbabilities.subarray(0, size));
    const backoffs = sharedFloats(this.#highest > 1 ? size : 0);
    backoffs.set(this.#backoffs.subarray(0, backoffs.length));
    this.#levels = [{ size, words, logProbabilities, backoffs, children: sharedIds(0) }];
    let listed = 0;
    for (let id = 0; id < size; id++) {
      if (!Number.isNaN(logProbabilities[id]) && id !== sequenceStart) listed++;
    }
    if (listed === 0) throw new ArpaFault('there is no word among the 1-grams before it');
    this.#ngrams.push(listed);
  }

  #longer(
    order: number,
    logProbability: number,
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    backoff: number,
  ): void {
    const ids = this.#ids;
    for (let i = 0; i < order; i++) ids[i] = this.#idOf(bytes, starts[i], ends[i]);
    let parent = ids[0];
    for (let k = 1; k < order - 1 && parent !== NONE; k++) parent = childOf(this.#levels, k, parent, ids[k]);
    if (parent !== NONE) {
      (this.#level as LevelBuilder).add(parent, ids[order - 1], logProbability, backoff);
    } else {
      this.#addOrphan(Array.from(ids.subarray(0, order)), logProbability, backoff);
    }
  }

  #addOrphan(ngram: readonly TokenId[], logProbability: number, backoff: number): void {
    this.#orphans.push({ ngram, logProbability, backoff });
  }

  /** Whether the file has the unigram of a word that is in the table. */
  #isListed(id: TokenId): boolean {
    return !Number.isNaN(this.#logProbabilities[id]);
  }

  /** The id of a word of an n-gram. */
  #idOf(bytes: Uint8Array, start: number, end: number): TokenId {
    const id = this.#table.find(bytes, start, end);
    if (id >= 0 && (id === unknown || this.#isListed(id))) return id;
    if (this.#hasOtherUnknown && isOtherUnknown(bytes, start, end)) return unknown;
    throw new ArpaFault(`its word ${quoted(bytes, start, end)} is not among the 1-grams`);
  }

  #addFinder(): void {
    this.#take(this.#finderBytes());
    this.#finder = new ContextFinder(this.#levels, rowsTogether);
  }

  #dropFinder(): void {
    if (this.#finder !== undefined) this.#take(-this.#finderBytes());
    this.#finder = undefined;
  }

  #finderBytes(): number {
    return ContextFinder.bytes(this.#levels[this.#levels.length - 1].size);
  }

  #endLonger(order: number): void {
    const builder = this.#level as LevelBuilder;
    this.#dropFinder();
    const inOrder = this.#orphans.length === 0;
    if (!inOrder) this.#adopt(order, builder);
    const levels = this.#levels;
    const parents = levels[order - 2].size;
    const bytes = (order === this.#highest ? 8 : 16) * builder.size + 4 * parents;
    this.#take(bytes);
    const built = builder.build(parents);
    if ('word' in built) {
      const twice = [...ngramOf(levels, order - 1, built.parent), built.word];
      const text = twice.map((id) => this.#table.token(id)).join(' ');
      throw new TwiceFault(`${order}-gram ${JSON.stringify(text)}`, inOrder ? built.place : undefined);
    }
    levels[order - 2] = { ...levels[order - 2], children: built.children };
    levels.push({ ...built.level, children: sharedIds(0) });
    this.#ngrams.push(builder.size);
    builder.release();
  }

  /** Inserts the n-grams that orphans begin with, and adds the orphans. */
  #adopt(order: number, builder: LevelBuilder): void {
    const orphans = this.#orphans;
    this.#orphans = [];
    for (let k = 2; k < order; k++) {
      const beginnings = orphans.map(({ ngram }) => ngram.slice(0, k));
      const { levels, moved } = insertNodes(this.#levels, beginnings);
      this.#levels = levels as ArpaLevel[];
      if (k === order - 1) builder.moveParents(moved);
    }
    for (const { ngram, logProbability, backoff } of orphans) {
      const parent = nodeOf(this.#levels, ngram.slice(0, -1));
      builder.add(parent, ngram[order - 1], logProbability, backoff);
    }
  }
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

function isOtherUnknown(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === otherUnknown.length &&
    bytes[start + 1] === 0x55 &&
    decodeUtf8(bytes, start, end) === otherUnknown
  );
}

function quoted(bytes: Uint8Array, start: number, end: number): string {
  return JSON.stringify(decodeUtf8(bytes, start, Math.min(end, start + 100)));
}
