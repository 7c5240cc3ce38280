import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How many times a test kills a process at a random moment. */
export const rounds = Number(process.env.CRASH_ROUNDS ?? 4);

/** The seed of the random numbers, which tests print. */
export const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);

const generator = xoroshiro128plus(seed);

/** A random integer from 0 to `most`. */
export function random(most: number): number {
  return uniformInt(generator, 0, Math.floor(most));
}

export function choose<Item>(items: readonly Item[]): Item {
  return items[random(items.length - 1)];
}
