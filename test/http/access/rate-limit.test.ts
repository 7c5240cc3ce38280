import t from 'tap';
import { startService } from '../harness.ts';

const secret = 'a-secret-of-some-length';
const API_KEYS = `a:${secret}-a:read,b:${secret}-b:read`;

t.test('more requests in a minute than RATE_LIMIT are refused until the minute is over', async (t) => {
  const { api } = await startService(t, { API_KEYS, RATE_LIMIT: '3' });
  const ask = (headers: Record<string, string>, path = '/v1/corpora') => api.get(path).set(headers);
  const key = (name: string) => ({ 'x-api-key': `${secret}-${name}` });

  t.test('of a key, each for itself', async (t) => {
    for (let i = 0; i < 3; i++) t.equal((await ask(key('a'))).status, 200);
    const { status, headers, body } = await ask(key('a'));
    t.equal(status, 429);
    t.match(headers['content-type'], 'application/problem+json');
    const seconds = Number(headers['retry-after']);
    t.ok(seconds >= 1 && seconds <= 60, headers['retry-after']);
    t.match(body, { type: '/problems#too-many-requests', status: 429, detail: /More than 3 requests/ });
    t.equal((await ask(key('b'))).status, 200);
  });

  t.test('of an address without a key of ours, so that keys cannot be tried out', async (t) => {
    for (const guess of ['1', '2', '3']) t.equal((await ask(key(`wrong-${guess}`))).status, 401);
    t.equal((await ask(key('wrong-4'))).status, 429);
    t.equal((await ask({ 'x-forwarded-for': '192.0.2.1' })).status, 429, 'which no header changes');
    t.equal((await ask(key('b'))).status, 200);
  });

  t.test('but for health, which is always told', async (t) => {
    t.equal((await ask({}, '/problems')).status, 429);
    for (let i = 0; i < 5; i++) {
      t.equal((await ask({}, '/healthz')).status, 200);
      t.equal((await ask({}, '/readyz')).status, 200);
    }
  });
});

t.test('behind a proxy that TRUST_PROXY names the address is the one that it forwards', async (t) => {
  const { api } = await startService(t, { RATE_LIMIT: '1', TRUST_PROXY: '127.0.0.1' });
  const from = (addresses: string) => api.get('/v1/corpora').set('x-forwarded-for', addresses);
  t.equal((await from('192.0.2.1')).status, 200);
  t.equal((await from('192.0.2.1')).status, 429);
  t.equal((await from('198.51.100.9, 192.0.2.1')).status, 429, 'what the caller itself put before it is not');
  t.equal((await from('192.0.2.2')).status, 200);
  t.equal((await from('2001:db8::1')).status, 200);
  t.equal((await from('2001:db8::2')).status, 429, 'a network of IPv6 is one address');
});
