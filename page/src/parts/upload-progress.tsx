import type { Job } from '../../../clients/typescript/src/index.ts';
import { bytes, integer } from '../format.ts';
import type { Uploading } from '../service/use-upload.ts';
import { ProblemNote } from './problem-note.tsx';

const states: Record<Job['state'], string> = {
  receiving: 'Reading the text',
  copying: 'Copying',
  waiting: 'Waiting for another change of the corpus',
  counting: 'Counting',
  merging: 'Merging the counts',
  committing: 'Writing',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** How far an upload is, with a button that cancels it; afterwards its problem, if it has one. */
export function UploadProgress({
  of: { isRunning, isCancelled, job, error, cancel },
  shownFields = [],
}: {
  of: Uploading<unknown>;
  shownFields?: readonly string[];
}) {
  if (isCancelled) return <p role="status">Cancelled. Nothing of the text was kept.</p>;
  if (!isRunning) return <ProblemNote error={error} shownFields={shownFields} />;
  const text = job === undefined ? 'Sending' : states[job.state];
  return (
    <div class="upload">
      <div class="upload-state">
        <span role="status">{text}</span>
        <span class="amount">{job === undefined ? '' : amountOf(job)}</span>
      </div>
      <progress aria-label={text} value={job === undefined ? undefined : doneOf(job)} max={1} />
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

/** The share that is done of the step that an upload is at; undefined if that is not known. */
function doneOf({ state, bytes, total_bytes, tokens, counted_tokens }: Job): number | undefined {
  if (state === 'receiving') return total_bytes === undefined ? undefined : bytes / total_bytes;
  return state === 'counting' && tokens > 0 ? counted_tokens / tokens : undefined;
}

function amountOf({ state, bytes: received, total_bytes, tokens, counted_tokens }: Job): string {
  if (state === 'counting') return `${integer(counted_tokens)} of ${integer(tokens)} tokens`;
  return total_bytes === undefined ? bytes(received) : `${bytes(received)} of ${bytes(total_bytes)}`;
}
