import type { MessagePort } from 'node:worker_threads';
import { failureOf, type Outcome, outcomeOf } from '../../errors.ts';
import { collectGarbage } from '../../platform/garbage.ts';
import type { CorpusSettings } from '../../store/store.ts';
import { buffersOf, Draft, type DraftContent, type DraftSummary } from './draft.ts';
import { type SharedTextMemory, TextMemory } from './text-memory.ts';

/** After more bytes of texts than these, collecting garbage is worthwhile. */
const manyBytes = 2 ** 22;

/** The messages to the thread that receives an upload. All but the last are answered, in order. */
export type ReceiveCall = { write: Uint8Array } | 'finish' | 'take' | 'end';

/** The upload that a worker receives. */
export interface ReceiveTask {
  port: MessagePort;
  settings: CorpusSettings;
  /** The file for the tokens, if there are many. */
  spoolPath: string;
  memory: SharedTextMemory;
}

/** Receives the texts of one upload through the port until the upload is ended. */
export function receive({ port, settings, spoolPath, memory }: ReceiveTask): Promise<Outcome<void>> {
  const own = new TextMemory(memory);
  const draft = new Draft(settings, spoolPath, own.take);
  let bytes = 0;
  const answer = (call: Exclude<ReceiveCall, 'end'>): number | DraftSummary | DraftContent => {
    if (call === 'finish') return draft.finish();
    if (call === 'take') return draft.take();
    bytes += call.write.length;
    draft.write(call.write);
    return draft.length;
  };
  port.on('message', (call: ReceiveCall) => {
    if (call === 'end') return port.close();
    const outcome = outcomeOf(() => answer(call));
    const isTaken = call === 'take' && 'result' in outcome;
    port.postMessage(outcome, isTaken ? buffersOf(outcome.result as DraftContent) : []);
  });
  return new Promise((resolve) => {
    port.on('close', () => {
      try {
        draft.dispose();
        if (bytes > manyBytes) collectGarbage();
        resolve({ result: undefined });
      } catch (error) {
        resolve(failureOf(error));
      }
    });
  });
}
