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

/** Scoring texts as lines with `…/score`, against KenLM's `query` on the tokens of the text. */
export async function scoring(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const order of [3, 5]) {
    const path = `${await bench.ready(order)}/score`;
    const summary = await bench.kenlm?.query(order, 'summary');
    const each = await bench.kenlm?.query(order, 'word');
    const { text, tenth } = bench;
    const estimator = 'modified-kneser-ney';
    const row = async (what: string, query: string, file: string, references = [describeQuery(summary)]) => {
      const scored = await fastest(bench, `${path}?${query}`, file);
      for (const reference of references) rows.push(describe(`${what}, order ${order}`, scored, reference));
    };
    await row(`scoring the text, ${estimator}`, `summary=true&estimator=${estimator}`, text.path);
    await row(`scoring a tenth of it, ${estimator}`, `summary=true&estimator=${estimator}`, tenth.path);
    for (const other of others) {
      await row(`scoring a tenth of it, ${other}`, `summary=true&estimator=${other}`, tenth.path);
    }
    const perToken = `per_token=true&estimator=${estimator}`;
    await row('every token of a tenth streamed', perToken, tenth.path, [
      describeQuery(each, ' printing each token'),
      describeQuery(summary),
    ]);
  }
  return rows;
}

/** What scoring a text took. */
interface Scored {
  tokens: number;
  seconds: number;
  /** The processor time of the service, in seconds. */
  cpu: number | undefined;
}

/** The faster of two rounds; the first also warms up the threads and their code. */
async function fastest(bench: Bench, path: string, file: string): Promise<Scored> {
  const service = await bench.service();
  const { tokens } = JSON.parse(await service.send(path.replace('per_token', 'summary'), 'POST', file));
  const round = async () => {
    let seconds = 0;
    const cpu = await service.cpuOf(async () => {
      seconds = await time(() => service.exchange(path, file));
    });
    return { tokens, seconds, cpu };
  };
  const [first, second] = [await round(), await round()];
  return first.seconds < second.seconds ? first : second;
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
