import { NgramdError } from '../../errors.ts';

/** In bytes. Threads share their figures in multiples of it. */
const unit = 1024;

/** The memory that the distinct tokens of each upload may take regardless of all others, in bytes. */
export const freeMemoryBytes = 4 * 2 ** 20;

/** The part of a `TextMemory` that threads share, in units. */
export interface SharedTextMemory {
  readonly limit: number;
  /** The memory of all uploads together, and of this one. */
  readonly all: Int32Array;
  readonly own: Int32Array;
}

/** The memory that the distinct tokens of all uploads in progress may take together. */
export class TextMemories {
  readonly #limit: number;
  readonly #all = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(limitBytes: number) {
    this.#limit = Math.floor(limitBytes / unit);
  }

  /** The share of a new upload, which is empty at first. */
  begin(): SharedTextMemory {
    const own = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    return { limit: this.#limit, all: this.#all, own };
  }

  /** Releases the memory of an upload, even if its thread has died. */
  end({ own }: SharedTextMemory): void {
    Atomics.sub(this.#all, 0, Atomics.exchange(own, 0, 0));
  }
}

/** The memory that the distinct tokens of one upload take, as its thread counts it. */
export class TextMemory {
  readonly #shared: SharedTextMemory;
  #bytes = 0;

  constructor(shared: SharedTextMemory) {
    this.#shared = shared;
  }

  /**
   * Takes `bytes` more or, if negative, releases them. Throws `vocabulary-too-large` if no upload may take that much,
   * and `unavailable` if others are using it now.
   */
  readonly take = (bytes: number): void => {
    const { limit, all, own } = this.#shared;
    const taken = Math.ceil((this.#bytes + bytes) / unit);
    const more = taken - Math.ceil(this.#bytes / unit);
    if (more > 0 && taken > limit && taken * unit > freeMemoryBytes) {
      throw new NgramdError(
        'vocabulary-too-large',
        `The distinct tokens of this upload need more than ${limit * unit} bytes of memory, the limit of this server (INGEST_MEMORY_BYTES). Split the upload, or choose a tokenizer that finds fewer distinct tokens.`,
      );
    }
    const total = Atomics.add(all, 0, more) + more;
    if (more > 0 && total > limit && taken * unit > freeMemoryBytes) {
      Atomics.sub(all, 0, more);
      throw new NgramdError(
        'unavailable',
        `The distinct tokens of the uploads in progress use all the memory that they may take together (${limit * unit} bytes, INGEST_MEMORY_BYTES). Try again.`,
      );
    }
    Atomics.add(own, 0, more);
    this.#bytes += bytes;
  };
}
