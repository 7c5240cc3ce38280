/**
 * A server that speaks as much of ClickHouse's HTTP as the service does, with chdb behind it: a ClickHouse of today as a
 * library. Statements are run one after the other.
 *
 * Arguments: the port, the folder of the data, the configuration, and a file beside which chdb is installed.
 */
import { unlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** What is used of chdb. */
interface Chdb {
  Session: new (
    path: string,
    options: { connectionArgs: string[] },
  ) => { queryAsync(sql: string): Promise<{ bytes(): Uint8Array }> };
}

const [port, folder, configuration, beside] = process.argv.slice(2);
const { Session } = createRequire(beside)('chdb') as Chdb;
const session = new Session(folder, { connectionArgs: [`--config-file=${configuration}`] });

/** Parameters of a request that are no settings of ClickHouse. */
const ofTheRequest = new Set(['query', 'query_id', 'database', 'wait_end_of_query']);

/** The last statement that set the database, and each setting. */
const prepared = new Map<string, string>();

let files = 0;
let last: Promise<unknown> = Promise.resolve();

createServer(async (request, response) => {
  try {
    response.end(await answerTo(request));
  } catch (error) {
    response.writeHead(500).end((error as Error).message);
  }
}).listen(Number(port), '127.0.0.1');

async function answerTo(request: IncomingMessage): Promise<Uint8Array> {
  const body = await buffer(request);
  const parameters = new URL(request.url as string, 'http://localhost').searchParams;
  const insert = parameters.get('query');
  const turn = last.then(() =>
    insert === null ? run(body.toString(), parameters) : write(insert, body, parameters),
  );
  last = turn.catch(() => {});
  return turn;
}

async function run(statement: string, parameters: URLSearchParams): Promise<Uint8Array> {
  if (statement === '') return Buffer.from('Ok.\n');
  await prepare('database', `USE ${parameters.get('database') ?? 'default'}`);
  for (const [name, value] of parameters) {
    if (!ofTheRequest.has(name)) await prepare(name, `SET ${name} = '${value}'`);
  }
  return (await session.queryAsync(statement)).bytes();
}

/** Runs a statement that has a lasting effect on `what`, unless it was the last one. */
async function prepare(what: string, statement: string): Promise<void> {
  if (prepared.get(what) === statement) return;
  await session.queryAsync(statement);
  prepared.set(what, statement);
}

/** Inserts rows, which chdb reads from a file. */
async function write(insert: string, rows: Uint8Array, parameters: URLSearchParams): Promise<Uint8Array> {
  const file = join(folder, `rows-${++files}`);
  writeFileSync(file, rows);
  try {
    return await run(insert.replace(/ FORMAT /, ` FROM INFILE '${file}'$&`), parameters);
  } finally {
    unlinkSync(file);
  }
}

// It ends with the test that started it, however that ends.
const { ppid: owner } = process;
setInterval(() => {
  if (process.ppid !== owner) process.exit();
}, 1000).unref();
