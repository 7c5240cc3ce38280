import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';

/** How many requests of one kind may be under way at once. */
export class Slots {
  readonly #limit: number;
  readonly #kind: string;
  #taken = 0;

  /** `kind` is what is said of the limit to those that are refused. */
  constructor(limit: number, kind: string) {
    this.#limit = limit;
    this.#kind = kind;
  }

  /** Throws `unavailable` where all are taken. */
  take(): void {
    if (this.#taken === this.#limit) {
      throw new NgramdError(
        'unavailable',
        `${this.#limit} ${this.#kind} are under way, as many as this server takes at once. Ask again.`,
      );
    }
    this.#taken++;
  }

  giveBack(): void {
    this.#taken--;
  }
}

/**
 * Has each request of this scope's routes that its caller may make hold one of the slots: from its headers on, until its answer has gone out or
 * the connection is closed, and its handler has let go of everything, too. Those beyond are refused at once, with 503.
 */
export function limitConcurrency(app: FastifyInstance, slots: Slots): void {
  const handled = new WeakMap<FastifyRequest, unknown>();
  const take: onRequestHookHandler = (request, reply, done) => {
    slots.take();
    reply.raw.once('close', async () => {
      await Promise.allSettled([handled.get(request)]);
      slots.giveBack();
    });
    done();
  };
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function (request, reply) {
      const answer = handler.call(this, request, reply);
      handled.set(request, answer);
      return answer;
    };
    // Behind the hooks that look at the key, which the scopes around this one have added.
    route.onRequest = [...[route.onRequest ?? []].flat(), take];
  });
}
