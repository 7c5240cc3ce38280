import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startService } from './harness.ts';

t.test('a service that can work is ready, and says what was checked', async (t) => {
  const { api } = await startService(t);
  const { status, body } = await api.get('/readyz');
  t.equal(status, 200);
  t.match(body, {
    status: 'ok',
    checks: [
      { name: 'running', ok: true },
      { name: 'data_folder', ok: true },
    ],
  });
});

t.test(
  'a data folder that cannot be written makes it unready, with the reason, and it still lives',
  async (t) => {
    const { api, folder } = await startService(t);
    rmSync(join(folder, 'tmp'), { recursive: true });
    const { status, type, body } = await api.get('/readyz');
    t.equal(status, 503);
    t.equal(type, 'application/problem+json');
    t.match(body, {
      type: '/problems#unavailable',
      status: 503,
      detail: /ENOENT/,
      checks: [
        { name: 'running', ok: true },
        { name: 'data_folder', ok: false, detail: /ENOENT/ },
      ],
    });
    t.equal((await api.get('/healthz')).status, 200);
  },
);

t.test('told to stop, it is unready at once and takes requests for SHUTDOWN_DELAY_MS', async (t) => {
  const { api, app } = await startService(t, { SHUTDOWN_DELAY_MS: '3000' });
  await api.get('/readyz').expect(200);
  const { listeningOrigin } = app;
  const closed = app.close();
  const { status, body } = await api.get('/readyz');
  t.equal(status, 503);
  t.match(body, { detail: /stopping/, checks: [{ name: 'running', ok: false }] });
  t.equal((await api.put('/v1/corpora/book').type('text/plain').send('the time machine')).status, 201);
  await closed;
  await t.rejects(fetch(`${listeningOrigin}/readyz`));
});
