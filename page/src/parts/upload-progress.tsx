import type { Job } from '../../../clients/typescript/src/index.ts';
import { bytes, integer } from '../format.ts';
import type { Uploading } from '../service/use-upload.ts';
import { doneOf, jobStates } from './job-states.ts';
import { ProblemNote } from './problem-note.tsx';

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
  const text = job === undefined ? 'Sending' : jobStates[job.state];
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

function amountOf({ state, bytes: received, total_bytes, tokens, counted_tokens }: Job): string {
  if (state === 'counting') return `${integer(counted_tokens)} of ${integer(tokens)} tokens`;
  return total_bytes === undefined ? bytes(received) : `${bytes(received)} of ${bytes(total_bytes)}`;
}
