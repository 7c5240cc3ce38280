import type { Outcome } from '../../src/errors.ts';

let turns = 0;

/** Returns how often the event loop of this thread has turned between the tasks so far. */
export function turn(): Outcome<number> {
  setImmediate(() => turns++);
  return { result: turns };
}
