import { useState } from 'preact/hooks';
import { time } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { fieldError, ProblemNote } from '../../parts/problem-note.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { call, send } from '../../service/call.ts';
import { useAction } from '../../service/use-action.ts';
import type { BackupDialogProps } from './backup.ts';

/** Restores a backup under its own or another name. */
export function RestoreBackup({ backup, onClose }: BackupDialogProps) {
  const { corpus, name, version, created_at } = backup;
  const [to, setTo] = useState(corpus);
  const [replace, setReplace] = useState(false);
  const { run, isRunning, error } = useAction(async () => {
    const path = { corpus, backup: name };
    await send(
      call('post', '/v1/corpora/{corpus}/backups/{backup}/restore', { path, query: { to, replace } }),
    );
    onClose();
  });
  const submit = (event: Event) => {
    event.preventDefault();
    run();
  };
  return (
    <Dialog title="Restore this backup" onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          Version {version} of <b>{corpus}</b>, of {time(created_at)}.
        </p>
        <TextField
          label="Name of the restored corpus"
          value={to}
          error={fieldError(error, 'to')}
          onChange={setTo}
        />
        <label class="tick">
          <input type="checkbox" checked={replace} onChange={() => setReplace(!replace)} />
          Replace the corpus that has this name
        </label>
        <ProblemNote error={error} shownFields={['to']} />
        <div class="actions">
          <button type="submit" class={replace ? 'danger' : 'primary'} disabled={isRunning || to === ''}>
            {isRunning ? 'Restoring…' : 'Restore it'}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
