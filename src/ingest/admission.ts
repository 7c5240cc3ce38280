import { rm } from 'node:fs/promises';
import { NgramdError } from '../errors.ts';
import type { DiskReservation, DiskSpace } from '../platform/disk-space.ts';
import type { ScratchFolder } from '../platform/scratch-folder.ts';
import { type SharedTextMemory, TextMemories } from './receiving/text-memory.ts';

/** What uploads may take, and where. */
export interface IngestLimits {
  disk: DiskSpace;
  /** Where the temporary files are. */
  scratch: ScratchFolder;
  maxCorpora: number;
  /** For the distinct tokens of all uploads in progress. */
  memoryBytes: number;
  /** For the tables of all ARPA files that are being received. */
  tableBytes: number;
}

/** Admits uploads as far as there is room for them. */
export class Admission {
  readonly #disk: DiskSpace;
  readonly #memories: TextMemories;
  readonly #tables: TextMemories;
  readonly #scratch: ScratchFolder;
  readonly maxCorpora: number;

  constructor({ disk, scratch, maxCorpora, memoryBytes, tableBytes }: IngestLimits) {
    this.#disk = disk;
    this.#scratch = scratch;
    this.maxCorpora = maxCorpora;
    this.#memories = new TextMemories('tokens', memoryBytes);
    this.#tables = new TextMemories('tables', tableBytes);
  }

  /** Throws `too-many-corpora` where there is no room for another corpus beside `corpora` others. */
  checkCorpora(corpora: number): void {
    if (corpora < this.maxCorpora) return;
    throw new NgramdError(
      'too-many-corpora',
      `There are ${this.maxCorpora} corpora, the maximum of this server (MAX_CORPORA). Delete one first.`,
    );
  }

  /** The room of an upload to a corpus of n-grams up to `order`. It takes nothing yet. */
  begin(order: number): UploadRoom {
    const memory = this.#memories.begin();
    const tableMemory = this.#tables.begin();
    return new UploadRoom({
      order,
      path: this.#scratch.path(),
      space: this.#disk.reserve(),
      memory,
      tableMemory,
      endMemory: () => {
        this.#memories.end(memory);
        this.#tables.end(tableMemory);
      },
    });
  }
}

/** What an `UploadRoom` is made of. */
interface RoomParts {
  readonly order: number;
  /** The prefix of the paths of its temporary files. */
  readonly path: string;
  readonly space: DiskReservation;
  readonly memory: SharedTextMemory;
  readonly tableMemory: SharedTextMemory;
  readonly endMemory: () => void;
}

/** What one upload takes until it has ended: memory for its distinct tokens, disk space, and temporary files. */
export class UploadRoom {
  /** Where its tokens are kept if there are many. */
  readonly spoolPath: string;
  /** Where the counts of a long text are kept until they are merged. */
  readonly spillPath: string;
  readonly #parts: RoomParts;

  constructor(parts: RoomParts) {
    this.spoolPath = `${parts.path}.tokens`;
    this.spillPath = `${parts.path}.runs`;
    this.#parts = parts;
  }

  get memory(): SharedTextMemory {
    return this.#parts.memory;
  }

  /** The memory for the table of an ARPA file. */
  get tableMemory(): SharedTextMemory {
    return this.#parts.tableMemory;
  }

  /** Reserves disk space for texts of `textBytes` together. Throws `disk-full` where there is too little. */
  async growTo(textBytes: number): Promise<void> {
    const { space, order } = this.#parts;
    await space.growTo(diskBytes(order, textBytes));
  }

  /** Releases everything, and deletes the temporary files that a thread left behind when it died. */
  async release(): Promise<void> {
    const { endMemory, space } = this.#parts;
    endMemory();
    try {
      for (const path of [this.spoolPath, this.spillPath]) await rm(path, { force: true });
    } finally {
      space.release();
    }
  }
}

/** About how much disk a text takes until it is committed, its temporary files included: English, in bytes. */
function diskBytes(order: number, textBytes: number): number {
  return Math.ceil(textBytes * (1 + order / 2));
}
