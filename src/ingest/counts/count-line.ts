import { NgramdError } from '../../errors.ts';
import { exactIntegers } from '../../ngrams/sort-pairs.ts';

const [tab, comma, zero, nine] = Buffer.from('\t,09');

/** The most digits that are surely below 2^53. */
const surelyExact = 15;

/**
 * The count in a line, of which `bytes[start, end)` is what follows the first tab: a count, or the columns of Google's
 * files. These are `year, matches, volumes`, in the first version with `pages` before the volumes, in the third one or
 * several of
 * `year,matches,volumes`; of several years, the matches are added up. Throws `invalid-text` for anything else.
 */
export function readCount(bytes: Uint8Array, start: number, end: number): number {
  /** Columns, and those of them that are one number, and numbers in the current one. */
  let columns = 0;
  let alone = 0;
  let numbers = 0;
  let first = 0;
  let matches = 0;
  let ofYears = 0;
  for (let at = start; at <= end; at++) {
    let number = 0;
    const from = at;
    for (; at < end && bytes[at] >= zero && bytes[at] <= nine; at++) number = 10 * number + bytes[at] - zero;
    if (at === from || at - from > surelyExact) return readColumns(bytes, start, end);
    numbers++;
    if (numbers === 2) ofYears += number;
    if (at < end && bytes[at] === comma) continue;
    if (at < end && bytes[at] !== tab) return readColumns(bytes, start, end);
    columns++;
    if (columns === 1) first = number;
    if (columns === 2) matches = number;
    if (numbers === 1) alone++;
    else if (numbers !== 3) return readColumns(bytes, start, end);
    numbers = 0;
  }
  const count = alone === 0 ? ofYears : columns === 1 ? first : matches;
  const isRead = alone === 0 || (alone === columns && (columns === 1 || columns === 3 || columns === 4));
  return isRead && count > 0 && count <= exactIntegers ? count : readColumns(bytes, start, end);
}

/** As `readCount`, for what is not the usual. */
function readColumns(bytes: Uint8Array, start: number, end: number): number {
  const text = Buffer.from(bytes.subarray(start, end)).toString();
  const columns = text.split(String.fromCharCode(tab));
  const years = columns.map((column) => /^\d+,(\d+),\d+$/.exec(column));
  if (years.every((year) => year !== null)) return sum(years.map(([, matches]) => matches));
  const areNumbers = columns.every((column) => /^\d+$/.test(column));
  if (areNumbers && (columns.length === 3 || columns.length === 4)) return sum([columns[1]]);
  if (areNumbers && columns.length === 1) return sum(columns);
  throw new NgramdError(
    'invalid-text',
    `The count after the tab must be a positive integer, or Google's columns of a year, and is ${shown(text)}. An n-gram comes first, with spaces between its words.`,
  );
}

function sum(counts: readonly string[]): number {
  const total = counts.reduce((sum, count) => sum + Number(count), 0);
  if (total > 0 && total <= exactIntegers) return total;
  throw new NgramdError(
    'invalid-text',
    `The count must be a positive integer, at most 2^53, and is ${counts.length === 1 ? counts[0] : `${total}, of ${counts.length} years together`}.`,
  );
}

/** A piece of a line as it is quoted in messages: its beginning, if it is long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
