import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/**
 * Frees memory that this thread no longer refers to. V8 does not count shared memory when it decides to collect
 * garbage: without this, evicted indexes and counted texts would stay in memory until something else fills the heap.
 */
export const collectGarbage: () => void = runInNewContext('gc');

const collect = collectGarbage as (options: { type: 'minor' }) => void;

/**
 * Frees what this thread allocated recently and no longer refers to. V8 counts buffers as part of the heap, and when a
 * body of hundreds of megabytes comes in, it marks the whole heap for every ten megabytes of it; they are freed in a
 * tenth of the time if only recent objects are looked at.
 */
export const collectRecentGarbage = (): void => collect({ type: 'minor' });
