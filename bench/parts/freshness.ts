import { encodeCursor } from '../../src/http/paging.ts';
import type { Bench, Row } from '../bench.ts';
import { median, time } from '../service.ts';

/** A restart with a large corpus: from the start of the process to the first answer. */
export async function restart(bench: Bench): Promise<Row[]> {
  await bench.ingested(3);
  await bench.stop();
  const whole = await time(async () => {
    await (await bench.service()).request('/v1/corpora/order3/probability?context=of+the&word=the');
  });
  return [
    { what: 'restart to first answer', ours: `${whole.toFixed(2)} s`, reference: '1 s', ratio: 1 / whole },
  ];
}

/** Adding 1 KB of text to the large corpus: from the request to the answer of a query that sees it. */
export async function append(bench: Bench): Promise<Row[]> {
  await bench.ingested(3);
  const service = await bench.service();
  const seconds: number[] = [];
  for (let n = 0; n < 9; n++) {
    const text = Array.from({ length: 200 }, (_, i) => `the ${(i * 7919 + n) % 1000}`).join(' ');
    const headers = { 'content-type': 'text/plain' };
    const path = '/v1/corpora/order3/documents';
    seconds.push(
      await time(async () => {
        await service.request(path, { method: 'POST', headers, body: text.slice(0, 1000) });
        await service.request('/v1/corpora/order3/probability?word=the');
      }),
    );
  }
  const middle = median(seconds);
  return [
    {
      what: '1 KB added and seen, median of 9',
      ours: `${(middle * 1000).toFixed(0)} ms`,
      reference: '100 ms',
      ratio: 0.1 / middle,
    },
  ];
}

/** Zipf's law, and pages of n-grams by count at various positions in the list, from threads that have been started. */
export async function pages(bench: Bench): Promise<Row[]> {
  const list = `${await bench.ready(3)}/ngrams?order=3&limit=1000`;
  const service = await bench.service();
  const counts = [1, 2, 3, 5, 10, 20, 30, 40, 50, 75, 100, 200, 500];
  /** Positions after trigrams among many of the same count, whether or not these trigrams occur. */
  const places = counts.map((count) => `&cursor=${encodeCursor([1, count, 500, 500, 500])}`);
  const zipf = await time(() => service.json('/v1/corpora/order3/zipf'));
  const seconds: number[] = [];
  for (const place of ['', ...places]) seconds.push(await time(() => service.json(list + place)));
  const slowest = Math.max(...seconds);
  const row = (what: string, seconds: number, limitMs: number): Row => ({
    what,
    ours: `${(seconds * 1000).toFixed(0)} ms`,
    reference: `${limitMs} ms`,
    ratio: limitMs / 1000 / seconds,
  });
  return [
    row(`1000 n-grams by count, the slowest of ${seconds.length} pages`, slowest, 20),
    row("Zipf's law", zipf, 100),
  ];
}
