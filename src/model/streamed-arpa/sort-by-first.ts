import { WordFile, type WordReader } from './word-file.ts';

/** How many values are sorted in memory at a time, and for how many there is room at first. */
const memoryLength = 2 ** 20;
const fewValues = 2 ** 10;

/** A list of sorted values in the file. */
interface Run {
  readonly values: WordReader;
  /** The first word of its next values, and how many these are; undefined after the last. */
  first: number | undefined;
  left: number;
}

/**
 * Sorts values of n-grams by the first words of these. Values with the same first word stay in their order: n-grams
 * that come sorted by the words after the first leave sorted by all of their words.
 *
 * Each `memoryLength` values are sorted in memory and written to a file as a run: for each first word the word, how many
 * values have it, and the values. `sorted` merges the runs; of one first word, the values of an earlier run come first.
 */
export class SortByFirst {
  readonly #file: WordFile;
  readonly #memoryLength: number;
  /** Of each value in memory, its first word and its place, as one number. */
  #keys = new Float64Array(fewValues);
  #values = new Float64Array(fewValues);
  #length = 0;
  /** Where each run ends. */
  readonly #ends: number[] = [];

  /** Creates the file. */
  constructor(path: string, length = memoryLength) {
    this.#file = new WordFile(path);
    this.#memoryLength = length;
  }

  /** Takes the value of an n-gram. */
  add(first: number, value: number): void {
    if (this.#length === this.#memoryLength) this.#writeRun();
    if (this.#length === this.#keys.length) this.#grow();
    this.#keys[this.#length] = first * this.#memoryLength + this.#length;
    this.#values[this.#length++] = value;
  }

  /** The values in order, when all have been added. */
  sorted(): SortedValues {
    this.#writeRun();
    const runs = this.#ends.map((end, i) => this.#file.reader(this.#ends[i - 1] ?? 0, end));
    return new SortedValues(runs);
  }

  /** Closes and deletes the file. */
  dispose(): void {
    this.#file.dispose();
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.#keys = new Float64Array(2 * keys.length);
    this.#values = new Float64Array(2 * keys.length);
    this.#keys.set(keys);
    this.#values.set(values);
  }

  #writeRun(): void {
    if (this.#length === 0) return;
    const keys = this.#keys.subarray(0, this.#length).sort();
    const firstAt = (i: number) => Math.floor(keys[i] / this.#memoryLength);
    for (let from = 0; from < keys.length; ) {
      const first = firstAt(from);
      let to = from + 1;
      while (to < keys.length && firstAt(to) === first) to++;
      this.#file.push(first);
      this.#file.push(to - from);
      for (; from < to; from++) this.#file.pushDouble(this.#values[keys[from] % this.#memoryLength]);
    }
    this.#ends.push(this.#file.length);
    this.#length = 0;
  }
}

/** Values that were sorted, one after the other. */
export class SortedValues {
  readonly #runs: readonly Run[];
  /** The first word of the next value, undefined after the last, and the run that it comes from. */
  #first: number | undefined;
  #run = 0;

  constructor(runs: readonly WordReader[]) {
    this.#runs = runs.map((values) => ({ values, first: undefined, left: 0 }));
    for (const run of this.#runs) advance(run);
    this.#findNext();
  }

  get isAtEnd(): boolean {
    return this.#first === undefined;
  }

  next(): number {
    const run = this.#runs[this.#run];
    const value = run.values.nextDouble();
    if (--run.left === 0) {
      advance(run);
      this.#findNext();
    }
    return value;
  }

  /**
   * Goes to the next run that has the current first word or, after the last one, to the least first word that is left.
   */
  #findNext(): void {
    const runs = this.#runs;
    while (this.#run < runs.length && runs[this.#run].first !== this.#first) this.#run++;
    if (this.#run < runs.length && this.#first !== undefined) return;
    const firsts = runs.flatMap(({ first }) => first ?? []);
    this.#first = firsts.length === 0 ? undefined : Math.min(...firsts);
    this.#run = runs.findIndex(({ first }) => first === this.#first);
  }
}

/** Goes to the next first word of a run. */
function advance(run: Run): void {
  const { values } = run;
  run.first = values.isAtEnd ? undefined : values.next();
  if (run.first !== undefined) run.left = values.next();
}
