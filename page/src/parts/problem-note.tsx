import { ProblemError } from '../../../clients/typescript/src/index.ts';

interface ProblemNoteProps {
  error: Error | undefined;
  /** The fields beside which the form shows their own errors. */
  shownFields?: readonly string[];
}

/** What went wrong, in the words of the service. */
export function ProblemNote({ error, shownFields = [] }: ProblemNoteProps) {
  if (error === undefined || shownFields.some((name) => fieldError(error, name) !== undefined)) return null;
  // What a corpus cannot do is no fault of anyone.
  if (error instanceof ProblemError && error.problem.type.endsWith('#no-counts'))
    return <p class="note">{error.message}</p>;
  return (
    <div class="problem" role="alert">
      <strong>{error instanceof ProblemError ? error.problem.title : 'The service cannot be reached'}</strong>
      <p>{error.message}</p>
    </div>
  );
}

/** What a problem says about a field of the request, by its name. */
export function fieldError(error: Error | undefined, name: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const pointsHere = ({ pointer }: { pointer: string }) => pointer.split('/').includes(name, 2);
  return error.problem.errors?.find(pointsHere)?.detail;
}
