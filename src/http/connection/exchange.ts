import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answer to the most recent request on each connection. */
export const answering = new WeakMap<Socket, ServerResponse>();

/** Listens to the errors of every request and answer: an 'error' event without a listener would end the process. */
export function ignoreError(): void {}
