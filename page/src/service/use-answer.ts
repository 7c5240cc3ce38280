import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
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
  isLoading: boolean;
}

/** Asks a call, and again whenever it changes. Nothing is asked while it is undefined. */
export function useAnswer<Answer>(asked: Call<Answer> | undefined): Answering<Answer> {
  return useQuestion(asked && JSON.stringify(asked), (signal) => send(asked as Call<Answer>, signal));
}

/** The answers to several calls, by the path of each. One that fails has its error. */
export function useAnswers<Answer>(
  asked: readonly Call<Answer>[],
): Answering<ReadonlyMap<string, Answer | Error>> {
  return useQuestion(JSON.stringify(asked), async (signal) => {
    const answers = asked.map((call) =>
      send(call, signal).catch((error: Error) => {
        signal.throwIfAborted();
        return error;
      }),
    );
    const paths = asked.map(({ path }) => path);
    return new Map((await Promise.all(answers)).map((answer, i) => [paths[i], answer]));
  });
}

/** Asks a question, which is what its text says: another key, or a change, makes the same text another question. */
function useQuestion<Answer>(
  question: string | undefined,
  send: (signal: AbortSignal) => Promise<Answer>,
): Answering<Answer> {
  const [state, setState] = useState<Answering<Answer>>({ isLoading: question !== undefined });
  const isFirst = useRef(true);
  const [secret, change] = [key.value, changes.value];
  useEffect(() => {
    if (question === undefined) return setState({ isLoading: false });
    const stop = new AbortController();
    setState(({ data, error }) => ({ data, error, isLoading: true }));
    const ask = () =>
      send(stop.signal).then(
        (data) => setState({ data, isLoading: false }),
        (error: Error) => stop.signal.aborted || setState({ error, isLoading: false }),
      );
    const timer = setTimeout(ask, isFirst.current ? 0 : pauseMs);
    isFirst.current = false;
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [question, secret, change]);
  return state;
}
