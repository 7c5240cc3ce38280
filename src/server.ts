import { resolve } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { type Config, loadConfig } from './config.ts';

const config = configOrExit();
// Worker threads and child processes get a copy of the environment, which need not contain the keys.
delete process.env.API_KEYS;
const app = await buildApp(config, pino({ level: config.LOG_LEVEL }));
const delay = config.SHUTDOWN_DELAY_MS + config.SHUTDOWN_TIMEOUT_MS;
closeWithGrace({ delay }, async ({ signal, err }) => {
  if (err) app.log.fatal(err);
  else app.log.info(`${signal}: finishing the work in progress`);
  await app.close();
});
const address = await app.listen({ host: config.HOST, port: config.PORT });
const withKey = config.API_KEYS.length > 0 ? ' -H "X-API-Key: $KEY"' : '';
process.stdout.write(`
ngramd is ready.
  API         ${address}/v1/corpora
  Swagger UI  ${address}/docs
  data        ${resolve(config.DATA_DIR)}

Try:
  curl${withKey} -T book.txt ${address}/v1/corpora/book
  curl${withKey} '${address}/v1/corpora/book/continuations?context=of+the'

`);

function configOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    process.stderr.write(`ngramd cannot start, a setting is invalid: ${(error as Error).message}\n`);
    process.exit(1);
  }
}
