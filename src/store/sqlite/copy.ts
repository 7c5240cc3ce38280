import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, statSync } from 'node:fs';
import { fileProblem } from './connection.ts';
import { openCorpusFile } from './corpus-file.ts';

/** A copy of a corpus file. */
export interface CorpusCopy {
  /** The corpus's version that it holds. */
  version: number;
  bytes: number;
  /** Of the file's bytes, in hexadecimal. */
  sha256: string;
}

/** More pages than any file has. */
const allPages = 2 ** 31 - 1;

/**
 * Copies a corpus file, as it is at one version, to `target`, checks the copy and flushes it to disk. Writers need not
 * wait meanwhile: all pages are copied in one step, which is one read transaction, and takes its thread for as long.
 * Throws what opening the file can throw, and if the copy is damaged.
 */
export async function copyCorpusFile(path: string, target: string): Promise<CorpusCopy> {
  const source = openCorpusFile(path);
  try {
    await source.backup(target, { progress: () => allPages });
  } catch (error) {
    throw fileProblem(source, error);
  } finally {
    source.close();
  }
  const version = checkedVersion(target);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(target)) hash.update(chunk);
  const file = openSync(target, 'r');
  fsyncSync(file);
  closeSync(file);
  return { version, bytes: statSync(target).size, sha256: hash.digest('hex') };
}

/** The version of a corpus file of which every page and index is right. */
function checkedVersion(path: string): number {
  const copy = openCorpusFile(path);
  try {
    const found = copy.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`The copy of a corpus file is damaged: ${found}`);
    return copy.prepare('SELECT version FROM corpus').pluck().get() as number;
  } finally {
    copy.close();
  }
}
