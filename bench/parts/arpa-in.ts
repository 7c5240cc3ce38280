import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bench, CorpusView, Row } from '../bench.ts';
import { cpuOf } from '../cpu.ts';
import { Service, time } from '../service.ts';

/** How often each of both is measured, in turns. */
const rounds = 2;

/** What something takes, in seconds; the processor time is undefined if the system does not report it. */
interface Cost {
  seconds: number;
  cpu: number | undefined;
}

/**
 * An ARPA file of the whole text that becomes a corpus, against `build_binary probing` of the same file; and its first question, which
 * reads the table. The file is that of `lmplz` or, without KenLM, of the service.
 */
export async function arpaIn(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const order of [3, 5]) rows.push(...(await rowsOf(bench, order)));
  return rows;
}

async function rowsOf(bench: Bench, order: number): Promise<Row[]> {
  const file = (await bench.kenlm?.arpa(order)) ?? (await writtenArpa(bench, order));
  await bench.stop();
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  const questions: Cost[] = [];
  let ngrams = 0;
  for (let round = 0; round < rounds; round++) {
    const service = await Service.start(join(bench.folder, 'arpa-in'), {
      INDEX_MEMORY_BYTES: String(2 ** 33),
      MAX_UPLOAD_BYTES: String(2 ** 35),
    });
    const path = '/v1/corpora/given';
    let answer = '';
    ours.push(await costOf(service, async () => (answer = await service.send(path, 'PUT', file))));
    ngrams = (JSON.parse(answer) as CorpusView).ngrams.reduce((sum, { distinct }) => sum + distinct, 0);
    questions.push(await costOf(service, () => service.request(`${path}/probability?word=the`)));
    await service.request(path, { method: 'DELETE' });
    await service.stop();
    if (bench.kenlm === undefined) continue;
    const { kenlm } = bench;
    let seconds = 0;
    const cpu = await cpuOf('self', async () => {
      seconds = await time(() => kenlm.convert(order));
    });
    theirs.push({ seconds, cpu });
  }
  const [mine, other] = [fastest(ours), fastest(theirs)];
  const what = `${(ngrams / 1e6).toFixed(1)} million n-grams of order 1 to ${order}, ${(statSync(file).size / 1e6).toFixed(0)} MB`;
  return [
    {
      what: `ARPA file as a corpus: ${what}`,
      ours: costView(mine as Cost),
      reference: other === undefined ? '' : `${costView(other)}, build_binary probing`,
      ratio: other === undefined ? undefined : other.seconds / (mine as Cost).seconds,
    },
    {
      what: 'its first question',
      ours: costView(fastest(questions) as Cost),
      reference: '',
      ratio: undefined,
    },
  ];
}

/** The service's own ARPA file of the text. */
async function writtenArpa(bench: Bench, order: number): Promise<string> {
  const path = await bench.ready(order);
  const file = join(bench.folder, `${bench.text.bytes}-${order}.arpa`);
  const asking = get(`${(await bench.service()).address}${path}/arpa`);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  await pipeline(response, createWriteStream(file));
  return file;
}

async function costOf(service: Service, work: () => Promise<unknown>): Promise<Cost> {
  let seconds = 0;
  const cpu = await service.cpuOf(async () => {
    seconds = await time(work);
  });
  return { seconds, cpu };
}

function fastest(costs: readonly Cost[]): Cost | undefined {
  return costs.toSorted((a, b) => a.seconds - b.seconds)[0];
}

function costView({ seconds, cpu }: Cost): string {
  return `${seconds.toFixed(1)} s${cpu === undefined ? '' : `, ${cpu.toFixed(1)} s of processors`}`;
}
