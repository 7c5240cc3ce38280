import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { setParams } from '../../place.ts';
import { call, send } from '../../service/call.ts';
import { useCorpora } from '../../service/corpora.ts';
import { useAction } from '../../service/use-action.ts';

/** Deletes a corpus once its name has been typed. */
export function DeleteCorpus({ name, onClose }: { name: string; onClose(): void }) {
  const [typed, setTyped] = useState('');
  const other = useCorpora().data?.items.find((corpus) => corpus.name !== name)?.name;
  const { run, isRunning, error } = useAction(async () => {
    await send(call('delete', '/v1/corpora/{corpus}', { path: { corpus: name } }));
    // The list of corpora still has the deleted one: nothing of it must be asked.
    if (other === undefined) location.hash = '#/start';
    else setParams({ corpus: other });
  });
  const submit = (event: Event) => {
    event.preventDefault();
    if (typed === name) run();
  };
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <form onSubmit={submit}>
        <p>All of its documents and counts are deleted. Its backups are kept.</p>
        <TextField label={`Type ${name} to confirm`} value={typed} onChange={setTyped} />
        <ProblemNote error={error} />
        <div class="actions">
          <button type="submit" class="danger" disabled={typed !== name || isRunning}>
            Delete the corpus
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
