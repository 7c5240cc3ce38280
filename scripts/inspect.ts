/** Prints the packed structures of a corpus file as text; `usage` says how. */
import { parseArgs } from 'node:util';
import { NgramdError } from '../src/errors.ts';
import { buildTrie } from '../src/index/resident/build-trie.ts';
import type { CountTrie } from '../src/index/resident/count-trie.ts';
import { printLevel, printNode } from '../src/index/resident/print-trie.ts';
import { readNGramKey } from '../src/ngrams/ngram-stream.ts';
import { printBlock } from '../src/ngrams/print-block.ts';
import type { Connection } from '../src/store/sqlite/connection.ts';
import { openCorpusFile } from '../src/store/sqlite/corpus-file.ts';
import { openCorpusFile as openFile } from '../src/store/store.ts';

const usage = `usage: npm run --silent inspect -- <corpus file> runs                 the runs and their blocks of each order
       npm run --silent inspect -- <corpus file> blocks <order>       n-grams and bytes of each block
       npm run --silent inspect -- <corpus file> level <order>        places of a level of the trie
       npm run --silent inspect -- <corpus file> node <token> ...     an n-gram's node and its children
options: --from <n>   the first block or place (0)    --limit <n>   how many of them (20)
`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    options: { from: { type: 'string', default: '0' }, limit: { type: 'string', default: '20' } },
    allowPositionals: true,
  });
  const [path, what, ...names] = positionals;
  const range = { from: Number(values.from), limit: Number(values.limit) };
  const order = Number(names[0]);
  const isOrder = names.length === 1 && Number.isInteger(order) && order > 0;
  if (what === undefined || !(what === 'runs' || (what === 'node' ? names.length > 0 : isOrder)))
    return fail();
  const connection = openCorpusFile(path);
  try {
    const maxOrder = connection.prepare('SELECT max_order FROM corpus').pluck().get() as number;
    if (what !== 'runs' && (what === 'node' ? names.length : order) > maxOrder) {
      process.stderr.write(`The corpus counts n-grams up to order ${maxOrder}.\n`);
      return 2;
    }
    const lines = await print(connection, { path, what, names, order, ...range });
    if (lines === undefined) return fail();
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    return 0;
  } finally {
    connection.close();
  }
}

function fail(): number {
  process.stderr.write(usage);
  return 2;
}

interface Wanted {
  path: string;
  what: string;
  names: readonly string[];
  order: number;
  from: number;
  limit: number;
}

async function print(connection: Connection, wanted: Wanted): Promise<string[] | undefined> {
  const { path, what, names, order, from, limit } = wanted;
  const token = connection.prepare('SELECT token FROM vocabulary WHERE id = ?').pluck();
  const tokenOf = (id: number) => JSON.stringify(token.get(id) ?? `id ${id}`);
  if (what === 'runs') return printRuns(connection);
  if (what === 'blocks') return printBlocks(connection, wanted, tokenOf);
  if (what !== 'level' && what !== 'node') return undefined;
  const trie = await trieOf(path);
  if (what === 'level') return printLevel(trie, order, { from, limit, tokenOf });
  const id = connection.prepare('SELECT id FROM vocabulary WHERE token = ?').pluck();
  return printNode(
    trie,
    names.map((name) => (id.get(name) as number | undefined) ?? -1),
    tokenOf,
  );
}

async function trieOf(path: string): Promise<CountTrie> {
  const corpus = await openFile(path);
  try {
    return await corpus.read((snapshot) => buildTrie(snapshot));
  } finally {
    corpus.close();
  }
}

function printRuns(connection: Connection): string[] {
  const rows = connection
    .prepare(
      `SELECT run, sign, n, count(*) AS blocks, sum(length(first) + length(data)) AS bytes, max(peak) AS peak
       FROM blocks JOIN runs ON runs.id = run GROUP BY run, n ORDER BY run, n`,
    )
    .all() as { run: number; sign: number; n: number; blocks: number; bytes: number; peak: number }[];
  return rows.map(
    ({ run, sign, n, blocks, bytes, peak }) =>
      `run ${run} (${sign > 0 ? 'added' : 'taken away'})  order ${n}: ${blocks} blocks, ${bytes} bytes, highest count ${peak}`,
  );
}

function printBlocks(
  connection: Connection,
  { order, from, limit }: Wanted,
  tokenOf: (id: number) => string,
): string[] {
  const rows = connection
    .prepare('SELECT run, first, data FROM blocks WHERE n = ? ORDER BY run, first LIMIT ? OFFSET ?')
    .all(order, limit, from) as { run: number; first: Buffer; data: Buffer }[];
  return rows.flatMap(({ run, first, data }, i) => {
    const ngram = new Uint32Array(order);
    readNGramKey(first, ngram);
    return [`block ${from + i} of run ${run}, ${data.length} bytes`, ...printBlock(ngram, data, tokenOf)];
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof NgramdError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
