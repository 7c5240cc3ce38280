import { NgramdError } from '../../errors.ts';
import { exactIntegers } from '../../ngrams/sort-pairs.ts';

const [tab, zero, nine] = Buffer.from('\t09');

/** The most digits that are surely below 2^53. */
const surelyExact = 15;

/**
 * The count in a line, of which `bytes[start, end)` is what follows the first tab: a count, or the columns of Google's files.
 * These are `year, matches, volumes`, in the first version with `pages` before the volumes, in the third one or several of
 * `year,matches,volumes`; of several years, the matches are added up. Throws `invalid-text` for anything else.
 */
export function readCount(bytes: Uint8Array, start: number, end: number): number {
  if (end > start && end - start <= surelyExact) {
    let count = 0;
    let at = start;
    for (; at < end && bytes[at] >= zero && bytes[at] <= nine; at++) count = 10 * count + bytes[at] - zero;
    if (at === end && count > 0) return count;
  }
  return readColumns(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
}

function readColumns(text: string): number {
  const columns = text.split(String.fromCharCode(tab));
  const years = columns.map((column) => /^\d+,(\d+),\d+$/.exec(column));
  if (years.every((year) => year !== null)) return sum(years.map(([, matches]) => matches));
  const areNumbers = columns.every((column) => /^\d+$/.test(column));
  if (areNumbers && (columns.length === 3 || columns.length === 4)) return sum([columns[1]]);
  if (areNumbers && columns.length === 1) return sum(columns);
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  throw new NgramdError(
    'invalid-text',
    `The count after the tab must be a positive integer, or Google's columns of a year, and is ${shown}.`,
  );
}

function sum(counts: readonly string[]): number {
  const total = counts.reduce((sum, count) => sum + Number(count), 0);
  if (total > 0 && total <= exactIntegers) return total;
  throw new NgramdError(
    'invalid-text',
    `The count must be a positive integer, at most 2^53, and is ${counts.join(' + ')}.`,
  );
}
