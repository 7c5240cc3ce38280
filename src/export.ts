/** `npm run export -- <file> --order 3` prints `ngram<TAB>count` for every n-gram of a corpus file, in order of ids. */
import { parseArgs } from 'node:util';
import { CorpusReader } from './store/sqlite/corpus-reader.ts';

const usage = 'usage: npm run --silent export -- <corpus file> [--order <1-6>]\n';

function main(): number {
  const { positionals, values } = parseArgs({
    options: { order: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const order = Number(values.order);
  if (positionals.length !== 1 || !Number.isInteger(order) || order < 1) {
    process.stderr.write(usage);
    return 2;
  }
  const reader = new CorpusReader(positionals[0]);
  if (order > reader.settings.order) {
    process.stderr.write(`The corpus counts n-grams up to order ${reader.settings.order}.\n`);
    return 2;
  }
  reader.snapshot(() => print(reader, order));
  reader.close();
  return 0;
}

function print(reader: CorpusReader, order: number): void {
  const tokens = new Map<number, string>();
  const token = (id: number) => {
    if (!tokens.has(id)) tokens.set(id, reader.token(id));
    return tokens.get(id) as string;
  };
  const stream = reader.ngrams(order);
  while (stream.next()) {
    process.stdout.write(`${Array.from(stream.ngram, token).join(' ')}\t${stream.count}\n`);
  }
}

process.exitCode = main();
