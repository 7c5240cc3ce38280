import { randomUUID } from 'node:crypto';
import { filePieces, type Snapshot } from '../../store/store.ts';
import { type SharedTokens, TokenTable } from '../../text/token-table.ts';
import type { ArpaLevel, ArpaLevels, ArpaTable } from './arpa-table.ts';

/** The files of a corpus that was read from an ARPA file: that file, compressed, and its table as it is in memory. */
export const arpaFile = 'arpa';
export const tableFile = 'table';
export const corpusFiles = [arpaFile, tableFile];

/** The size of a piece of the table, in bytes. */
const pieceBytes = 2 ** 20;

/** The levels of a table and its ranked words, as they are stored. */
export type StoredTable = Pick<ArpaTable, 'levels' | 'ranked'>;

/** The number of values of each array, in the order in which they are stored. */
interface Sizes {
  readonly levels: readonly Record<keyof Omit<ArpaLevel, 'size'>, number>[];
  readonly ranked: number;
}

const columns = ['words', 'logProbabilities', 'backoffs', 'children'] as const;

/**
 * A table as a file: a piece of JSON with the sizes of its arrays, then the values of all arrays, of four bytes each,
 * little-endian, those of order 1 first.
 */
export function* tablePieces({ levels, ranked }: StoredTable): Generator<Uint8Array, void> {
  const sizes: Sizes = {
    levels: levels.map(({ words, logProbabilities, backoffs, children }) => ({
      words: words.length,
      logProbabilities: logProbabilities.length,
      backoffs: backoffs.length,
      children: children.length,
    })),
    ranked: ranked.length,
  };
  yield Buffer.from(JSON.stringify(sizes));
  for (const { buffer, byteOffset, byteLength } of arraysOf({ levels, ranked })) {
    for (let at = 0; at < byteLength; at += pieceBytes) {
      yield new Uint8Array(buffer, byteOffset + at, Math.min(pieceBytes, byteLength - at)).slice();
    }
  }
}

function arraysOf({ levels, ranked }: StoredTable): (Uint32Array | Float32Array)[] {
  return [...levels.flatMap((level) => columns.map((column) => level[column])), ranked];
}

/** Reads the table of a snapshot into memory. Throws `corpus-damaged` if it is not whole. */
export async function readTable(snapshot: Snapshot): Promise<ArpaTable> {
  const pieces = filePieces(snapshot, tableFile);
  const first = await pieces.next();
  if (first.done === true) throw snapshot.damage('it has no table of its ARPA file');
  const sizes = JSON.parse(Buffer.from(first.value).toString()) as Sizes;
  const { levels, ranked } = emptyTable(sizes);
  for (const { buffer } of arraysOf({ levels, ranked })) {
    const bytes = new Uint8Array(buffer);
    for (let at = 0; at < bytes.length; ) {
      const { value, done } = await pieces.next();
      if (done === true) throw snapshot.damage('the table of its ARPA file is not whole');
      bytes.set(value, at);
      at += value.length;
    }
  }
  return {
    id: randomUUID(),
    corpus: snapshot.ref.id,
    version: snapshot.version,
    settings: snapshot.settings,
    vocabulary: await readVocabulary(snapshot),
    levels,
    ranked,
  };
}

function emptyTable({ levels, ranked }: Sizes): StoredTable {
  const memory = (values: number) => new SharedArrayBuffer(4 * values);
  return {
    levels: levels.map(({ words, logProbabilities, backoffs, children }): ArpaLevels[number] => ({
      size: words,
      words: new Uint32Array(memory(words)),
      logProbabilities: new Float32Array(memory(logProbabilities)),
      backoffs: new Float32Array(memory(backoffs)),
      children: new Uint32Array(memory(children)),
    })),
    ranked: new Uint32Array(memory(ranked)),
  };
}

async function readVocabulary(snapshot: Snapshot): Promise<SharedTokens> {
  const table = new TokenTable();
  for await (const tokens of snapshot.vocabulary(0)) {
    for (const token of tokens) {
      const bytes = Buffer.from(token);
      table.intern(bytes, 0, bytes.length);
    }
  }
  return table.share();
}
