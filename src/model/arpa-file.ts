import { NgramdError } from '../errors.ts';
import type { CountTrie } from '../index/resident/count-trie.ts';
import { collectGarbage } from '../platform/garbage.ts';
import { mapInOrder } from '../platform/map-in-order.ts';
import { type ArpaOutline, arpaHeader } from './arpa.ts';
import type { ArpaPart } from './arpa-level.ts';
import type { EntropyStep } from './arpa-pruning/entropy-steps.ts';
import { pruneByEntropy } from './arpa-pruning/prune-by-entropy.ts';
import type { Pruning } from './arpa-pruning/pruning.ts';
import type { ArpaThreads } from './streamed-arpa/arpa-threads.ts';
import type { WorkerModel } from './worker-model.ts';
import { estimatedBytes, type WrittenLevel, writtenBytes, writtenLevel } from './written-levels.ts';

/** From this many bytes on, the memory of a file is freed as soon as it is no longer needed. */
const muchMemory = 2 ** 24;

/** Writes the ARPA files of models, with the memory that all files in progress may take together. */
export class ArpaFiles {
  readonly #memoryBytes: number;
  readonly #threads: ArpaThreads;
  #taken = 0;

  /**
   * The memory limit of all files in progress that are written from memory, in bytes; one alone may always be written.
   * `threads` write those of models whose counts are not in memory.
   */
  constructor(memoryBytes: number, threads: ArpaThreads) {
    this.#memoryBytes = memoryBytes;
    this.#threads = threads;
  }

  /**
   * A model's ARPA file without the n-grams that are pruned, no faster than it is read. Its memory is reserved until
   * `closed`. Resolves when all errors of the model have been thrown; throws those of `arpaModel` and `arpaOutline`,
   * `unavailable` if the files in progress take too much, and `index-too-large` if pruning by entropy alone does.
   */
  async write(
    model: WorkerModel,
    pruning: Pruning,
    closed: Promise<unknown>,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { corpus, choice } = model.chosen;
    if (corpus.trie === undefined) return this.#threads.write(model, pruning, closed);
    const outline = await model.ask('outlineArpa', { pruning });
    if (pruning.entropy === undefined) {
      this.#take(mostBytes(corpus.trie, choice.order), closed);
      return pieces(model, corpus.trie, outline);
    }
    const bytes = estimatedBytes(corpus.trie, choice.order);
    if (bytes > this.#memoryBytes) throw model.located(tooLargeToPrune(bytes, this.#memoryBytes));
    this.#take(bytes, closed);
    return prunedPieces(model, corpus.trie, outline, pruning.entropy);
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

function tooLargeToPrune(bytes: number, limit: number): NgramdError {
  const detail = `Pruning this model by entropy takes ${bytes} bytes beside its index, and this server allows ${limit} (INDEX_MEMORY_BYTES). Prune by counts (prune=0,0,1), choose a lower order, or write the whole file and prune it with SRILM.`;
  return new NgramdError('index-too-large', detail, [{ pointer: '/prune_entropy', detail }]);
}

/** The file of a model that is pruned by entropy in pieces. */
async function* prunedPieces(
  model: WorkerModel,
  trie: CountTrie,
  outline: ArpaOutline,
  threshold: number,
): AsyncGenerator<Uint8Array, void> {
  const { cuts, addedUnigrams } = outline;
  const make = async (steps: readonly EntropyStep[]) => {
    let sum = 0;
    const made = mapInOrder(steps, model.threads, (step) => model.ask('pruneArpa', { step }));
    for await (const { pruned } of made) sum += pruned;
    return sum;
  };
  const { ngrams, levels } = await pruneByEntropy(make, trie, outline, threshold);
  yield Buffer.from(arpaHeader(ngrams));
  for (const [i, starts] of cuts.entries()) {
    const order = i + 1;
    yield heading(order, addedUnigrams);
    const parts = starts.map((from, part) => ({ order, range: { from, to: starts[part + 1] }, levels }));
    const lines = mapInOrder(parts, model.threads, (part) => model.ask('writePrunedArpa', { part }));
    for await (const { memory, length } of lines) yield Buffer.from(memory, 0, length);
  }
  yield Buffer.from('\n\\end\\\n');
}

function heading(order: number, addedUnigrams: string): Uint8Array {
  return Buffer.from(`\n\\${order}-grams:\n${order === 1 ? addedUnigrams : ''}`);
}

/** The file in pieces, order by order: each order needs all of the one before. */
async function* pieces(
  model: WorkerModel,
  { levels }: CountTrie,
  { ngrams, addedUnigrams, cuts, selection }: ArpaOutline,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(arpaHeader(ngrams));
  let shorter: WrittenLevel | undefined;
  for (const [i, starts] of cuts.entries()) {
    const order = i + 1;
    yield heading(order, addedUnigrams);
    const written = order === cuts.length ? undefined : writtenLevel(levels[i], order);
    const parts = starts.map(
      (from, part): ArpaPart => ({
        order,
        range: { from, to: starts[part + 1] },
        selection,
        shorter,
        written,
      }),
    );
    const lines = mapInOrder(parts, model.threads, (part) => model.ask('writeArpa', { part }));
    for await (const { memory, length } of lines) yield Buffer.from(memory, 0, length);
    shorter = written;
  }
  yield Buffer.from('\n\\end\\\n');
}
