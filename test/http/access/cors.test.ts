import t from 'tap';
import { startService } from '../harness.ts';

const origin = 'https://app.example.org';

t.test('pages of the origins in CORS_ORIGINS may call the service, with a key', async (t) => {
  const secret = 'a-secret-of-some-length';
  const { api } = await startService(t, {
    CORS_ORIGINS: `${origin}, http://localhost:8080`,
    API_KEYS: `page:${secret}:write`,
  });
  const preflight = await api.options('/v1/corpora/book').set({
    origin,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization',
  });
  t.equal(preflight.status, 204);
  t.match(preflight.headers, {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': /PUT/,
    'access-control-allow-headers': 'authorization',
  });
  const put = api.put('/v1/corpora/book').set('x-api-key', secret).type('text/plain');
  const { status, headers } = await put.set('origin', origin).send('the time machine');
  t.equal(status, 201);
  t.match(headers, { 'access-control-allow-origin': origin, 'access-control-expose-headers': /location/ });
  const refused = await api.get('/v1/corpora').set('origin', 'http://localhost:8080');
  t.equal(refused.status, 401);
  t.equal(refused.headers['access-control-allow-origin'], 'http://localhost:8080', 'errors can be read too');

  const other = await api.get('/v1/corpora').set({ origin: 'https://example.net', 'x-api-key': secret });
  t.equal(other.headers['access-control-allow-origin'], undefined);
  const plot = await api.get('/v1/corpora/book/zipf').set({ origin, 'x-api-key': secret });
  t.match(plot.headers.vary, /Origin.*accept/, 'a cache tells answers to different origins apart');
});

t.test('with * pages of every origin may', async (t) => {
  const { api } = await startService(t, { CORS_ORIGINS: '*' });
  t.equal((await api.get('/v1/corpora').set('origin', origin)).headers['access-control-allow-origin'], '*');
});

t.test('without CORS_ORIGINS no page of another origin may', async (t) => {
  const { api } = await startService(t);
  const { headers } = await api.get('/v1/corpora').set('origin', origin);
  t.notMatch(Object.keys(headers).join(), /access-control/);
  t.equal((await api.options('/v1/corpora').set('origin', origin)).status, 405);
});
