import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { answer } from '../../../src/http/questions/worker.ts';
import { storedCorpus } from '../../index/stored-corpora.ts';
import { startService } from '../harness.ts';

t.test('a question in a thread ends at its next step when it has been cancelled', async (t) => {
  const settings = { tokenizer: 'whitespace', order: 2, sequences: 'document' } as const;
  const { address, stored } = await storedCorpus(t, ['a b a b c'], settings);
  const ask = (cancelled: Int32Array) =>
    answer({
      corpus: { store: address, corpus: stored.ref },
      name: 'ngrams',
      question: { order: 2, limit: 10 } as never,
      cancelled,
    });
  const flag = () => new Int32Array(new SharedArrayBuffer(4));
  t.notMatch(await ask(flag()), { problem: {} });
  const early = flag();
  early[0] = 1;
  t.match(await ask(early), { problem: { code: 'cancelled' } }, 'before it begins');
  const late = flag();
  const asked = ask(late);
  late[0] = 1;
  t.match(await asked, { problem: { code: 'cancelled' } }, 'after it began');
});

t.test('a question that waits for a thread is cancelled when the client closes the connection', async (t) => {
  const { app, api } = await startService(t);
  await api.put('/v1/corpora/c').type('text/plain').send('a b a b c');
  const received = once(app.server, 'request');
  const { port } = app.server.address() as AddressInfo;
  const client = get(`http://127.0.0.1:${port}/v1/corpora/c/zipf`).on('error', () => {});
  await received;
  // A thread takes longer to start.
  client.destroy();
  let metrics = '';
  while (!/stage_duration_seconds_count\{stage="question.zipf"\}/.test(metrics)) {
    metrics = (await api.get('/metrics')).text;
  }
  t.match(metrics, /stage_failures_total\{stage="question.zipf",code="cancelled"\} 1/);
});
