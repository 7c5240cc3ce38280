import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/**
 * Frees what this thread refers to no more. V8 does not count shared memory when it decides to collect garbage: without
 * this, indexes that were let go and texts that were counted would stay until something else fills the heap.
 */
export const collectGarbage: () => void = runInNewContext('gc');
