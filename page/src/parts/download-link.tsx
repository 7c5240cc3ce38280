import type { ComponentChildren } from 'preact';
import { address, key } from '../service/client.ts';
import { saveFile } from '../service/csv.ts';
import { useAction } from '../service/use-action.ts';
import { ProblemNote } from './problem-note.tsx';

interface DownloadLinkProps {
  /** The path of the file at the service, with its query. */
  path: string;
  children: ComponentChildren;
}

/** Saves a file of the service. A link sends no key, so with a key the file is fetched first. */
export function DownloadLink({ path, children }: DownloadLinkProps) {
  const url = `${address}${path}`;
  const { run, isRunning, error } = useAction(() => save(url));
  if (key.value === '') {
    return (
      <a class="quiet" href={url} download>
        {children}
      </a>
    );
  }
  return (
    <>
      <button type="button" class="quiet" onClick={run} disabled={isRunning}>
        {children}
      </button>
      <ProblemNote error={error} />
    </>
  );
}

async function save(url: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key.value}` } });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const name = /filename="(.+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  saveFile(name ?? 'file', await answer.blob());
}
