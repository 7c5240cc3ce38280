import { asCsv, type Call } from '../service/call.ts';
import { DownloadLink } from './download-link.tsx';

/** Saves an answer as CSV. */
export function CsvLink({ call, of }: { call: Call<unknown>; of: string }) {
  return (
    <DownloadLink path={asCsv(call)}>
      as CSV<span class="unseen">: {of}</span>
    </DownloadLink>
  );
}
