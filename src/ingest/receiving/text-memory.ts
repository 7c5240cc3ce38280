import { NgramdError } from '../../errors.ts';

/** In bytes. Threads share their figures in multiples of it. */
const unit = 1024;

/** The memory that the distinct tokens of each upload may take regardless of all others, in bytes. */
export const freeMemoryBytes = 4 * 2 ** 20;

/** What memory is for: the distinct tokens of texts, or the tables of ARPA files. */
export type MemoryUse = 'tokens' | 'tables';

/** The part of a `TextMemory` that threads share, in units. */
export interface SharedTextMemory {
  readonly use: MemoryUse;
  readonly limit: number;
  /** The memory of all uploads together, and of this one. */
  readonly all: Int32Array;
  readonly own: Int32Array;
}

/** The memory that the distinct tokens, or the tables, of all uploads in progress may take together. */
export class TextMemories {
  readonly #use: MemoryUse;
  readonly #limit: number;
  readonly #all = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(use: MemoryUse, limitBytes: number) {
    this.#use = use;
    this.#limit = Math.floor(limitBytes / unit);
  }

  /** The share of a new upload, which is empty at first. */
  begin(): SharedTextMemory {
    const own = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    return { use: this.#use, limit: this.#limit, all: this.#all, own };
  }

  /** Releases the memory of an upload, even if its thread has died. */
  end({ own }: SharedTextMemory): void {
    Atomics.sub(this.#all, 0, Atomics.exchange(own, 0, 0));
  }
}

/** The error for an upload that takes more memory than any may, and that for one that others leave too little. */
const problems: Record<MemoryUse, Record<'tooLarge' | 'taken', (bytes: number) => NgramdError>> = {
  tokens: {
    tooLarge: (bytes) =>
      new NgramdError(
        'vocabulary-too-large',
        `The distinct tokens of this upload need more than ${bytes} bytes of memory, the limit of this server (INGEST_MEMORY_BYTES). Split the upload, or choose a tokenizer that finds fewer distinct tokens.`,
      ),
    taken: (bytes) =>
      new NgramdError(
        'unavailable',
        `The distinct tokens of the uploads in progress use all the memory that they may take together (${bytes} bytes, INGEST_MEMORY_BYTES). Try again.`,
      ),
  },
  tables: {
    tooLarge: (bytes) =>
      new NgramdError(
        'index-too-large',
        `This ARPA file needs more than ${bytes} bytes of memory, the limit of this server (INDEX_MEMORY_BYTES), while it is read. Prune the model, or raise the limit.`,
      ),
    taken: (bytes) =>
      new NgramdError(
        'unavailable',
        `The ARPA files that are being received use all the memory that they may take together (${bytes} bytes, INDEX_MEMORY_BYTES). Try again.`,
      ),
  },
};

/** The memory that the distinct tokens, or the table, of one upload take, as one of its threads counts it. */
export class TextMemory {
  readonly shared: SharedTextMemory;
  #bytes = 0;

  constructor(shared: SharedTextMemory) {
    this.shared = shared;
  }

  /** The most that all uploads may take together, in bytes. */
  get limit(): number {
    return this.shared.limit * unit;
  }

  /**
   * Takes `bytes` more or, if negative, releases them. Throws `vocabulary-too-large` or `index-too-large` if no upload
   * may take that much, and `unavailable` if others are using it now.
   */
  readonly take = (bytes: number): void => {
    const { use, limit, all, own } = this.shared;
    const more = Math.ceil((this.#bytes + bytes) / unit) - Math.ceil(this.#bytes / unit);
    const taken = Atomics.add(own, 0, more) + more;
    const total = Atomics.add(all, 0, more) + more;
    const isMuch = more > 0 && taken * unit > freeMemoryBytes;
    if (isMuch && (taken > limit || total > limit)) {
      Atomics.sub(own, 0, more);
      Atomics.sub(all, 0, more);
      throw taken > limit ? problems[use].tooLarge(limit * unit) : problems[use].taken(limit * unit);
    }
    this.#bytes += bytes;
  };
}
