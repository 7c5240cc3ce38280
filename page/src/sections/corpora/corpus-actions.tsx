import { useState } from 'preact/hooks';
import { bytes } from '../../format.ts';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { call, send } from '../../service/call.ts';
import { useAction } from '../../service/use-action.ts';
import { DeleteCorpus } from './delete-corpus.tsx';

/** What can be done with a whole corpus: backing it up and deleting it. */
export function CorpusActions({ name }: { name: string }) {
  const [made, setMade] = useState('');
  const [isDeleting, setDeleting] = useState(false);
  const backup = useAction(async () => {
    const { file, bytes: size } = await send(
      call('post', '/v1/corpora/{corpus}/backups', { path: { corpus: name } }),
    );
    setMade(`${file}, ${bytes(size)}`);
  });
  return (
    <>
      <div class="actions">
        <button type="button" onClick={backup.run} disabled={backup.isRunning}>
          {backup.isRunning ? 'Backing up…' : 'Back up'}
        </button>
        <button type="button" class="danger" onClick={() => setDeleting(true)}>
          Delete…
        </button>
      </div>
      <ProblemNote error={backup.error} />
      {made === '' ? null : (
        <p role="status">
          Backed up as <code>{made}</code>.
        </p>
      )}
      {isDeleting ? <DeleteCorpus name={name} onClose={() => setDeleting(false)} /> : null}
    </>
  );
}
