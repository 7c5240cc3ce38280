import { spawn } from 'node:child_process';
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Bench, CorpusView, Row } from '../bench.ts';
import { time } from '../service.ts';

const order = 3;
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The counts of a text as a file, from its first byte to the 201, against the text itself. */
export async function countsIn(bench: Bench): Promise<Row[]> {
  const { path, tokenizer } = bench.tenth;
  const query = `order=${order}&tokenizer=${tokenizer}`;
  const text = await put(bench, `counted?${query}`, path, 'text/plain');
  await bench.stop();
  const file = join(bench.folder, 'counts.tsv');
  const corpus = join(bench.dataFolder, 'corpora', 'counted.sqlite');
  const args = [cli, 'export', corpus, '--order', 'all'];
  const exporting = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await pipeline(exporting.stdout, createWriteStream(file));
  const counts = await put(bench, `counts?${query}`, file, 'text/tab-separated-values');
  const each = (seconds: number) => `${((seconds / counts.ngrams) * 1e6).toFixed(2)} µs an n-gram`;
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  return [
    {
      what: `counts of ${(counts.ngrams / 1e6).toFixed(1)} M n-grams, order ${order}, ${megabytes} MB`,
      ours: `${counts.seconds.toFixed(1)} s, ${each(counts.seconds)}${counts.costs}`,
      reference: `${text.seconds.toFixed(1)} s, ${each(text.seconds)}${text.costs}, the text itself`,
      ratio: text.seconds / counts.seconds,
    },
  ];
}

interface Measured {
  readonly seconds: number;
  readonly ngrams: number;
  /** Processor time and peak memory of the service, as far as they are known. */
  readonly costs: string;
}

async function put(bench: Bench, corpus: string, file: string, type: string): Promise<Measured> {
  // A new process, so that its peak memory is that of this upload.
  await bench.stop();
  const service = await bench.service();
  let answer = '';
  let seconds = 0;
  const cpu = await service.cpuOf(async () => {
    seconds = await time(async () => {
      answer = await service.send(`/v1/corpora/${corpus}`, 'PUT', file, { type });
    });
  });
  const memory = service.peakMemory();
  const { ngrams } = JSON.parse(answer) as CorpusView;
  const costs = [
    cpu === undefined ? '' : `, CPU ${cpu.toFixed(1)} s`,
    memory === undefined ? '' : `, ${(memory / 1e9).toFixed(2)} GB`,
  ].join('');
  return { seconds, ngrams: ngrams.reduce((sum, { distinct }) => sum + distinct, 0), costs };
}
