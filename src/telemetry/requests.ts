import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import type { RouteAnswers } from '../platform/route-answers.ts';
import { Durations, reportDurations } from './durations.ts';

/** The status under which answers that could not be sent completely are counted. */
const callerWentAway = 499;

/** What `measureRequests` counts up. */
interface CountedAnswers extends RouteAnswers {
  readonly byStatus: Map<number, number>;
  readonly durations: Durations;
}

/**
 * Counts and times the answers of every route by its pattern. All paths without a route are counted as `unmatched`, so
 * that callers cannot create new series. Returns what is counted.
 */
export function measureRequests(app: FastifyInstance, registry: Registry): Iterable<RouteAnswers> {
  const answers = new AnswersByRoute();
  reportAnswers(registry, answers);
  const count = (request: FastifyRequest, reply: FastifyReply) => {
    const status = reply.raw.writableFinished ? reply.statusCode : callerWentAway;
    const { byStatus, durations } = answers.of(request);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    durations.observe(reply.elapsedTime / 1000);
    if (status === callerWentAway) {
      request.log.info({ req: request }, 'the caller went away before the whole answer was sent');
    }
  };
  const unanswered = new WeakMap<Socket, FastifyReply[]>();
  app.addHook('onRequest', ({ raw: { socket } }, reply, done) => {
    let ofSocket = unanswered.get(socket);
    if (ofSocket === undefined) {
      const replies: FastifyReply[] = [];
      // Listening to each connection costs less than listening to each response.
      socket.once('close', () => {
        for (const reply of replies) count(reply.request, reply);
      });
      ofSocket = replies;
      unanswered.set(socket, ofSocket);
    }
    ofSocket.push(reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const ofSocket = unanswered.get(request.raw.socket);
    const at = ofSocket === undefined ? -1 : ofSocket.indexOf(reply);
    if (at >= 0) ofSocket?.splice(at, 1);
    count(request, reply);
    done();
  });
  return answers;
}

/** What is counted of each route and method. */
class AnswersByRoute {
  /** By method and route, since a key made of both costs more than two look-ups. */
  readonly #answers = new Map<string, Map<string, CountedAnswers>>();

  of({ method, routeOptions: { url: route = 'unmatched' } }: FastifyRequest): CountedAnswers {
    const known = this.#answers.get(method)?.get(route);
    if (known !== undefined) return known;
    const first = { method, route, byStatus: new Map(), durations: new Durations() };
    const ofMethod = this.#answers.get(method) ?? new Map<string, CountedAnswers>();
    this.#answers.set(method, ofMethod.set(route, first));
    return first;
  }

  *[Symbol.iterator](): Iterator<CountedAnswers> {
    for (const ofMethod of this.#answers.values()) yield* ofMethod.values();
  }
}

/** Answers are counted in plain numbers, since updating a metric with labels costs as much as some answers. */
function reportAnswers(registry: Registry, answers: AnswersByRoute): void {
  const name = 'ngramd_http_request_duration_seconds';
  const help = 'Time from the head of a request to the end of its answer';
  reportDurations(registry, { name, help }, () =>
    Array.from(answers, ({ method, route, durations }) => [{ method, route }, durations]),
  );
  new Counter({
    name: 'ngramd_http_requests_total',
    help: 'Answered requests; with status 499 if the caller disconnected first',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { method, route, byStatus } of answers) {
        for (const [status, count] of byStatus) this.inc({ method, route, status }, count);
      }
    },
  });
}
