import type { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { mock } from 'node:test';
import t from 'tap';
import { Insert } from '../../../src/store/clickhouse/clickhouse-server.ts';

const bytes = (letters: string) => new Uint8Array(Buffer.from(letters));

t.test('rows that come soon are in one request; after a pause of five seconds another begins', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const requests: Promise<string>[] = [];
  const insert = new Insert(async (rows) => {
    requests.push(text(rows));
    await requests.at(-1);
  });
  await insert.write(bytes('a'));
  mock.timers.tick(4999);
  await insert.write(bytes('b'));
  mock.timers.tick(4999);
  t.equal(requests.length, 1);
  mock.timers.tick(1);
  t.equal(await requests[0], 'ab', 'it was ended');
  await insert.write(bytes('c'));
  await insert.end();
  t.same(await Promise.all(requests), ['ab', 'c']);
});

t.test('an insert fails if one of its requests fails, and ends when it is abandoned', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  let sent = 0;
  const send = async (rows: PassThrough) => {
    const isFirst = ++sent === 1;
    await text(rows);
    if (isFirst) throw new Error('The server refuses the rows.');
  };
  const insert = new Insert(send);
  await insert.write(bytes('a'));
  mock.timers.tick(5000);
  await insert.write(bytes('b'));
  await t.rejects(insert.end(), { message: 'The server refuses the rows.' });
  const abandoned = new Insert(send);
  await abandoned.write(bytes('c'));
  await abandoned.abort();
  t.equal(sent, 3);
});
