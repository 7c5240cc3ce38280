import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { NgramdError } from '../../errors.ts';

/** A limited number of slots for concurrent requests of one kind. */
export class Slots {
  readonly #limit: number;
  readonly #kind: string;
  #taken = 0;

  /** `kind` describes the limit in the problem of refused requests. */
  constructor(limit: number, kind: string) {
    this.#limit = limit;
    this.#kind = kind;
  }

  /** Takes a slot. Throws `unavailable` if all are taken. */
  take(): void {
    if (this.#taken === this.#limit) {
      throw new NgramdError(
        'unavailable',
        `${this.#limit} ${this.#kind} are in progress, the maximum of this server. Try again.`,
      );
    }
    this.#taken++;
  }

  giveBack(): void {
    this.#taken--;
  }
}

/** Takes a slot until the answer has been sent or the connection is closed. Throws `unavailable` if all are taken. */
export function holdSlot({ raw }: FastifyReply, slots: Slots): void {
  slots.take();
  if (raw.closed) slots.giveBack();
  else raw.once('close', () => slots.giveBack());
}

/**
 * Makes each authorised request of this scope's routes hold one of the slots: from its headers until its answer has been
 * sent or the connection is closed, and its handler has ended too. Further requests are refused at once with 503.
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
    // After the hooks that check the key, which the enclosing scopes have added.
    route.onRequest = [...[route.onRequest ?? []].flat(), take];
  });
}
