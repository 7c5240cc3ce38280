import { asCsv, type Call } from '../service/call.ts';
import { address, key } from '../service/client.ts';
import { saveFile } from '../service/csv.ts';
import { useAction } from '../service/use-action.ts';
import { ProblemNote } from './problem-note.tsx';

interface CsvLinkProps {
  call: Call<unknown>;
  of: string;
}

/** Saves an answer as CSV. A link sends no key, so with a key the file is fetched first. */
export function CsvLink({ call, of }: CsvLinkProps) {
  const url = `${address}${asCsv(call)}`;
  const { run, isRunning, error } = useAction(() => save(url));
  const label = (
    <>
      as CSV<span class="unseen">: {of}</span>
    </>
  );
  if (key.value === '') {
    return (
      <a class="quiet" href={url} download>
        {label}
      </a>
    );
  }
  return (
    <>
      <button type="button" class="quiet" onClick={run} disabled={isRunning}>
        {label}
      </button>
      <ProblemNote error={error} />
    </>
  );
}

async function save(url: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key.value}` } });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const name = /filename="(.+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  saveFile(name ?? 'table.csv', await answer.blob());
}
