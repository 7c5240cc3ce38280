import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Answering } from '../service/use-answer.ts';
import { ProblemNote } from './problem-note.tsx';

interface AnswerProps<Data> {
  of: Answering<Data>;
  shownFields?: readonly string[];
  children(data: Data): ComponentChildren;
}

/**
 * An answer, or why there is none yet. While the next one is on its way, the last one stays as it was shown, so that
 * nothing jumps and no heading or column of the new question stands over rows of the old one. `aria-busy` says so.
 */
export function Answer<Data>({
  of: { data, error, isLoading },
  shownFields = [],
  children,
}: AnswerProps<Data>) {
  const shown = useRef<ComponentChildren>(undefined);
  if (data === undefined) shown.current = undefined;
  else if (!isLoading || shown.current === undefined) shown.current = children(data);
  return (
    <div class="answer" aria-busy={isLoading}>
      <ProblemNote error={isLoading ? undefined : error} shownFields={shownFields} />
      {data === undefined && isLoading ? <p class="waiting">Loading…</p> : shown.current}
    </div>
  );
}
