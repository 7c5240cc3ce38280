import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/**
 * Frees memory that this thread no longer refers to. V8 does not count shared memory when it decides to collect garbage:
 * without this, evicted indexes and counted texts would stay in memory until something else fills the heap.
 */
export const collectGarbage: () => void = runInNewContext('gc');
