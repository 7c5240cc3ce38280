import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Bench, Row } from '../bench.ts';
import { type Service, time } from '../service.ts';

const iterators = fileURLToPath(new URL('../iterators.py', import.meta.url));
const batchSize = 32;
const numSteps = 35;
const rounds = 3;

/** Pages of a format with this many batches each, of which `pages` are requested in each round. */
interface Pages {
  what: string;
  accept: string;
  limit: number;
  pages: number;
}

const npy = 'application/x-npy';
const json: Pages = { what: 'JSON', accept: 'application/json', limit: 200, pages: 20 };
const npys: Pages[] = [
  { what: 'NPY, 900 batches a page', accept: npy, limit: 900, pages: 20 },
  { what: 'NPY, 10 batches a page', accept: npy, limit: 10, pages: 500 },
];

/**
 * Pages of minibatches: as NPY against a server that sends the same bytes from memory, as JSON against the chapter's
 * iterators in Python if it is installed.
 */
export async function batches(bench: Bench): Promise<Row[]> {
  const { corpus } = await bench.ingested(3);
  // So that its index is not being built meanwhile.
  await bench.ready(3);
  const service = await bench.service();
  const tokens = String(Math.min(corpus.tokens, 5_000_000));
  const options = [iterators, tokens, String(batchSize), String(numSteps)];
  const python = await promisify(execFile)('python3', options)
    .then(({ stdout }) => stdout.trim().split('\n').map(Number))
    .catch(() => []);
  const rows: Row[] = [];
  for (const [i, strategy] of ['random', 'sequential'].entries()) {
    for (const pages of npys) rows.push(await againstSameBytes(service, strategy, pages));
    const rate = Math.max(...(await ratesOf([() => request(service, strategy, json)], json))[0]);
    const reference = python[i];
    rows.push({
      what: `minibatches, ${strategy}, ${json.what}`,
      ours: millions(rate),
      reference: reference === undefined ? '' : `${millions(reference)}, Python`,
      ratio: reference === undefined ? undefined : rate / reference,
    });
  }
  return rows;
}

async function againstSameBytes(service: Service, strategy: string, pages: Pages): Promise<Row> {
  const raw = await service.sameBytes(pathOf(strategy, pages.limit, 0), pages.accept);
  try {
    const [ours, references] = await ratesOf(
      [() => request(service, strategy, pages), () => request(raw, strategy, pages)],
      pages,
    );
    const [rate, reference] = [Math.max(...ours), Math.max(...references)];
    return {
      what: `minibatches, ${strategy}, ${pages.what}`,
      ours: millions(rate),
      reference: `${millions(reference)}, the same bytes from memory`,
      ratio: rate / reference,
    };
  } finally {
    await raw.stop();
  }
}

/** Tokens per second of each of some ways to request the pages, in several rounds in turns after a first one. */
async function ratesOf(ways: (() => Promise<void>)[], { limit, pages }: Pages): Promise<number[][]> {
  // In a training, the pages are in memory after the first epoch.
  for (const way of ways) await way();
  const rates = ways.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, way] of ways.entries()) {
      rates[i].push((pages * limit * 2 * batchSize * numSteps) / (await time(way)));
    }
  }
  return rates;
}

/** Requests the pages of an epoch, one after the other. */
async function request(server: Service, strategy: string, { accept, limit, pages }: Pages): Promise<void> {
  for (let n = 0; n < pages; n++) {
    await server.drain(pathOf(strategy, limit, (n * limit) % 8000), { accept });
  }
}

function pathOf(strategy: string, limit: number, start: number): string {
  const query = { strategy, batch_size: String(batchSize), num_steps: String(numSteps) };
  return `/v1/corpora/order3/batches?${new URLSearchParams({ ...query, start: String(start), limit: String(limit) })}`;
}

function millions(rate: number): string {
  return `${(rate / 1e6).toFixed(1)} M tokens/s`;
}
