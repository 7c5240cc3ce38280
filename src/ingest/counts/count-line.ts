import { NgramdError } from '../../errors.ts';
import { exactIntegers } from '../../ngrams/sort-pairs.ts';

const [tab, comma, zero, nine] = Buffer.from('\t,09');

/** The most digits that are surely below 2^53. */
const surelyExact = 15;

/** What may follow the first tab of a line. */
const forms = {
  count: 'a count',
  year: "Google's year, matches and volumes",
  pages: "Google's year, matches, pages and volumes",
  years: "Google's year,matches,volumes",
} as const;

type Form = keyof typeof forms;

/** Reads what follows the first tab in the lines of a file, which has one form in all lines. */
export class CountColumns {
  #form: Form | undefined;

  /**
   * The count in a line, of which `bytes[start, end)` is what follows the first tab: a count, or the columns of
   * Google's files. These are `year, matches, volumes`, in the first version with `pages` before the volumes, in the
   * third one or several of `year,matches,volumes`; of several years, the matches are added up. Throws `invalid-text`
   * for anything else, and for another form than in the lines before: a line that is cut off can look like a count.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
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
      for (; at < end && bytes[at] >= zero && bytes[at] <= nine; at++)
        number = 10 * number + bytes[at] - zero;
      if (at === from || at - from > surelyExact) return this.#readColumns(bytes, start, end);
      numbers++;
      if (numbers === 2) ofYears += number;
      if (at < end && bytes[at] === comma) continue;
      if (at < end && bytes[at] !== tab) return this.#readColumns(bytes, start, end);
      columns++;
      if (columns === 1) first = number;
      if (columns === 2) matches = number;
      if (numbers === 1) alone++;
      else if (numbers !== 3) return this.#readColumns(bytes, start, end);
      numbers = 0;
    }
    const count = alone === 0 ? ofYears : columns === 1 ? first : matches;
    const isRead = alone === 0 || alone === columns;
    const form = formOf(columns, alone === 0);
    if (!isRead || form === undefined || count <= 0 || count > exactIntegers)
      return this.#readColumns(bytes, start, end);
    this.#check(form);
    return count;
  }

  /** As `read`, for what is not the usual. */
  #readColumns(bytes: Uint8Array, start: number, end: number): number {
    const text = Buffer.from(bytes.subarray(start, end)).toString();
    const columns = text.split(String.fromCharCode(tab));
    const years = columns.map((column) => /^\d+,(\d+),\d+$/.exec(column));
    const areYears = years.every((year) => year !== null);
    const areNumbers = columns.every((column) => /^\d+$/.test(column));
    const form = areYears || areNumbers ? formOf(columns.length, areYears) : undefined;
    if (form === undefined) {
      throw new NgramdError(
        'invalid-text',
        `The count after the tab must be a positive integer, or Google's columns of a year, and is ${shown(text)}. An n-gram comes first, with spaces between its words.`,
      );
    }
    this.#check(form);
    return sum(areYears ? years.map(([, matches]) => matches) : [form === 'count' ? text : columns[1]]);
  }

  #check(form: Form): void {
    this.#form ??= form;
    if (form === this.#form) return;
    throw new NgramdError(
      'invalid-text',
      `After the tab it has ${forms[form]}, and the lines before it have ${forms[this.#form]}.`,
    );
  }
}

/** The form of this many columns, each of them a number or a year with its numbers; undefined if there is none. */
function formOf(columns: number, areYears: boolean): Form | undefined {
  if (areYears) return 'years';
  return ([undefined, 'count', undefined, 'year', 'pages'] as const)[columns];
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
