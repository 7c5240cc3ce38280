import type { Bench, Row } from '../bench.ts';
import type { Load, Service } from '../service.ts';

interface Listing {
  items: { ngram: string[] }[];
  next_cursor?: string;
}

/** The number of different questions. */
const manyQuestions = 40_000;

/**
 * Single GETs, against a route of the same server that does nothing, measured directly before and after: one question
 * repeated, and questions that all differ.
 */
export async function queries(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const asked = (await frequent(service, path, 3, manyQuestions)).map(splitLast);
  const probabilities = (estimator: string) =>
    asked.map(
      ([context, word]) => `${path}/probability?${new URLSearchParams({ context, word, estimator })}`,
    );
  const continuations = asked.map(
    ([context, word]) =>
      `${path}/continuations?${new URLSearchParams({ context: `${context} ${word}`.split(' ').slice(1).join(' ') })}`,
  );
  const kinds: [what: string, paths: string[]][] = [
    ['GET probability, laplace', probabilities('laplace')],
    ['GET probability, modified Kneser–Ney', probabilities('modified-kneser-ney')],
    ['GET continuations, k = 10, laplace', continuations],
  ];
  const rows: Row[] = [];
  for (const [what, paths] of kinds) {
    rows.push(await againstNothing(service, `${what}, the same`, paths.slice(0, 1)));
    rows.push(await againstNothing(service, `${what}, others each time`, paths));
  }
  return rows;
}

/** The continuations of the context with the most continuations, against those of one with few. */
export async function continuations(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const [most] = await frequent(service, path, 1, 1);
  const rare = (await frequent(service, path, 1, 1000)).at(-1) as string[];
  const before = await frequent(service, path, 1, manyQuestions);
  const rows: Row[] = [];
  for (const estimator of ['laplace', 'modified-kneser-ney']) {
    const load = (context: string[]) =>
      // At order 2 the word before the context has no effect, except that no answer to the question is cached yet.
      service.load(
        before.map(([word]) => {
          const query = { context: `${word} ${context}`, estimator, order: '2' };
          return `${path}/continuations?${new URLSearchParams(query)}`;
        }),
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

async function againstNothing(service: Service, what: string, paths: string[]): Promise<Row> {
  const before = await service.load(['/nothing']);
  const ours = await service.load(paths);
  const after = await service.load(['/nothing']);
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
async function frequent(service: Service, path: string, order: number, wanted: number): Promise<string[][]> {
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

function splitLast(ngram: string[]): [context: string, word: string] {
  return [ngram.slice(0, -1).join(' '), ngram.at(-1) as string];
}

function describe({ requestsPerSecond, p99 }: Load): string {
  return `${Math.round(requestsPerSecond)}/s, p99 ${p99} ms`;
}
