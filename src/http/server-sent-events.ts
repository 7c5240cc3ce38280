import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** An event with its data, which go as JSON. */
export function serverSentEvent(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What clients leave out: it tells those in between that the stream goes on. */
export const heartbeat = ': still here\n\n';

/** Answers with events, each no earlier than there is room for it. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<string>): FastifyReply {
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(Readable.from(events, { highWaterMark: 1 }));
}
