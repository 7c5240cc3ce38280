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
    const reference = await bench.kenlm?.query(order);
    const { text, tenth } = bench;
    const estimator = 'modified-kneser-ney';
    const row = async (what: string, query: string, file: string) => {
      rows.push(
        describe(`${what}, order ${order}`, await fastest(bench, `${path}?${query}`, file), reference),
      );
    };
    await row(`scoring the text, ${estimator}`, `summary=true&estimator=${estimator}`, text.path);
    await row(`scoring a tenth of it, ${estimator}`, `summary=true&estimator=${estimator}`, tenth.path);
    for (const other of others) {
      await row(`scoring a tenth of it, ${other}`, `summary=true&estimator=${other}`, tenth.path);
    }
    await row('every token of a tenth streamed', `per_token=true&estimator=${estimator}`, tenth.path);
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

function describe(what: string, { tokens, seconds, cpu }: Scored, reference: number | undefined): Row {
  const rate = tokens / seconds;
  const perToken = cpu === undefined ? '' : `, CPU ${((cpu / tokens) * 1e9).toFixed(0)} ns a token`;
  return {
    what,
    ours: `${(rate / 1e6).toFixed(2)} M tokens/s${perToken}`,
    reference:
      reference === undefined
        ? ''
        : `${(reference / 1e6).toFixed(2)} M tokens/s, ${(1e9 / reference).toFixed(0)} ns, query probing`,
    ratio: reference === undefined ? undefined : rate / reference,
  };
}
