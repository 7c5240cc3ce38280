/**
 * The service as it runs in production, from the build in `dist`, with an additional route that does nothing, which
 * measures the cost of any route of this server. Sends its address to the parent process when it listens, and ends when
 * it receives a message.
 */
import { pino } from 'pino';
import { buildApp } from '../dist/app.js';
import { loadConfig } from '../dist/config.js';

const config = loadConfig(process.env);
const app = await buildApp(config, pino({ level: config.LOG_LEVEL }, pino.destination('/dev/null')));
app.get(
  '/nothing',
  {
    config: { scope: 'open', atOnce: true },
    schema: { response: { 200: { type: 'object', properties: { nothing: { type: 'boolean' } } } } },
  },
  async () => ({ nothing: true }),
);
const address = await app.listen({ host: config.HOST, port: config.PORT });
process.send?.({ address });
process.on('message', async () => {
  await app.close();
  process.exit();
});
