/** Is thrown by work that would hold up the event loop: what was asked is to be asked in a thread. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** How much work a question does in one turn of the event loop, in microseconds, about. */
const turn = 20_000;

/** What is left of the turn. Threads that serve nobody meanwhile never begin one. */
let left = Number.POSITIVE_INFINITY;

/**
 * Answers a question in this turn of the event loop. Throws `TooLong` when its work, as far as it is noted with `spend`,
 * takes some 20 milliseconds.
 */
export function inOneTurn<T>(question: () => T): T {
  left = turn;
  try {
    return question();
  } finally {
    left = Number.POSITIVE_INFINITY;
  }
}

/** Notes work of about so many microseconds that is done now. Throws `TooLong` where the turn is too short for it. */
export function spend(microseconds: number): void {
  left -= microseconds;
  if (left < 0) throw new TooLong();
}
