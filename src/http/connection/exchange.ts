import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answer to the last request that began on each connection. */
export const answering = new WeakMap<Socket, ServerResponse>();

/** Listens to errors of every request and answer: an event `error` without a listener ends the process. */
export function ignoreError(): void {}
