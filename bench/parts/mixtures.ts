import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Row } from '../bench.ts';
import { type Load, type Service, time } from '../service.ts';
import { describe, frequent, splitLast } from './queries.ts';

const names = ['half1', 'half2'];
const mixture = [
  { corpus: names[0], weight: 0.7 },
  { corpus: names[1], weight: 0.3 },
];
const mixed = '/v1/corpora/mixed';
const parts = names.map((name) => `/v1/corpora/${name}`);
const estimator = 'modified-kneser-ney';

/**
 * The number of different questions and of requests of a load, of prompts of a request, and of lines of the text in
 * each.
 */
const requests = 10_000;
const prompts = 50;
const promptLines = 20;
const rounds = 3;

/** A mixture of the models of both halves of the text, against what its parts take for the same one after the other. */
export async function mixtures(bench: Bench): Promise<Row[]> {
  const service = await bench.service();
  for (const [i, half] of halvesOf(readFileSync(bench.text.path)).entries()) {
    const file = join(bench.folder, `half${i + 1}.txt`);
    writeFileSync(file, half);
    await service.send(`${parts[i]}?tokenizer=${bench.text.tokenizer}`, 'PUT', file);
    await service.request(`${parts[i]}/probability?word=the&estimator=${estimator}`);
  }
  await service.request(mixed, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mixture }),
  });
  const rows = [
    await againstParts('scoring a tenth of the text, lines', (path) =>
      time(() => service.exchange(`${path}/score?${own(path, {})}`, bench.tenth.path)),
    ),
    await likelihoods(service, bench),
    ...(await queries(service)),
  ];
  for (const path of [mixed, ...parts]) await service.request(path, { method: 'DELETE' });
  return rows;
}

/** The text before the line that ends in its middle, and after it. */
function halvesOf(text: Buffer): Buffer[] {
  const middle = text.indexOf('\n', text.length / 2) + 1;
  return [text.subarray(0, middle), text.subarray(middle)];
}

/** The fastest of some rounds of work with the mixture, against the sum of those with each part. */
async function againstParts(what: string, seconds: (path: string) => Promise<number>): Promise<Row> {
  const fastest = async (path: string) => {
    const found: number[] = [];
    for (let round = 0; round < rounds; round++) found.push(await seconds(path));
    return Math.min(...found);
  };
  const alone = (await fastest(parts[0])) + (await fastest(parts[1]));
  const whole = await fastest(mixed);
  return {
    what: `${what}, a mixture`,
    ours: `${whole.toFixed(3)} s`,
    reference: `${alone.toFixed(3)} s, its two parts`,
    ratio: alone / whole,
  };
}

/**
 * Log probabilities of all tokens of prompts and the best word of each place, as lm-evaluation-harness asks for them.
 */
function likelihoods(service: Service, bench: Bench): Promise<Row> {
  const lines = readFileSync(bench.tenth.path, 'utf8').split('\n');
  const texts = Array.from({ length: prompts }, (_, i) =>
    lines.slice(i * promptLines, (i + 1) * promptLines).join('\n'),
  );
  const ask = async (path: string) => {
    const model = path.split('/').at(-1) as string;
    const body = { prompt: texts, max_tokens: 1, echo: true, logprobs: 1, temperature: 0 };
    await service.json('/v1/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, model: path === mixed ? model : `${model}:${estimator}` }),
    });
  };
  return againstParts(`log probabilities of ${prompts} prompts`, (path) => time(() => ask(path)));
}

/** The query with the estimator, which the parts of the mixture have already. */
function own(path: string, query: Record<string, string>): string {
  return new URLSearchParams(path === mixed ? query : { ...query, estimator }).toString();
}

/** Single GETs, whose processor time is compared. */
async function queries(service: Service): Promise<Row[]> {
  const asked = await frequent(service, parts[0], 3, requests);
  const probabilities = (path: string) =>
    asked.map(splitLast).map(([context, word]) => `${path}/probability?${own(path, { context, word })}`);
  const continuations = (path: string) =>
    asked.map(([, ...context]) => `${path}/continuations?${own(path, { context: context.join(' ') })}`);
  const kinds: [what: string, pathsOf: (path: string) => string[]][] = [
    ['GET probability', probabilities],
    ['GET probability, the same', (path) => probabilities(path).slice(0, 1)],
    ['GET continuations, k = 10', continuations],
  ];
  const rows: Row[] = [];
  for (const [what, pathsOf] of kinds) {
    const loads: Load[] = [];
    for (const path of [...parts, mixed]) loads.push(await service.load(pathsOf(path), requests));
    const [first, second, whole] = loads;
    const alone = 1 / (1 / first.requestsPerSecond + 1 / second.requestsPerSecond);
    rows.push({
      what: `${what}, a mixture`,
      ours: describe(whole),
      reference: `${describe(first)}; ${describe(second)}: its two parts`,
      ratio:
        first.cpu === undefined || second.cpu === undefined || whole.cpu === undefined
          ? whole.requestsPerSecond / alone
          : (first.cpu + second.cpu) / whole.cpu,
    });
  }
  return rows;
}
