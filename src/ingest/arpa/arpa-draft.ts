import { NgramdError } from '../../errors.ts';
import type { ArpaLevels } from '../../index/arpa/arpa-table.ts';
import type { TokenList } from '../../text/token-table.ts';
import type { DraftSummary } from '../receiving/draft.ts';
import type { SharedTextMemory } from '../receiving/text-memory.ts';
import { faultProblem } from './arpa-fault.ts';
import { ArpaParser } from './arpa-parser.ts';
import { CompressedFile, type StoredPieces } from './compressed-file.ts';
import { rankUnigrams } from './rank-unigrams.ts';
import { TableWriter } from './table-writer.ts';

/** An ARPA file that was received, in a form that can be sent to another thread. */
export interface ReceivedArpa {
  readonly summary: DraftSummary;
  readonly words: TokenList;
  readonly levels: ArpaLevels;
  readonly ranked: Uint32Array;
  /** The number of n-grams that the file lists of each order, order 1 first, without `<s>`. */
  readonly ngrams: readonly number[];
  readonly file: StoredPieces;
}

/** An ARPA file that is being received: its table, and the file itself, compressed. */
export class ArpaDraft {
  readonly #writer: TableWriter;
  readonly #parser: ArpaParser;
  readonly #file: CompressedFile;
  /** What is wrong with the file. */
  #failure: Promise<never> | undefined;
  #finished: Omit<ReceivedArpa, 'file'> | undefined;

  /** `path` is that of a temporary file, `memory` is for the table, and `threadedNGrams` is as in `TableWriter`. */
  constructor(path: string, memory: SharedTextMemory, threadedNGrams?: number) {
    this.#writer = new TableWriter(memory, threadedNGrams);
    this.#parser = new ArpaParser(this.#writer);
    this.#file = new CompressedFile(path);
  }

  /**
   * Takes the next bytes; resolves when more can be taken. Throws `invalid-text` for a line that cannot be, and
   * `index-too-large` and `unavailable` for want of memory; the draft is unusable then.
   */
  async write(chunk: Uint8Array): Promise<void> {
    if (this.#finished !== undefined) throw oneFile();
    await this.#read(() => {
      this.#parser.write(chunk);
      this.#file.write(chunk);
    });
    await this.#file.ready();
  }

  /**
   * Ends the file. Throws `invalid-text` if it is not whole, and `index-too-large` if its table is too large to be
   * asked.
   */
  async finish(): Promise<DraftSummary> {
    if (this.#finished !== undefined) throw oneFile();
    await this.#read(() => this.#parser.end());
    const table = await this.#located(this.#writer.finish());
    const summary = { tokens: 0, letters: { letters: 0, dropped: 0 }, ...(await this.#file.finish()) };
    this.#finished = { summary, ...table, ranked: rankUnigrams(table.levels[0]) };
    return summary;
  }

  /** Hands over the finished file. Nothing can be written afterwards. */
  take(): ReceivedArpa {
    return { ...(this.#finished as Omit<ReceivedArpa, 'file'>), file: this.#file.take() };
  }

  /** Deletes the temporary file, if it was not handed over, and stops the work. */
  async dispose(): Promise<void> {
    this.#file.dispose();
    await this.#writer.close();
  }

  /**
   * Reads some of the file, and resolves when more can be read. Of several faults, the first one in the file is thrown.
   */
  async #read(read: () => void): Promise<void> {
    try {
      if (this.#failure === undefined) read();
    } catch (error) {
      this.#failure = this.#writer.settled().then(() => {
        throw error;
      });
    }
    await this.#located(this.#failure ?? this.#writer.ready());
  }

  /** Waits for something. Throws `invalid-text` for a fault. */
  async #located<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw faultProblem(error, this.#parser.line);
    }
  }
}

function oneFile(): NgramdError {
  return new NgramdError(
    'invalid-text',
    'An ARPA file is a model of its own: a corpus is made of one such file and nothing else.',
  );
}
