import type { Piscina } from 'piscina';

/** What can be seen of a pool of worker threads from outside. */
export type PoolFigures = Readonly<Pick<Piscina, 'maxThreads' | 'threads' | 'idleThreads' | 'queueSize'>>;
