import { NgramdError } from '../errors.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { collectGarbage } from '../platform/garbage.ts';
import { mapInOrder } from '../platform/map-in-order.ts';
import type { ArpaOutline } from './arpa.ts';
import { type ArpaPart, type WrittenLevel, writtenBytes, writtenLevel } from './arpa-level.ts';
import type { ArpaThreads } from './streamed-arpa/arpa-threads.ts';
import type { WorkerModel } from './worker-model.ts';

/** From this many bytes on, the memory of a file is freed as soon as it is no longer needed. */
const muchMemory = 2 ** 24;

/** Writes the ARPA files of models, with the memory that all files in progress may take together. */
export class ArpaFiles {
  readonly #memoryBytes: number;
  readonly #threads: ArpaThreads;
  #taken = 0;

  /**
   * The memory limit of all files in progress that are written from memory, in bytes; one alone may always be written. `threads`
   * write those of models whose counts are not in memory.
   */
  constructor(memoryBytes: number, threads: ArpaThreads) {
    this.#memoryBytes = memoryBytes;
    this.#threads = threads;
  }

  /**
   * A model's ARPA file, no faster than it is read. Its memory is reserved until `closed`. Resolves when all errors of the model
   * have been thrown; throws those of `backoffModel`, and `unavailable` if the files in progress take too much.
   */
  async write(model: WorkerModel, closed: Promise<unknown>): Promise<AsyncIterable<Uint8Array>> {
    const { corpus, choice } = model.chosen;
    if (corpus.trie === undefined) return this.#threads.write(model, closed);
    const outline = await model.ask('outlineArpa', {});
    this.#take(mostBytes(corpus.trie, choice.order), closed);
    return pieces(model, corpus.trie, outline);
  }

  #take(bytes: number, until: Promise<unknown>): void {
    if (this.#taken > 0 && this.#taken + bytes > this.#memoryBytes) {
      throw new NgramdError(
        'unavailable',
        `The ARPA files in progress use the memory that they may take together (${this.#memoryBytes} bytes). Try again.`,
      );
    }
    this.#taken += bytes;
    void until.finally(() => {
      this.#taken -= bytes;
      if (bytes >= muchMemory) setImmediate(collectGarbage);
    });
  }
}

/** The most memory that the levels of a file take at a time: those of two orders. */
function mostBytes({ levels }: CountTrie, order: number): number {
  const sizes = levels.slice(0, order - 1).map((level, i) => writtenBytes(level, i + 1));
  return Math.max(0, ...sizes.map((size, i) => size + (sizes[i - 1] ?? 0)));
}

/** The file in pieces, order by order: each order needs all of the one before. */
async function* pieces(
  model: WorkerModel,
  { levels }: CountTrie,
  { header, addedUnigrams, cuts }: ArpaOutline,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(header);
  let shorter: WrittenLevel | undefined;
  for (const [i, starts] of cuts.entries()) {
    const order = i + 1;
    yield Buffer.from(`\n\\${order}-grams:\n${order === 1 ? addedUnigrams : ''}`);
    const written = order === cuts.length ? undefined : writtenLevel(levels[i], order);
    const parts = starts.map(
      (from, part): ArpaPart => ({ order, range: { from, to: starts[part + 1] }, shorter, written }),
    );
    const lines = mapInOrder(parts, model.threads, (part) => model.ask('writeArpa', { part }));
    for await (const { memory, length } of lines) yield Buffer.from(memory, 0, length);
    shorter = written;
  }
  yield Buffer.from('\n\\end\\\n');
}
