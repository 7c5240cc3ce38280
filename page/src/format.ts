const integers = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** 32,775 */
export function integer(value: number): string {
  return integers.format(value);
}

/** A number with so many significant digits: 0.02910, 13.40, 2.1e-7. */
export function significant(value: number | null, digits = 4): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(digits - 1).replace('e+', 'e');
  return Number(value.toPrecision(digits)).toLocaleString('en', { maximumSignificantDigits: digits });
}

/**
 * A probability with three digits, so that those below each other are compared by their length: 0.280, 0.00626, 2.1e-7.
 */
export function probability(value: number): string {
  if (value === 0 || value < 1e-4) return significant(value, 3);
  return value.toLocaleString('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}

/** 94 kB, 1.2 MB */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1);
  const scaled = value / 1000 ** power;
  return `${scaled.toLocaleString('en', { maximumFractionDigits: scaled < 10 && power > 0 ? 1 : 0 })} ${units[power]}`;
}

/** Nov 27, 2026, 4:55 AM */
export function time(iso: string): string {
  return times.format(new Date(iso));
}

/** A noun with its number: 1 document, 3 documents. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${integer(value)} ${value === 1 ? singular : plural}`;
}
