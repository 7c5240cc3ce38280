import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Call, send } from './call.ts';
import { key } from './client.ts';

/** While someone types, questions wait this long for the next letter. */
const pauseMs = 150;

/** Grows with each change that the page makes, so that what is shown is asked again. */
const changes = signal(0);

/** Says that something was added or deleted. */
export function noteChange(): void {
  changes.value++;
}

/** The state of a question: `data` stays, as `isLoading` says, until the next answer is there. */
export interface Answering<Answer> {
  data?: Answer;
  error?: Error;
  /** Whether the question is another one than that which `data` or `error` answers. */
  isLoading: boolean;
}

/** What came of a call that was sent at some time: another key, or a change, makes the same call another question. */
interface Answered<Answer> {
  question?: object;
  data?: Answer;
  error?: Error;
}

/** Asks a call, and again whenever it changes. Nothing is asked while it is undefined. */
export function useAnswer<Answer>(asked: Call<Answer> | undefined): Answering<Answer> {
  const [answered, setAnswered] = useState<Answered<Answer>>({});
  const isFirst = useRef(true);
  const text = asked && JSON.stringify(asked);
  const question = useMemo(
    () => (asked === undefined ? undefined : { asked }),
    [text, key.value, changes.value],
  );
  useEffect(() => {
    if (question === undefined) return setAnswered({});
    const stop = new AbortController();
    const ask = () =>
      send(question.asked, stop.signal).then(
        (data) => setAnswered({ question, data }),
        (error: Error) => stop.signal.aborted || setAnswered({ question, error }),
      );
    const timer = setTimeout(ask, isFirst.current ? 0 : pauseMs);
    isFirst.current = false;
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [question]);
  if (question === undefined) return { isLoading: false };
  // Compared while rendering: an effect would leave one rendering in which the last answer passes for this one's.
  const { data, error } = answered;
  return { data, error, isLoading: answered.question !== question };
}
