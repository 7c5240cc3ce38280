/**
 * The reference for what a request costs: Fastify with pino and nothing else. It writes the same log line for each request
 * as the service, by Fastify's own means, and has one route, which answers a small JSON object. Sends its address to the
 * parent process when it listens, and ends when it receives a message.
 */
import Fastify, { LogController } from 'fastify';
import { pino } from 'pino';

class OneLine extends LogController {
  incomingRequest() {}

  requestCompleted(_error, request, reply) {
    request.log.info({ req: request, res: reply, responseTime: reply.elapsedTime }, 'request completed');
  }
}

const app = Fastify({
  loggerInstance: pino(pino.destination('/dev/null')),
  logController: new OneLine(),
});
app.get(
  '/nothing',
  { schema: { response: { 200: { type: 'object', properties: { nothing: { type: 'boolean' } } } } } },
  async () => ({ nothing: true }),
);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.({ address });
process.on('message', async () => {
  await app.close();
  process.exit();
});
