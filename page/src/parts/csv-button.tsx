import { type CsvTable, csvOf, saveFile } from '../service/csv.ts';

/** Saves as CSV what the page shows of an answer that the service sends only as JSON. */
export function CsvButton({ table, of }: { table: CsvTable; of: string }) {
  const save = () => saveFile(table.file, new Blob([csvOf(table)], { type: 'text/csv' }));
  return (
    <button type="button" class="quiet" onClick={save}>
      as CSV<span class="unseen">: {of}</span>
    </button>
  );
}
