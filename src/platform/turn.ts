import { AsyncLocalStorage } from 'node:async_hooks';

/** Thrown by work that would block the event loop for too long; the question is then answered in a thread. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** More than any budget, in microseconds. */
const longTime = 1e9;

/** How much work a question may do on the event loop, in microseconds. */
const budget = 20_000;

/** A question's remaining budget on the event loop, or its checkpoint in a thread. */
interface Turn {
  left: number;
  checkpoint?: () => void;
}

/** The turn of each question, also after it has waited. */
const turns = new AsyncLocalStorage<Turn>();

/** A turn with a function that runs a question in it. */
interface FreeTurn {
  readonly turn: Turn;
  run<T>(question: () => T): T;
}

/** The turns of questions that were answered without waiting: entering one again is cheaper than making one. */
const free: FreeTurn[] = [];

/**
 * Answers a question on the event loop. Fails with `TooLong` when its work, as recorded by `spend`, takes more than
 * about 20 milliseconds. Each question has its own budget, regardless of what others do while it waits.
 */
export function inOneTurn<T>(question: () => T | Promise<T>): T | Promise<T> {
  const own = free.pop() ?? freeTurn();
  own.turn.left = budget;
  let answer: T | Promise<T> | undefined;
  try {
    answer = own.run(question);
    return answer;
  } finally {
    // One that waits keeps its turn.
    if (!(answer instanceof Promise)) free.push(own);
  }
}

function freeTurn(): FreeTurn {
  const turn = { left: budget };
  return { turn, run: turns.run(turn, () => AsyncLocalStorage.snapshot()) };
}

/**
 * Answers a question in a thread, for as long as it takes. It ends with an error that `checkpoint`, called by `spend`,
 * throws.
 */
export function inThread<T>(checkpoint: () => void, question: () => T): T {
  return turns.run({ left: Number.POSITIVE_INFINITY, checkpoint }, question);
}

/**
 * Records that work of about this many microseconds follows. Throws `TooLong` if that exceeds the rest of the budget.
 */
export function spend(microseconds: number): void {
  const turn = turns.getStore();
  if (turn === undefined) return;
  turn.checkpoint?.();
  turn.left -= microseconds;
  if (turn.left < 0) throw new TooLong();
}

/** Call before work that is known to take long. Throws `TooLong` on the event loop. */
export function leaveTurn(): void {
  spend(longTime);
}
