import { BlockDecoder } from '../../ngrams/block.ts';
import { compareNGrams, type NGramStream, ngramKey, readNGramKey } from '../../ngrams/ngram-stream.ts';
import type { Connection, Statement } from './connection.ts';

/** A run of a corpus file. Its counts are added or, if `sign` is -1, subtracted. */
export interface Run {
  readonly id: number;
  readonly sign: 1 | -1;
}

type BlockRow = [first: Buffer, data: Buffer];

/** The lowest peak in the index `blocks_by_peak`. */
const indexedPeak = 16;

/** The blocks that a sequential reader fetches with one statement. */
const pageBlocks = 64;

/** Reads the runs of one corpus file. */
export class RunReader {
  readonly #from: Statement;
  readonly #holding: Statement;
  /** Looks at all blocks. */
  readonly #atLeast: Statement;
  readonly #peaks: Statement;

  constructor(connection: Connection) {
    this.#from = connection
      .prepare(
        'SELECT first, data FROM blocks WHERE run = ? AND n = ? AND first > ? AND peak >= ? ORDER BY first LIMIT ?',
      )
      .raw();
    this.#holding = connection
      .prepare(
        'SELECT first, data FROM blocks WHERE run = ? AND n = ? AND first <= ? ORDER BY first DESC LIMIT 1',
      )
      .raw();
    this.#atLeast = connection
      .prepare('SELECT first, data FROM blocks WHERE run = ? AND n = ? AND peak >= ? LIMIT ?')
      .raw();
    this.#peaks = connection
      .prepare('SELECT first, data FROM blocks WHERE run = ? AND n = ? AND peak >= ? AND peak >= 16 LIMIT ?')
      .raw();
  }

  /** The block in which an n-gram not smaller than `key` would be, if it is not before the first. */
  holding(run: Run, order: number, key: Buffer): BlockRow | undefined {
    return this.#holding.get(run.id, order, key) as BlockRow | undefined;
  }

  /** The next blocks after the one that begins with `key`, of those with a count of at least `peak`. */
  after(run: Run, order: number, key: Buffer, peak: number): BlockRow[] {
    return this.#from.all(run.id, order, key, peak, pageBlocks) as BlockRow[];
  }

  /** What one run adds to the count of one n-gram: below 0 if it subtracts. */
  count(run: Run, ngram: Uint32Array): number {
    const block = this.holding(run, ngram.length, ngramKey(ngram));
    return block === undefined ? 0 : run.sign * countInBlock(block, ngram);
  }

  /** All n-grams of one order of a run, with what it adds to their counts. */
  stream(run: Run, order: number): RunStream {
    return new RunStream(this, run, order);
  }

  /**
   * The n-grams of one order of a run that are not before `from`; of those with a lower count than `leastCount` some
   * are left out.
   */
  streamFrom(run: Run, order: number, from: Uint32Array, leastCount: number): NGramStream {
    const stream = new RunStream(this, run, order, leastCount);
    return from.length === 0 ? stream : new StreamFrom(stream, from);
  }

  /**
   * The blocks of one order of a run, from the one on in which `from` would be. Where `leastPeak` is above 1, those
   * without an n-gram of that count may be left out.
   */
  *blocks(run: Run, order: number, from: Uint32Array, leastPeak: number): Generator<BlockRow, void> {
    const key = ngramKey(from);
    const holding = from.length === 0 ? undefined : this.holding(run, order, key);
    if (holding !== undefined) yield holding;
    for (let last = holding?.[0] ?? Buffer.alloc(0); ; ) {
      const page = this.after(run, order, last, leastPeak);
      if (page.length === 0) return;
      yield* page;
      last = page[page.length - 1][0];
    }
  }

  /**
   * The n-grams of one order whose stored count is at least `count`, and how many blocks they were in; undefined where
   * these are more than `maxBlocks`.
   */
  frequent(
    run: Run,
    order: number,
    count: number,
    maxBlocks: number,
  ): { ngrams: Uint32Array[]; blocks: number } | undefined {
    const statement = count < indexedPeak ? this.#atLeast : this.#peaks;
    const rows = statement.all(run.id, order, count, maxBlocks + 1) as BlockRow[];
    if (rows.length > maxBlocks) return undefined;
    const ngrams: Uint32Array[] = [];
    const decoder = new BlockDecoder(order);
    for (const [first, data] of rows) {
      readNGramKey(first, decoder.ngram);
      decoder.open(decoder.ngram, data);
      while (decoder.next()) if (decoder.count >= count) ngrams.push(decoder.ngram.slice());
    }
    return { ngrams, blocks: rows.length };
  }
}

function countInBlock([first, data]: BlockRow, ngram: Uint32Array): number {
  const order = ngram.length;
  const decoder = new BlockDecoder(order);
  readNGramKey(first, decoder.ngram);
  decoder.open(decoder.ngram, data);
  while (decoder.next()) {
    const difference = compareNGrams(decoder.ngram, ngram, order);
    if (difference === 0) return decoder.count;
    if (difference > 0) return 0;
  }
  return 0;
}

/** The n-grams of one order of one run, which can also skip forward. */
export class RunStream implements NGramStream {
  readonly #reader: RunReader;
  readonly #run: Run;
  readonly #leastPeak: number;
  readonly #decoder: BlockDecoder;
  readonly #first: Uint32Array;
  #page: BlockRow[] = [];
  #block = 0;
  #started = false;
  #ended = false;
  readonly order: number;

  constructor(reader: RunReader, run: Run, order: number, leastPeak = 1) {
    this.order = order;
    this.#reader = reader;
    this.#run = run;
    this.#leastPeak = leastPeak;
    this.#decoder = new BlockDecoder(order);
    this.#first = new Uint32Array(order);
  }

  get ngram(): Uint32Array {
    return this.#decoder.ngram;
  }

  get count(): number {
    return this.#run.sign * this.#decoder.count;
  }

  next(): boolean {
    if (this.#decoder.next()) return true;
    return this.#nextBlock() && this.#decoder.next();
  }

  /**
   * Moves forward to the first n-gram that is not before `target` (whose missing last ids count as 0); false at the
   * end. Targets must rise from call to call.
   */
  advanceTo(target: Uint32Array): boolean {
    if (this.#ended) return false;
    if (this.#started) {
      if (this.#compare(target) >= 0) return true;
      while (this.#decoder.next()) if (this.#compare(target) >= 0) return true;
    }
    const key = ngramKey(target);
    if (this.#page.length === 0 || key.compare(this.#page[this.#page.length - 1][0]) >= 0) {
      const block = this.#reader.holding(this.#run, this.order, key);
      if (block !== undefined) this.#open([block], 0);
      else if (!this.#started && !this.#nextBlock()) return false;
    } else {
      let block = this.#block;
      while (block + 1 < this.#page.length && key.compare(this.#page[block + 1][0]) >= 0) block++;
      if (block > this.#block) this.#open(this.#page, block);
    }
    while (this.next()) if (this.#compare(target) >= 0) return true;
    return false;
  }

  #compare(target: Uint32Array): number {
    return compareNGrams(this.#decoder.ngram, target, target.length);
  }

  #nextBlock(): boolean {
    if (this.#ended) return false;
    if (this.#block + 1 < this.#page.length) {
      this.#open(this.#page, this.#block + 1);
      return true;
    }
    const last = this.#page.length === 0 ? Buffer.alloc(0) : this.#page[this.#page.length - 1][0];
    const page = this.#reader.after(this.#run, this.order, last, this.#leastPeak);
    if (page.length === 0) {
      this.#ended = true;
      return false;
    }
    this.#open(page, 0);
    return true;
  }

  #open(page: BlockRow[], block: number): void {
    this.#page = page;
    this.#block = block;
    this.#started = true;
    const [first, data] = page[block];
    readNGramKey(first, this.#first);
    this.#decoder.open(this.#first, data);
  }
}

/** A run's stream without what comes before an n-gram. */
class StreamFrom implements NGramStream {
  readonly #stream: RunStream;
  readonly #from: Uint32Array;
  #positioned = false;

  constructor(stream: RunStream, from: Uint32Array) {
    this.#stream = stream;
    this.#from = from;
  }

  get order(): number {
    return this.#stream.order;
  }

  get ngram(): Uint32Array {
    return this.#stream.ngram;
  }

  get count(): number {
    return this.#stream.count;
  }

  next(): boolean {
    if (this.#positioned) return this.#stream.next();
    this.#positioned = true;
    return this.#stream.advanceTo(this.#from);
  }
}
