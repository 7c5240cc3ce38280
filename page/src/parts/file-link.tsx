import { type Call, inFormat } from '../service/call.ts';
import { DownloadLink } from './download-link.tsx';

interface FileLinkProps {
  call: Call<unknown>;
  format: 'csv' | 'svg';
  of: string;
}

/** Saves an answer as CSV, or as a picture. */
export function FileLink({ call, format, of }: FileLinkProps) {
  return (
    <DownloadLink path={inFormat(call, format)}>
      as {format.toUpperCase()}
      <span class="unseen">: {of}</span>
    </DownloadLink>
  );
}
