import { NgramdError } from '../../errors.ts';

/** In bytes: what is counted across threads are multiples of it. */
const unit = 1024;

/** How much the distinct tokens of an upload may always take, whatever others take, in bytes. */
export const freeMemoryBytes = 4 * 2 ** 20;

/** What threads share of a `TextMemory`, in units. */
export interface SharedTextMemory {
  readonly limit: number;
  /** What all uploads take together, and what this one takes. */
  readonly all: Int32Array;
  readonly own: Int32Array;
}

/** The memory that the distinct tokens of all uploads under way may take together. */
export class TextMemories {
  readonly #limit: number;
  readonly #all = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(limitBytes: number) {
    this.#limit = Math.floor(limitBytes / unit);
  }

  /** The part of one upload, which takes nothing yet. */
  begin(): SharedTextMemory {
    const own = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    return { limit: this.#limit, all: this.#all, own };
  }

  /** Gives back what an upload takes, though the thread that took it may have died. */
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
   * Takes `bytes` more or, where negative, gives them back. Throws `vocabulary-too-large` where one upload can never
   * have so much, and `unavailable` where others have it now.
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
        `The distinct tokens of the uploads under way have all the memory that they may take together (${limit * unit} bytes, INGEST_MEMORY_BYTES). Try again.`,
      );
    }
    Atomics.add(own, 0, more);
    this.#bytes += bytes;
  };
}
