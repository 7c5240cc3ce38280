import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';

/** From half a millisecond to a long upload, in seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** The status under which answers that could not be sent completely are counted. */
const callerWentAway = 499;

/** The answers of one route and method. */
interface Answers {
  method: string;
  route: string;
  byStatus: Map<number, number>;
  duration: { observe(seconds: number): void };
}

/**
 * Counts and times the answers of every route by its pattern. All paths without a route are counted as `unmatched`, so
 * that callers cannot create new series.
 */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'ngramd_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route'],
    buckets,
    registers: [registry],
  });
  /** By method and route, since a key made of both costs more than two look-ups. */
  const answers = new Map<string, Map<string, Answers>>();
  // Counted in plain numbers, since updating a metric with labels costs as much as some answers.
  new Counter({
    name: 'ngramd_http_requests_total',
    help: 'Answered requests; with status 499 if the caller disconnected first',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const ofMethod of answers.values()) {
        for (const { method, route, byStatus } of ofMethod.values()) {
          for (const [status, count] of byStatus) this.inc({ method, route, status }, count);
        }
      }
    },
  });
  const answersTo = ({ method, routeOptions: { url: route = 'unmatched' } }: FastifyRequest) => {
    const known = answers.get(method)?.get(route);
    if (known !== undefined) return known;
    const first = { method, route, byStatus: new Map(), duration: duration.labels(method, route) };
    const ofMethod = answers.get(method) ?? new Map<string, Answers>();
    answers.set(method, ofMethod.set(route, first));
    return first;
  };

  const count = (request: FastifyRequest, reply: FastifyReply) => {
    const status = reply.raw.writableFinished ? reply.statusCode : callerWentAway;
    const { byStatus, duration } = answersTo(request);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    duration.observe(reply.elapsedTime / 1000);
    if (status === callerWentAway) {
      request.log.info({ req: request }, 'the caller went away before the whole answer was sent');
    }
  };
  const unanswered = new WeakMap<Socket, Set<FastifyReply>>();
  app.addHook('onRequest', ({ raw: { socket } }, reply, done) => {
    let ofSocket = unanswered.get(socket);
    if (ofSocket === undefined) {
      const replies = new Set<FastifyReply>();
      // Listening to each connection costs less than listening to each response.
      socket.once('close', () => {
        for (const reply of replies) count(reply.request, reply);
      });
      ofSocket = replies;
      unanswered.set(socket, ofSocket);
    }
    ofSocket.add(reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    unanswered.get(request.raw.socket)?.delete(reply);
    count(request, reply);
    done();
  });
}
