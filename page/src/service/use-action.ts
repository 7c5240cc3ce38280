import { useState } from 'preact/hooks';
import { noteChange } from './use-answer.ts';

/** Something that the reader starts and that changes what the service has. */
export interface Action {
  /** Starts it. It does not throw: `error` says what went wrong. */
  run(): void;
  isRunning: boolean;
  error?: Error;
}

/** Runs `act` when it is asked to, once at a time, and keeps its error until the next time. */
export function useAction(act: () => Promise<unknown>): Action {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isRunning: false });
  const run = async () => {
    if (state.isRunning) return;
    setState({ isRunning: true });
    try {
      await act();
      setState({ isRunning: false });
      noteChange();
    } catch (error) {
      setState({ isRunning: false, error: error as Error });
    }
  };
  return { ...state, run: () => void run() };
}
