import { AsyncLocalStorage } from 'node:async_hooks';

/** Is thrown by work that would hold up the event loop: the question is then asked in a thread. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** How much work a question may do on the event loop, in microseconds. */
const budget = 20_000;

/** What is left of each question's budget. Threads that serve nobody else meanwhile never begin a turn. */
const turns = new AsyncLocalStorage<{ left: number }>();

/**
 * Answers a question on the event loop. Rejects with `TooLong` when its work, as far as it is noted with `spend`, takes
 * more than about 20 milliseconds. Each question has a budget of its own, whatever others do while it waits.
 */
export async function inOneTurn<T>(question: () => T | Promise<T>): Promise<T> {
  return turns.run({ left: budget }, question);
}

/** Notes work of about this many microseconds that is to be done now. Throws `TooLong` where the turn is too short for it. */
export function spend(microseconds: number): void {
  const turn = turns.getStore();
  if (turn === undefined) return;
  turn.left -= microseconds;
  if (turn.left < 0) throw new TooLong();
}
