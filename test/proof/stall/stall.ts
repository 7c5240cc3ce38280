import { copyFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { ApiDocument } from '../fuzz/document.ts';
import type { ServerProcess } from '../server-process.ts';
import { corpora, readRequests, type StallRequest, type StallSizes, writeRequests } from './requests.ts';
import { ideographs, word, zipfText } from './texts.ts';

/** How a request affected others while it was answered. Times in milliseconds. */
export interface Stall {
  operation: string;
  what: string;
  /** The status of its answer. */
  status: number;
  expected: readonly number[];
  /** The time until its whole answer had been read. */
  duration: number;
  /** The longest response times meanwhile, of `/healthz` and of a small question. */
  health: number;
  question: number;
  /** The longest turn of the event loop, in processor time; undefined if it is not known. */
  turn: number | undefined;
}

/** The server's settings for a run: no request is refused because of a delay. */
export const stallSettings = { MAX_EVENT_LOOP_DELAY_MS: '0', MIN_FREE_DISK_BYTES: '0', MAX_CORPORA: '20000' };

/** Uploads the corpora that are queried. The data folder must be empty. */
export async function fill({ address, dataFolder }: ServerProcess, sizes: StallSizes): Promise<void> {
  const put = async (path: string, body: NonNullable<RequestInit['body']>, type = 'text/plain') => {
    const answer = await fetch(`${address}/v1/corpora/${path}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body,
      duplex: 'half',
    } as RequestInit);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  const stream = (text: Iterable<string>) =>
    Readable.toWeb(Readable.from(text)) as unknown as NonNullable<RequestInit['body']>;
  await put(corpora.words, stream(zipfText(sizes)));
  const part = { textBytes: sizes.textBytes / 5, wordsInW: sizes.wordsInW / 5 };
  await put(`${corpora.deep}?order=6`, stream(zipfText(part)));
  await put(`${corpora.chinese}?tokenizer=unicode`, ideographs(sizes.textBytes / 15));
  const long = Array.from({ length: 1001 }, (_, i) => `${word(i).padEnd(sizes.longToken, 'x')} `);
  await put(`${corpora.long}?tokenizer=whitespace&order=1`, stream(long));
  const mixture = [
    { corpus: corpora.words, weight: 0.75, estimator: 'witten-bell' },
    { corpus: corpora.deep, weight: 0.25, order: 3, estimator: 'laplace' },
  ];
  await put(corpora.mixed, JSON.stringify({ mixture }), 'application/json');
  await put('small0', 'the time machine');
  const file = (i: number) => join(dataFolder, 'corpora', `small${i}.sqlite`);
  await fetch(`${address}/v1/corpora/small0/backups`, { method: 'POST' });
  const [backup] = await backups(dataFolder);
  for (let i = 1; i < sizes.smallCorpora; i++) copyFileSync(backup, file(i));
}

async function backups(dataFolder: string): Promise<string[]> {
  const folder = join(dataFolder, 'backups');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sqlite'));
  return files.map((file) => join(folder, file));
}

/** The operations of a server's OpenAPI document for which there is no request. */
export async function uncovered(server: ServerProcess): Promise<string[]> {
  const document = new ApiDocument((await (await fetch(`${server.address}/openapi.json`)).json()) as never);
  const covered = new Set([...Object.keys(readRequests), ...Object.keys(writeRequests)]);
  return document.operations.map(({ id }) => id).filter((id) => !covered.has(id));
}

/** Sends the requests of these operations, one after the other, while other clients send requests continuously. */
export async function stall(
  server: ServerProcess,
  sizes: StallSizes,
  operations: typeof readRequests,
  visit: (stall: Stall) => void,
): Promise<void> {
  const question = `/v1/corpora/small0/probability?context=the+time&word=machine`;
  const watch = new Worker(new URL('./watch.js', import.meta.url), {
    workerData: { addresses: ['/healthz', question].map((path) => server.address + path) },
  });
  const failed = new Promise<never>((_, reject) => watch.once('error', reject));
  const waits = () => {
    const told = new Promise<[number, number]>((resolve) => watch.once('message', resolve));
    watch.postMessage('tell');
    return Promise.race([told, failed]);
  };
  const learned = { job: '', backup: '', documents: 0 };
  try {
    await waits();
    for (const [operation, requests] of Object.entries(operations)) {
      if (operation === 'getJob') learned.job = (await lastOf<{ id: string }>(server, '/v1/jobs')).id;
      if (operation === 'getBackup') {
        const { corpus, name } = await lastOf<{ corpus: string; name: string }>(server, '/v1/backups');
        learned.backup = `/v1/corpora/${corpus}/backups/${name}`;
      }
      for (const asked of requests(sizes, learned)) {
        await waits();
        await server.longestTurn();
        const start = performance.now();
        const status = await send(server, asked);
        const duration = performance.now() - start;
        const [health, small] = await waits();
        const turn = await server.longestTurn();
        const { what, expected } = asked;
        visit({ operation, what, status, expected, duration, health, question: small, turn });
      }
    }
  } finally {
    await watch.terminate();
  }
}

/** The last item of a list. */
async function lastOf<Item>({ address }: ServerProcess, path: string): Promise<Item> {
  const { items } = (await (await fetch(`${address}${path}?limit=1000`)).json()) as { items: Item[] };
  return items.at(-1) as Item;
}

/** Sends a request and reads its whole answer, however long that takes. Returns the status. */
async function send(server: ServerProcess, asked: StallRequest): Promise<number> {
  const { method = 'GET', path, body, headers } = asked;
  const isForm = body instanceof FormData;
  const form = isForm ? new Response(body) : undefined;
  const type = form?.headers.get('content-type');
  const bytes = form === undefined ? body : new Uint8Array(await form.arrayBuffer());
  return new Promise((resolve, reject) => {
    const sending = request(
      server.address + path,
      { method, headers: { ...headers, ...(type == null ? {} : { 'content-type': type }) } },
      (answer) => {
        answer.on('end', () => resolve(answer.statusCode as number));
        answer.on('error', reject);
        answer.resume();
      },
    );
    sending.on('error', reject);
    sending.end(bytes);
  });
}
