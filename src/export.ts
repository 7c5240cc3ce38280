/** `npm run export -- <file> --order 3` prints `ngram<TAB>count` for every n-gram of a corpus file, in order of ids. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openCorpusFile, type Snapshot } from './store/store.ts';

const usage = 'usage: npm run --silent export -- <corpus file> [--order <1-6>]\n';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    options: { order: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const order = Number(values.order);
  if (positionals.length !== 1 || !Number.isInteger(order) || order < 1) {
    process.stderr.write(usage);
    return 2;
  }
  const corpus = await openCorpusFile(positionals[0]);
  try {
    if (order > corpus.settings.order) {
      process.stderr.write(`The corpus counts n-grams up to order ${corpus.settings.order}.\n`);
      return 2;
    }
    await corpus.read((snapshot) => print(snapshot, order));
    return 0;
  } finally {
    corpus.close();
  }
}

async function print(snapshot: Snapshot, order: number): Promise<void> {
  const tokens = new Map<number, string>();
  for await (const { length, ids, counts } of snapshot.ngrams(order)) {
    const unknown = [...new Set(ids)].filter((id) => !tokens.has(id));
    for (const [i, token] of (await snapshot.tokens(unknown)).entries()) tokens.set(unknown[i], token);
    let lines = '';
    for (let i = 0; i < length; i++) {
      const ngram = Array.from(ids.subarray(i * order, (i + 1) * order), (id) => tokens.get(id));
      lines += `${ngram.join(' ')}\t${counts[i]}\n`;
    }
    if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
  }
}

process.exitCode = await main();
