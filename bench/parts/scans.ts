import type { Bench, Row } from '../bench.ts';
import { median, type Service, time } from '../service.ts';

interface Listing {
  items: { ngram: string[] }[];
}

/** A pass over 18 million tokens should take no longer, in milliseconds: what scans take is compared with it. */
const goal = 40;

/** How many pairs of words are asked about, each with an answer that is not cached. */
const pairs = 25;

/** The ranks of the pairs that are asked about begin here: some thousand occurrences each. */
const firstRank = 900;

/**
 * Questions that read all of the text: a concordance, collocates, the words before a phrase, and a comparison by year;
 * and keywords, which read all words. The median over phrases of which each is asked about once, from the request to
 * the end of the answer.
 */
export async function scans(bench: Bench): Promise<Row[]> {
  const path = await bench.ready(3);
  const service = await bench.service();
  const { corpus } = await bench.ingested(3);
  const { items } = await service.json<Listing>(`${path}/ngrams?order=2&limit=${firstRank + pairs}`);
  const phrases = items.slice(firstRank).map(({ ngram }) => ngram.join(' '));
  const name = path.split('/').at(-1) as string;
  const inMillions = `of ${(corpus.tokens / 1e6).toFixed(1)} million tokens`;
  const kinds: [what: string, pathOf: (phrase: string) => string][] = [
    ['concordance', (q) => `${path}/concordance?${new URLSearchParams({ q })}`],
    [
      'concordance by the word before',
      (q) => `${path}/concordance?${new URLSearchParams({ q, sort: 'left1' })}`,
    ],
    ['collocates', (node) => `${path}/collocates?${new URLSearchParams({ node })}`],
    [
      'words before a phrase',
      (context) => `${path}/continuations?${new URLSearchParams({ context, side: 'left' })}`,
    ],
    [
      'two phrases by year',
      (phrase) =>
        `/v1/ngrams/compare?${new URLSearchParams({ phrases: `${phrase},of the`, corpora: name, by: 'year' })}`,
    ],
  ];
  const rows: Row[] = [];
  for (const [what, pathOf] of kinds) {
    rows.push(await row(`${what}, ${inMillions}`, service, phrases.map(pathOf)));
  }
  await service.send(`/v1/corpora/tenth?order=1&tokenizer=${bench.text.tokenizer}`, 'PUT', bench.tenth.path);
  const keywords = (limit: number) =>
    `${path}/keyness?${new URLSearchParams({ reference: 'tenth', limit: String(limit) })}`;
  const limits = Array.from({ length: 9 }, (_, i) => 10 + i);
  rows.push(await row('keywords against a tenth of the text', service, limits.map(keywords)));
  return rows;
}

async function row(what: string, service: Service, paths: readonly string[]): Promise<Row> {
  const times: number[] = [];
  const ask = async (path: string) => {
    times.push(1000 * (await time(async () => void (await (await service.request(path)).arrayBuffer()))));
  };
  // The first reads the text into memory.
  const [first, ...others] = paths;
  await ask(first);
  const cpu = await service.cpuOf(async () => {
    for (const path of others) await ask(path);
  });
  const found = median(times.slice(1));
  const processor = cpu === undefined ? '' : `, CPU ${((1000 * cpu) / others.length).toFixed(0)} ms`;
  return {
    what,
    ours: `${found.toFixed(0)} ms${processor}, the first ${times[0].toFixed(0)} ms`,
    reference: `${goal} ms, the goal`,
    ratio: goal / found,
  };
}
