import { encodeCursor } from '../../src/http/paging.ts';
import type { Bench, Row } from '../bench.ts';
import { median, type Service, time } from '../service.ts';

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

/** The number of texts that are added. */
const additions = 9;

/**
 * Adding 1 KB of text to the large corpora: from the request to the answer of a query that sees it; of Kneser–Ney,
 * whose index has to be brought to the new version, from the answer to the upload.
 */
export async function append(bench: Bench): Promise<Row[]> {
  await bench.ingested(3);
  const path = await bench.ready(5);
  // Each upload that is measured restarts the service.
  const service = await bench.service();
  const seen: number[] = [];
  for (let n = 0; n < additions; n++) {
    seen.push(
      await time(async () => {
        await addText(service, 3, n);
        await service.request('/v1/corpora/order3/probability?word=the');
      }),
    );
  }
  const indexed: number[] = [];
  for (let n = 0; n < additions; n++) {
    const version = await addText(service, 5, n);
    const question = `${path}/probability?word=the&estimator=modified-kneser-ney&min_version=${version}`;
    indexed.push(await time(() => service.request(question)));
  }
  return [
    besideGoal(`1 KB added and seen, median of ${additions}`, median(seen), 100),
    besideGoal(`1 KB in the index, order 5, the slowest of ${additions}`, Math.max(...indexed), 1000),
  ];
}

/** Adds 1 KB to the corpus of an order; returns its new version. */
async function addText(service: Service, order: number, n: number): Promise<number> {
  const text = Array.from({ length: 200 }, (_, i) => `the ${(i * 7919 + n) % 1000}`).join(' ');
  const headers = { 'content-type': 'text/plain' };
  const path = `/v1/corpora/order${order}/documents`;
  const { version } = await service.json<{ version: number }>(path, {
    method: 'POST',
    headers,
    body: text.slice(0, 1000),
  });
  return version;
}

/** The rounds in which pages of n-grams are requested; the best one of each page counts. */
const pageRounds = 3;

/** Zipf's law, and pages of n-grams by count at various positions in the list, from threads that have been started. */
export async function pages(bench: Bench): Promise<Row[]> {
  const list = `${await bench.ready(3)}/ngrams?order=3&limit=1000`;
  const service = await bench.service();
  const counts = [1e9, 1000, 500, 200, 100, 75, 50, 40, 30, 20, 10, 5, 3, 2, 1];
  const zipf = await time(() => service.json('/v1/corpora/order3/zipf'));
  const seconds: number[] = counts.map(() => Infinity);
  for (let round = 0; round < pageRounds; round++) {
    for (const [i, count] of counts.entries()) {
      // After a trigram among many of the same count, whether or not it occurs; another one in each round, since answers are cached.
      const cursor = encodeCursor([1, count, 500, 500, 500 + round]);
      seconds[i] = Math.min(seconds[i], await time(() => service.json(`${list}&cursor=${cursor}`)));
    }
  }
  const slowest = Math.max(...seconds);
  return [
    besideGoal(`1000 n-grams by count, the slowest of ${seconds.length} pages`, slowest, 20),
    besideGoal("Zipf's law", zipf, 100),
  ];
}

/** A duration beside its goal. */
function besideGoal(what: string, seconds: number, goalMs: number): Row {
  return {
    what,
    ours: `${(seconds * 1000).toFixed(0)} ms`,
    reference: `${goalMs} ms`,
    ratio: goalMs / 1000 / seconds,
  };
}
