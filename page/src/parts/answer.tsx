import type { ComponentChildren } from 'preact';
import type { Answering } from '../service/use-answer.ts';
import { ProblemNote } from './problem-note.tsx';

interface AnswerProps<Data> {
  of: Answering<Data>;
  shownFields?: readonly string[];
  children(data: Data): ComponentChildren;
}

/** An answer, or why there is none yet. While the next one is on its way, the last one stays, so that nothing jumps. */
export function Answer<Data>({
  of: { data, error, isLoading },
  shownFields = [],
  children,
}: AnswerProps<Data>) {
  return (
    <div class="answer" aria-busy={isLoading}>
      <ProblemNote error={isLoading ? undefined : error} shownFields={shownFields} />
      {data === undefined ? isLoading ? <p class="waiting">Loading…</p> : null : children(data)}
    </div>
  );
}
