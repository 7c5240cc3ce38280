import { statfs } from 'node:fs/promises';
import { NgramdError } from '../errors.ts';

/** The free space of a folder's file system, of which those who write reserve what they will need. */
export class DiskSpace {
  readonly #folder: string;
  readonly #floorBytes: number;
  #reserved = 0;

  /** `floorBytes` are never given away; with 0 nothing is checked. */
  constructor(folder: string, floorBytes: number) {
    this.#folder = folder;
    this.#floorBytes = floorBytes;
  }

  /** A reservation, of nothing yet. */
  reserve(): DiskReservation {
    let reserved = 0;
    return {
      growTo: async (bytes) => {
        const added = Math.max(0, bytes - reserved);
        reserved += added;
        this.#reserved += added;
        await this.#check(reserved);
      },
      release: () => {
        this.#reserved -= reserved;
        reserved = 0;
      },
    };
  }

  async #check(wanted: number): Promise<void> {
    if (this.#floorBytes === 0) return;
    const { bavail, bsize } = await statfs(this.#folder);
    const left = bavail * bsize - this.#floorBytes;
    if (this.#reserved <= left) return;
    const others = this.#reserved - wanted;
    throw new NgramdError(
      'disk-full',
      `This needs about ${wanted} bytes of disk space, but only ${Math.max(0, left - others)} are available: ${bavail * bsize} are free, of which ${this.#floorBytes} must stay free (MIN_FREE_DISK_BYTES) and ${others} are reserved for other work in progress.`,
    );
  }
}

/** The space that one writer will need. */
export interface DiskReservation {
  /** Makes the reservation at least so large, and checks it. Throws `disk-full` where there is not so much. */
  growTo(bytes: number): Promise<void>;
  release(): void;
}
