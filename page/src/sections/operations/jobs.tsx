import type { Job } from '../../../../clients/typescript/src/index.ts';
import { bytes, integer, time } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { doneOf, jobStates } from '../../parts/job-states.ts';
import { Panel } from '../../parts/panel.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Table } from '../../parts/table.tsx';
import { call, send } from '../../service/call.ts';
import { useAction } from '../../service/use-action.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { useRefresh } from './refresh.tsx';

/** While a job is in progress, the figures are asked so often. */
const whileRunningMs = 2000;

const operations: Record<Job['operation'], string> = {
  'create-corpus': 'New corpus',
  'add-documents': 'New documents',
  'create-backups': 'Backups',
};

/** The uploads and backups in progress, which can be cancelled, and those that ended lately. */
export function Jobs() {
  const shown = call('get', '/v1/jobs', { query: { limit: 50 } });
  const jobs = useAnswer(shown);
  useRefresh(jobs.data?.items.some(isRunning) ?? false, whileRunningMs);
  return (
    <Panel
      title="Jobs"
      lead="Uploads and backups in progress, and those that ended lately."
      call={shown}
      csv={call('get', '/v1/jobs', {})}
    >
      <Answer of={jobs}>
        {({ items }) => (
          <Table
            caption="Jobs"
            rows={items}
            keyOf={({ id }) => id}
            empty="There were none lately."
            columns={[
              { title: 'Job', isName: true, cell: ({ operation }) => operations[operation] },
              { title: 'Corpus', cell: ({ corpus }) => corpus ?? 'all' },
              { title: 'State', cell: (job) => <State of={job} /> },
              { title: 'Bytes', isNumber: true, cell: (job) => bytes(job.bytes) },
              { title: 'Tokens', isNumber: true, cell: ({ tokens }) => integer(tokens) },
              { title: 'Begun', cell: ({ created_at }) => time(created_at) },
              {
                title: <span class="unseen">Cancel</span>,
                cell: (job) => (isRunning(job) ? <Cancel id={job.id} of={job.corpus ?? 'backups'} /> : null),
              },
            ]}
          />
        )}
      </Answer>
    </Panel>
  );
}

function isRunning({ state }: Job): boolean {
  return state !== 'succeeded' && state !== 'failed' && state !== 'cancelled';
}

function State({ of: job }: { of: Job }) {
  const text = jobStates[job.state];
  if (isRunning(job)) {
    return (
      <>
        {text}
        <progress aria-label={text} value={doneOf(job)} max={1} />
      </>
    );
  }
  return 'problem' in job ? (
    <span class="line-text">
      {text}: {job.problem.detail}
    </span>
  ) : (
    text
  );
}

function Cancel({ id, of }: { id: string; of: string }) {
  const { run, error } = useAction(() => send(call('delete', '/v1/jobs/{id}', { path: { id } })));
  return (
    <>
      <button type="button" class="quiet" onClick={run}>
        Cancel<span class="unseen"> {of}</span>
      </button>
      <ProblemNote error={error} />
    </>
  );
}
