/** What the id of a document looks like. */
export const documentIdPattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$';

/**
 * What the date of a document looks like: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07.
 */
export const datePattern = '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$';

/** The most characters of the title of a document. */
export const maxTitleLength = 250;

/** Whether there is a year, a month or a day that is written so. */
export function isInCalendar(date: string): boolean {
  const time = Date.parse(date);
  // A day beyond the end of its month is taken for one of the next.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
