import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Row } from '../bench.ts';
import { time } from '../service.ts';

const iterators = fileURLToPath(new URL('../iterators.py', import.meta.url));
const batchSize = 32;
const numSteps = 35;
const pages = 20;

/** Pages of minibatches, against the chapter's iterators in Python if it is installed. */
export async function batches(bench: Bench): Promise<Row[]> {
  const { corpus } = await bench.ingested(3);
  const service = await bench.service();
  const tokens = String(Math.min(corpus.tokens, 5_000_000));
  const python = await promisify(execFile)('python3', [
    iterators,
    tokens,
    String(batchSize),
    String(numSteps),
  ])
    .then(({ stdout }) => stdout.trim().split('\n').map(Number))
    .catch(() => []);
  const rows: Row[] = [];
  for (const [i, strategy] of ['random', 'sequential'].entries()) {
    for (const accept of ['application/x-npy', 'application/json']) {
      const limit = accept === 'application/json' ? 200 : 900;
      const page = async (start: number) => {
        const query = new URLSearchParams({
          strategy,
          batch_size: String(batchSize),
          num_steps: String(numSteps),
          start: String(start),
          limit: String(limit),
        });
        const path = `/v1/corpora/order3/batches?${query}`;
        await service.drain(path, { accept });
      };
      // In a training, the pages are in memory after the first epoch.
      for (let n = 0; n < pages; n++) await page((n * limit) % 8000);
      const seconds = await time(async () => {
        for (let n = 1; n <= pages; n++) await page((n * limit) % 8000);
      });
      const rate = (pages * limit * 2 * batchSize * numSteps) / seconds;
      const reference = python[i];
      rows.push({
        what: `minibatches, ${strategy}, ${accept === 'application/json' ? 'JSON' : 'NPY'}`,
        ours: `${(rate / 1e6).toFixed(1)} M tokens/s`,
        reference: reference === undefined ? '' : `${(reference / 1e6).toFixed(1)} M tokens/s, Python`,
        ratio: reference === undefined ? undefined : rate / reference,
      });
    }
  }
  return rows;
}
