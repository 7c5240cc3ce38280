import { useEffect, useRef, useState } from 'preact/hooks';
import type { Job } from '../../../clients/typescript/src/index.ts';
import type { Following } from './upload.ts';
import { noteChange } from './use-answer.ts';

/** An upload that a form starts: how far it is, and how it ended. */
export interface Uploading<Added> {
  /** Starts it. It does not throw: the state says how it ended. */
  start(send: (following: Following) => Promise<Added>): void;
  cancel(): void;
  isRunning: boolean;
  job?: Job;
  added?: Added;
  error?: Error;
  isCancelled?: boolean;
}

export function useUpload<Added>(): Uploading<Added> {
  const [state, setState] = useState<Omit<Uploading<Added>, 'start' | 'cancel'>>({ isRunning: false });
  const stop = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const start = async (send: (following: Following) => Promise<Added>) => {
    const controller = new AbortController();
    const { signal } = controller;
    stop.current = controller;
    setState({ isRunning: true });
    try {
      const onProgress = (job: Job) => setState({ isRunning: true, job });
      const added = await send({ onProgress, signal });
      noteChange();
      setState({ isRunning: false, added });
    } catch (error) {
      setState(
        signal.aborted
          ? { isRunning: false, isCancelled: true }
          : { isRunning: false, error: error as Error },
      );
    }
  };
  return { ...state, start: (send) => void start(send), cancel: () => stop.current?.abort() };
}
