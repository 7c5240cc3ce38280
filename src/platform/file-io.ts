import { closeSync, readSync, rmSync, writeSync } from 'node:fs';

/** Writes all bytes at a position of an open file, however many the system takes at a time. */
export function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}

/** Fills `target` from a position of an open file on. Throws where the file ends before. */
export function readAll(file: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length; ) {
    const read = readSync(file, target, done, target.length - done, position + done);
    if (read === 0) throw new Error(`A temporary file is too short: it ends at byte ${position + done}.`);
    done += read;
  }
}

/** Closes a temporary file and deletes it, also if it cannot be closed. */
export function closeAndDelete(file: number, path: string): void {
  try {
    closeSync(file);
  } finally {
    rmSync(path, { force: true });
  }
}
