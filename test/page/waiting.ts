import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';

/** How long the page may take for something on a machine that has much else to do, in milliseconds. */
export const patienceMs = 120_000;

/** Waits until the page shows the answers to all that it asks: its panels say with `aria-busy` when they do not. */
export async function untilAnswered(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main :is(.waiting, [aria-busy=true])').first().waitFor({ state: 'detached' });
}

/**
 * Asserts that what is read of the page becomes the same as `expected`. An action, and a text that is waited for, can be
 * there before what follows from it: so it is read again until it is so, or the patience has come to its end.
 */
export async function eventually<Read>(
  t: Test,
  read: () => Read | Promise<Read>,
  expected: unknown,
  message = 'the page shows it',
): Promise<void> {
  const found = await readUntil(read, (found) => isDeepStrictEqual(found, expected));
  t.same(found, expected, message);
}

/** Asserts that what is read becomes a text, or lists of texts, that match regular expressions; lists may go on. */
export async function eventuallyMatches<Read>(
  t: Test,
  read: () => Read | Promise<Read>,
  pattern: Pattern,
  message = 'the page shows it',
): Promise<void> {
  const found = await readUntil(read, (found) => matches(found, pattern));
  t.match(found, pattern, message);
}

type Pattern = RegExp | string | readonly Pattern[];

function matches(found: unknown, pattern: Pattern): boolean {
  if (typeof pattern === 'string') return found === pattern;
  if (pattern instanceof RegExp) return typeof found === 'string' && pattern.test(found);
  return Array.isArray(found) && pattern.every((each, i) => matches(found[i], each));
}

/** Reads again and again until what is read is as it must be, and returns what was read last. */
async function readUntil<Read>(
  read: () => Read | Promise<Read>,
  isRight: (found: Read) => boolean,
): Promise<Read> {
  const end = Date.now() + patienceMs;
  let found = await read();
  while (!isRight(found) && Date.now() < end) {
    await setTimeout(50);
    found = await read();
  }
  return found;
}
