import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { startService } from '../harness.ts';

t.test(
  'above MAX_RSS_BYTES requests get 503 with Retry-After; health, readiness and docs do not',
  async (t) => {
    const { api } = await startService(t, { MAX_RSS_BYTES: '1' });
    const ask = () => api.get('/v1/corpora');
    let answer = await ask();
    // The memory is measured once a second.
    for (; answer.status === 200; answer = await ask()) await setTimeout(50);
    t.equal(answer.status, 503);
    t.equal(answer.body.type, '/problems#unavailable');
    t.match(answer.body.detail, /MAX_RSS_BYTES/);
    t.match(answer.headers['retry-after'], /^\d+$/);
    t.equal((await api.put('/v1/corpora/book').type('text/plain').send('a')).status, 503);
    for (const path of ['/healthz', '/readyz', '/docs/', '/openapi.json', '/problems']) {
      t.equal((await api.get(path)).status, 200, path);
    }
  },
);

t.test(
  'while the event loop is later than MAX_EVENT_LOOP_DELAY_MS requests get 503, and none after',
  async (t) => {
    const { api } = await startService(t, { MAX_EVENT_LOOP_DELAY_MS: '20' });
    const ask = () => api.get('/v1/corpora');
    const holdUp = setInterval(() => {
      const until = performance.now() + 150;
      while (performance.now() < until);
    }, 1);
    let answer = await ask();
    for (; answer.status === 200; answer = await ask());
    clearInterval(holdUp);
    t.equal(answer.status, 503);
    t.match(answer.body.detail, /MAX_EVENT_LOOP_DELAY_MS/);
    while (answer.status !== 200) {
      await setTimeout(50);
      answer = await ask();
    }
    t.pass('it recovers');
  },
);
