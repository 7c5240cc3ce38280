import type { Bench, Row } from '../bench.ts';
import { type Load, Service } from '../service.ts';

interface Listing {
  items: { ngram: string[] }[];
  next_cursor?: string;
}

/** The number of different questions, and of the requests of each load. */
const manyQuestions = 40_000;
const requests = 30_000;

/** Words before a context that is as long as the order allows: they change the question's URL, and not its answer. */
const before = ['', 'and ', 'of '];

/**
 * Single GETs against a bare Fastify, which gets the same queries for a route that does nothing: a route of the service
 * that does nothing, one question repeated, and questions that all differ. The best of several rounds in turns.
 */
export async function queries(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const asked = await frequent(service, path, 3, manyQuestions);
  const probabilities = (estimator: string) => (before: string) =>
    asked.map(splitLast).map(([context, word]) => {
      const query = { context: before + context, word, estimator };
      return `${path}/probability?${new URLSearchParams(query)}`;
    });
  const continuations = (before: string) =>
    asked.map(([, ...context]) => {
      const query = { context: before + context.join(' ') };
      return `${path}/continuations?${new URLSearchParams(query)}`;
    });
  const kinds: [what: string, pathsAfter: (before: string) => string[]][] = [
    ['GET of a route that does nothing', () => ['/nothing']],
    ['GET probability, laplace, the same', () => probabilities('laplace')('').slice(0, 1)],
    ['GET probability, laplace, others each time', probabilities('laplace')],
    ['GET probability, modified Kneser–Ney, others each time', probabilities('modified-kneser-ney')],
    ['GET continuations, k = 10, laplace, others each time', continuations],
  ];
  const bare = await Service.bareFastify();
  try {
    const rows: Row[] = [];
    for (const [what, pathsAfter] of kinds) rows.push(await againstBare(service, bare, what, pathsAfter));
    return rows;
  } finally {
    await bare.stop();
  }
}

/** The continuations of the context with the most continuations, against those of one with few. */
export async function continuations(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const [most] = await frequent(service, path, 1, 1);
  const rare = (await frequent(service, path, 1, 1000)).at(-1) as string[];
  const firstWords = await frequent(service, path, 1, manyQuestions);
  const rows: Row[] = [];
  for (const estimator of ['laplace', 'modified-kneser-ney']) {
    const load = (context: string[]) =>
      // At order 2 the word before the context has no effect, except that no answer to the question is cached yet.
      service.load(
        firstWords.map(([word]) => {
          const query = { context: `${word} ${context}`, estimator, order: '2' };
          return `${path}/continuations?${new URLSearchParams(query)}`;
        }),
        requests,
      );
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

async function againstBare(
  service: Service,
  bare: Service,
  what: string,
  pathsAfter: (before: string) => string[],
): Promise<Row> {
  const ours: Load[] = [];
  const references: Load[] = [];
  for (const words of before) {
    const paths = pathsAfter(words);
    const queries = paths.map((path) => path.replace(/^[^?]+/, '/nothing'));
    references.push(await bare.load(queries, requests));
    ours.push(await service.load(paths, requests));
  }
  const [best, reference] = [bestOf(ours), bestOf(references)];
  return {
    what,
    ours: describe(best),
    reference: `${describe(reference)}, a bare Fastify`,
    ratio:
      best.cpu === undefined || reference.cpu === undefined
        ? best.requestsPerSecond / reference.requestsPerSecond
        : reference.cpu / best.cpu,
  };
}

/** The best figures of several loads. */
function bestOf(loads: readonly Load[]): Load {
  const cpu = loads.map(({ cpu }) => cpu ?? Number.NaN);
  return {
    requestsPerSecond: Math.max(...loads.map(({ requestsPerSecond }) => requestsPerSecond)),
    cpu: loads[0].cpu === undefined ? undefined : Math.min(...cpu),
    p99: Math.min(...loads.map(({ p99 }) => p99)),
  };
}

/** The most frequent n-grams of an order. */
export async function frequent(
  service: Service,
  path: string,
  order: number,
  wanted: number,
): Promise<string[][]> {
  const ngrams: string[][] = [];
  for (let cursor = ''; ngrams.length < wanted; ) {
    const limit = Math.min(1000, wanted - ngrams.length);
    const page = await service.json<Listing>(`${path}/ngrams?order=${order}&limit=${limit}${cursor}`);
    ngrams.push(...page.items.map(({ ngram }) => ngram));
    if (page.next_cursor === undefined) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  return ngrams;
}

export function splitLast(ngram: string[]): [context: string, word: string] {
  return [ngram.slice(0, -1).join(' '), ngram.at(-1) as string];
}

export function describe({ requestsPerSecond, cpu, p99 }: Load): string {
  const processor = cpu === undefined ? '' : `${cpu.toFixed(1)} µs of processor time, `;
  return `${processor}${Math.round(requestsPerSecond)}/s, p99 ${p99} ms`;
}
