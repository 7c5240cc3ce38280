/** A table that is saved as CSV. */
export interface CsvTable {
  file: string;
  columns: readonly string[];
  /** Its rows, which are made when they are saved. */
  rows(): readonly (readonly unknown[])[];
}

/** A table as CSV (RFC 4180): quoted where it must be, and the cell of null is empty, as in the service's own. */
export function csvOf({ columns, rows }: CsvTable): string {
  return [columns, ...rows()].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives a file to the reader, as a link to it would. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
