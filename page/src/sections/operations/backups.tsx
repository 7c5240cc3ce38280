import { bytes, integer, time } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { DownloadLink } from '../../parts/download-link.tsx';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Table } from '../../parts/table.tsx';
import { call, send } from '../../service/call.ts';
import { useAction } from '../../service/use-action.ts';
import { useAnswer } from '../../service/use-answer.ts';
import type { Backup } from './backup.ts';
import { BackupAction } from './backup-action.tsx';
import { DeleteBackup } from './delete-backup.tsx';
import { RestoreBackup } from './restore-backup.tsx';

/** The backups: making, fetching, restoring and deleting them. */
export function Backups({ next }: { next?: string }) {
  const shown = call('get', '/v1/backups', { query: { limit: 100 } });
  const backups = useAnswer(shown);
  const making = useAction(() => send(call('post', '/v1/backups', {})));
  return (
    <Panel
      title="Backups"
      lead={next === undefined ? undefined : `The next ones are made by schedule: ${time(next)}.`}
      call={shown}
      csv={call('get', '/v1/backups', {})}
    >
      <div class="actions">
        <button type="button" onClick={making.run} disabled={making.isRunning}>
          Back up all corpora
        </button>
      </div>
      <ProblemNote error={making.error} />
      <Answer of={backups}>
        {({ items }) => (
          <Table
            caption="Backups"
            rows={items}
            keyOf={({ corpus, name }) => `${corpus} ${name}`}
            empty="There is no backup yet."
            columns={[
              { title: 'Corpus', isName: true, cell: ({ corpus }) => corpus },
              { title: 'Version', isNumber: true, cell: ({ version }) => integer(version) },
              { title: 'Size', isNumber: true, cell: (backup) => bytes(backup.bytes) },
              { title: 'Made', cell: ({ created_at }) => time(created_at) },
              { title: 'By', cell: ({ scheduled }) => (scheduled ? 'schedule' : 'request') },
              {
                title: <span class="unseen">What to do</span>,
                cell: (backup) => <Actions backup={backup} />,
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

function Actions({ backup }: { backup: Backup }) {
  const { corpus, name } = backup;
  const { path } = call('get', '/v1/corpora/{corpus}/backups/{backup}', { path: { corpus, backup: name } });
  const of = (
    <span class="unseen">
      {' '}
      {corpus}, {time(backup.created_at)}
    </span>
  );
  return (
    <div class="row-actions">
      <DownloadLink path={path}>Download{of}</DownloadLink>
      <BackupAction label={<>Restore…{of}</>}>
        {(onClose) => <RestoreBackup backup={backup} onClose={onClose} />}
      </BackupAction>
      <BackupAction label={<>Delete…{of}</>}>
        {(onClose) => <DeleteBackup backup={backup} onClose={onClose} />}
      </BackupAction>
    </div>
  );
}
