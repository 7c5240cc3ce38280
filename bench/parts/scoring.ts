import type { Bench, Row } from '../bench.ts';
import { time } from '../service.ts';

/** The estimators apart from the one that the whole text is scored with, and whether they interpolate. */
const others = [
  'kneser-ney',
  'absolute-discounting',
  'witten-bell',
  'jelinek-mercer',
  'laplace',
  'additive',
  'stupid-backoff',
  'mle',
];

/** How often everything is measured, in turns: the faster of each counts, since the machine's speed varies. */
const rounds = 2;

/** What is scored, and what it took. */
interface Line {
  what: string;
  query: string;
  file: string;
  scored?: Scored;
}

/** Scoring texts as lines with `…/score`, against KenLM's `query` on the tokens of the text. */
export async function scoring(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  const { text, tenth } = bench;
  const estimator = 'modified-kneser-ney';
  // Of query, at each order.
  const rates = new Map<number, number | undefined>();
  for (const order of [3, 5]) {
    const path = `${await bench.ready(order)}/score`;
    const ofEstimator = (name: string): Line => ({
      what: `scoring a tenth of it, ${name}`,
      query: `summary=true&estimator=${name}`,
      file: tenth.path,
    });
    const summaries = [
      { ...ofEstimator(estimator), what: `scoring the text, ${estimator}`, file: text.path },
      ...[estimator, ...others].map(ofEstimator),
    ];
    const perToken: Line = {
      what: 'every token of a tenth streamed',
      query: `per_token=true&estimator=${estimator}`,
      file: tenth.path,
    };
    const lower = [...rates.keys()].map((below) => ({
      ...ofEstimator(estimator),
      what: `scoring a tenth of it at order ${below}, ${estimator}`,
      query: `summary=true&order=${below}&estimator=${estimator}`,
      below,
    }));
    let summary: number | undefined;
    let each: number | undefined;
    for (let round = 0; round < rounds; round++) {
      summary = faster(summary, await bench.kenlm?.query(order, 'summary'));
      each = faster(each, await bench.kenlm?.query(order, 'word'));
      for (const line of [...summaries, ...lower, perToken]) {
        const scored = await score(bench, `${path}?${line.query}`, line.file);
        if (line.scored === undefined || scored.seconds < line.scored.seconds) line.scored = scored;
      }
    }
    const row = ({ what, scored }: Line, reference: Reference | undefined) =>
      rows.push(describe(`${what}, order ${order}`, scored as Scored, reference));
    rates.set(order, summary);
    for (const line of summaries) row(line, describeQuery(summary));
    for (const line of lower) row(line, describeQuery(rates.get(line.below)));
    row(perToken, describeQuery(each, ' printing each token'));
    row(perToken, describeQuery(summary));
  }
  return rows;
}

function faster(rate: number | undefined, other: number | undefined): number | undefined {
  return rate === undefined || other === undefined ? other : Math.max(rate, other);
}

/** What scoring a text took. */
interface Scored {
  tokens: number;
  seconds: number;
  /** The processor time of the service, in seconds. */
  cpu: number | undefined;
}

/** Scores a text twice: the first time warms up the threads and their code. */
async function score(bench: Bench, path: string, file: string): Promise<Scored> {
  const service = await bench.service();
  const { tokens } = JSON.parse(await service.send(path.replace('per_token', 'summary'), 'POST', file));
  let seconds = 0;
  const cpu = await service.cpuOf(async () => {
    seconds = await time(() => service.exchange(path, file));
  });
  return { tokens, seconds, cpu };
}

/** The rate of KenLM's `query`, and how it is printed. */
interface Reference {
  rate: number;
  text: string;
}

function describeQuery(rate: number | undefined, what = ''): Reference | undefined {
  if (rate === undefined) return undefined;
  const text = `${(rate / 1e6).toFixed(2)} M tokens/s, ${(1e9 / rate).toFixed(0)} ns, query probing${what}`;
  return { rate, text };
}

function describe(what: string, { tokens, seconds, cpu }: Scored, reference: Reference | undefined): Row {
  const rate = tokens / seconds;
  const perToken = cpu === undefined ? '' : `, CPU ${((cpu / tokens) * 1e9).toFixed(0)} ns a token`;
  return {
    what,
    ours: `${(rate / 1e6).toFixed(2)} M tokens/s${perToken}`,
    reference: reference?.text ?? '',
    ratio: reference && rate / reference.rate,
  };
}
