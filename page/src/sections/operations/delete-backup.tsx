import { time } from '../../format.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { call, send } from '../../service/call.ts';
import { useAction } from '../../service/use-action.ts';
import type { BackupDialogProps } from './backup.ts';

/** Deletes a backup, after a question. */
export function DeleteBackup({ backup: { corpus, name, version, created_at }, onClose }: BackupDialogProps) {
  const path = { corpus, backup: name };
  const { run, isRunning, error } = useAction(() =>
    send(call('delete', '/v1/corpora/{corpus}/backups/{backup}', { path })),
  );
  return (
    <Dialog title="Delete this backup?" onClose={onClose}>
      <p>
        Version {version} of <b>{corpus}</b>, of {time(created_at)}. The corpus itself stays as it is.
      </p>
      <ProblemNote error={error} />
      <div class="actions">
        <button type="button" class="danger" onClick={run} disabled={isRunning}>
          Delete the backup
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Keep it
        </button>
      </div>
    </Dialog>
  );
}
