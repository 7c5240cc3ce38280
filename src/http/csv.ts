import { stringify } from 'csv-stringify/sync';

/** The content type of CSV whose first line names the columns (RFC 4180, RFC 7111). */
export const csvType = 'text/csv; charset=utf-8; header=present';

const options = {
  record_delimiter: '\r\n',
  // Not only the whole delimiter: parsers take each of its characters for the end of a line.
  quoted_match: /[\r\n]/,
  cast: {
    boolean: String,
    // The tokens of an n-gram.
    object: (value: object) => (Array.isArray(value) ? value.join(' ') : JSON.stringify(value)),
  },
};

/**
 * Items as lines of CSV (RFC 4180): a column is a field of the item, or a path such as `problem.detail`. What an item
 * does not have, and null, is empty; a list is its items with spaces between them. Texts are never changed: one that
 * begins with `=` stays so.
 */
export function csvLines(columns: readonly string[], items: readonly object[]): string {
  return stringify([...items], { ...options, columns });
}

/** The line that names the columns. */
export function csvHeader(columns: readonly string[]): string {
  return stringify([[...columns]], options);
}
