import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** An event with its data, as JSON. */
export function serverSentEvent(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment, which clients ignore: it shows proxies that the stream is alive. */
export const heartbeat = ': still here\n\n';

/** Sends events; each is generated when there is room for it. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<string>): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(Readable.from(events, { highWaterMark: 1 }));
}
