import type { Bench, Row } from '../bench.ts';
import type { Load, Service } from '../service.ts';

interface Listing {
  items: { ngram: string[] }[];
  next_cursor?: string;
}

/** Single GETs, against a route of the same server that does nothing, asked right before and after. */
export async function queries(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const [context, word] = splitLast((await frequent(service, path, 3, 1))[0]);
  return [
    await againstNothing(
      service,
      'GET probability, laplace',
      `${path}/probability?${new URLSearchParams({ context, word })}`,
    ),
    await againstNothing(
      service,
      'GET probability, modified Kneser–Ney',
      `${path}/probability?${new URLSearchParams({ context, word, estimator: 'modified-kneser-ney' })}`,
    ),
    await againstNothing(
      service,
      'GET continuations, k = 10, laplace',
      `${path}/continuations?${new URLSearchParams({ context })}`,
    ),
  ];
}

/** The continuations of the context with the most continuations, against those of one with few. */
export async function continuations(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const [most] = await frequent(service, path, 1, 1);
  const rare = (await frequent(service, path, 1, 1000)).at(-1) as string[];
  const rows: Row[] = [];
  for (const estimator of ['laplace', 'modified-kneser-ney']) {
    const load = (context: string[]) =>
      service.load(`${path}/continuations?${new URLSearchParams({ context: context.join(' '), estimator })}`);
    const ofRare = await load(rare);
    const ofMost = await load(most);
    rows.push({
      what: `continuations of “${most}” against “${rare}”, ${estimator}`,
      ours: describe(ofMost),
      reference: describe(ofRare),
      ratio: ofMost.requestsPerSecond / ofRare.requestsPerSecond,
    });
  }
  return rows;
}

async function againstNothing(service: Service, what: string, path: string): Promise<Row> {
  const before = await service.load('/nothing');
  const ours = await service.load(path);
  const after = await service.load('/nothing');
  const nothing = {
    requestsPerSecond: (before.requestsPerSecond + after.requestsPerSecond) / 2,
    p99: Math.max(before.p99, after.p99),
  };
  return {
    what,
    ours: describe(ours),
    reference: `${describe(nothing)}, a route that does nothing`,
    ratio: ours.requestsPerSecond / nothing.requestsPerSecond,
  };
}

/** The most frequent n-grams of an order. */
async function frequent(service: Service, path: string, order: number, limit: number): Promise<string[][]> {
  const { items } = await service.json<Listing>(`${path}/ngrams?order=${order}&limit=${limit}`);
  return items.map(({ ngram }) => ngram);
}

function splitLast(ngram: string[]): [context: string, word: string] {
  return [ngram.slice(0, -1).join(' '), ngram.at(-1) as string];
}

function describe({ requestsPerSecond, p99 }: Load): string {
  return `${Math.round(requestsPerSecond)}/s, p99 ${p99} ms`;
}
