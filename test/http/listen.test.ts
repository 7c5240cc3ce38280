import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { pino } from 'pino';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { addressesOf, listenAt } from '../../src/http/listen.ts';
import { besideTests, temporaryFolder } from './harness.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((found) =>
  found?.some(({ address }) => address === '::1'),
);

t.test('an address is its own, and a name has several', async (t) => {
  t.same(await addressesOf('127.0.0.1'), ['127.0.0.1']);
  t.same(await addressesOf('::'), ['::']);
  t.ok((await addressesOf('localhost')).every((address) => ['127.0.0.1', '::1'].includes(address)));
});

t.test(
  'the service answers at all addresses of its host, and at none after it was closed',
  { skip: hasIPv6 ? false : 'the machine has no ::1' },
  async (t) => {
    const config = loadConfig({ DATA_DIR: temporaryFolder(t), ...besideTests });
    const app = await buildApp(config, pino({ level: 'silent' }));
    // The machine does not have the last one, which is for documentation.
    const first = await listenAt(app, ['127.0.0.1', '::1', '192.0.2.1'], 0);
    const other = first.replace('127.0.0.1', '[::1]');
    t.not(other, first);
    for (const url of [first, other]) {
      t.equal((await fetch(`${url}/healthz`)).status, 200);
    }
    const arrived = once(app.server, 'request');
    const answered = fetch(`${other}/v1/corpora`);
    await arrived;
    const [slow] = await Promise.all([answered, app.close()]);
    t.equal(slow.status, 200, 'a request in progress is answered');
    for (const url of [first, other]) await t.rejects(fetch(`${url}/healthz`));
  },
);
