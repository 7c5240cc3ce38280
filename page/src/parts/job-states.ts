import type { Job } from '../../../clients/typescript/src/index.ts';

/** The states of jobs, as they are called on the page. */
export const jobStates: Record<Job['state'], string> = {
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

/** The share that is done of the step that a job is at; undefined if that is not known. */
export function doneOf({ state, bytes, total_bytes, tokens, counted_tokens }: Job): number | undefined {
  if (state === 'receiving' || state === 'copying') return total_bytes ? bytes / total_bytes : undefined;
  return state === 'counting' && tokens > 0 ? counted_tokens / tokens : undefined;
}
