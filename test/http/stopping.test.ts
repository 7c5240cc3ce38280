import { once } from 'node:events';
import t from 'tap';
import { temporaryFolder } from './harness.ts';
import { startProcess } from './processes.ts';

t.test('told to stop while an index is built, the service ends with code 0', async (t) => {
  const folder = temporaryFolder(t);
  const text = Array.from({ length: 400_000 }, (_, i) => `w${(i * 7919) % 99_991}`).join(' ');
  let isStored = false;
  // A round in which the index was there before its state was read does not count.
  for (let interrupted = 0; interrupted < 3; ) {
    const { process, url } = await startProcess(t, folder);
    if (!isStored) {
      const path = '/v1/corpora/fat?tokenizer=whitespace&order=5';
      t.equal((await fetch(url + path, { method: 'PUT', body: text })).status, 201);
      isStored = true;
    }
    const question = '/v1/corpora/fat/probability?context=w0&word=w7919';
    t.equal((await fetch(url + question)).status, 200);
    let metrics = '';
    while (!/ngramd_pool_busy_threads{pool="index"} 1|ngramd_index_corpora 1/.test(metrics)) {
      metrics = await (await fetch(`${url}/metrics`)).text();
    }
    if (metrics.includes('ngramd_index_corpora 0')) interrupted++;
    const exited = once(process, 'exit');
    process.kill('SIGTERM');
    t.same(await exited, [0, null]);
  }
});
