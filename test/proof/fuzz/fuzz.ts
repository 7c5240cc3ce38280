import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Descriptors, Figures, ServerProcess } from '../server-process.ts';
import { ApiDocument, type Operation } from './document.ts';
import { Exchange } from './exchange.ts';
import { exampleOf, type FuzzRequest, requestsTo, strayRequests } from './requests.ts';
import { type Fault, judge, judgeBytes } from './verdict.ts';
import { type WireRequest, wireRequests } from './wire.ts';

/** The settings of a server under test: limits that small requests can reach. */
export const fuzzSettings = {
  MAX_UPLOAD_BYTES: '32768',
  INDEX_TIMEOUT_MS: '2000',
  INDEX_MEMORY_BYTES: String(2 ** 26),
  IDLE_TIMEOUT_MS: '1500',
};

/** The corpus to which only read requests are sent. */
const bystander = 'bystander';
/** The number of consecutive requests of one kind before the next kind. */
const runLength = 50;
const lanes = 6;
/** How many times in total the server is left idle and measured. */
const restsInAll = 5;
/** How much the figures of a healthy server may differ between two rests. */
const slack = { bytes: 8e6, descriptors: 16, resources: 16 };
/** How long threads that have opened a corpus may keep its files open after it was deleted, in milliseconds. */
const closingTime = 1500;
/** Each thread may open the corpus that stays for the first time between two rests: eight, each with three files. */
const filesOfOneCorpus = 24;

/** A fault that was found, with the smallest request that reproduces it and the number of times it was seen. */
export interface Finding extends Fault {
  /** The operation's id, or the kind of the requests. */
  of: string;
  replay: string;
  seen: number;
}

/** The figures of the idle server after all corpora but one have been deleted. */
export interface Rest extends Omit<Figures, 'resources'> {
  requests: number;
  descriptors: Descriptors | undefined;
  resources: number;
}

export interface Report {
  requests: number;
  /** The number of answers with each status, by operation. */
  statuses: Map<string, Map<number, number>>;
  findings: Finding[];
  rests: Rest[];
}

/**
 * Sends about `requests` requests to the operations of the OpenAPI document that the server serves and to undocumented
 * paths, and bytes that are not HTTP. The same seed generates the same requests. The server must be new and empty.
 */
export async function fuzz(server: ServerProcess, requests: number, seed: number): Promise<Report> {
  const document = new ApiDocument((await (await fetch(`${server.address}/openapi.json`)).json()) as never);
  return await new Fuzzer(server, document).run(requests, seed);
}

class Fuzzer {
  readonly #server: ServerProcess;
  readonly #document: ApiDocument;
  readonly #exchange: Exchange;
  /** Values named by answers, by the path segment or the parameter to which they belong. */
  readonly #learned = new Map<string, string[]>();
  /** The last requests, oldest first: if the server exits, one of them caused it. */
  readonly #last: string[] = [];
  readonly #report: Report = { requests: 0, statuses: new Map(), findings: [], rests: [] };

  constructor(server: ServerProcess, document: ApiDocument) {
    this.#server = server;
    this.#document = document;
    this.#exchange = new Exchange(server.address);
  }

  async run(requests: number, seed: number): Promise<Report> {
    const before = await this.#createBystander();
    const kinds = this.#kinds();
    const rounds = Math.max(restsInAll, Math.ceil(requests / runLength / kinds.length));
    const perRun = Math.ceil(requests / rounds / kinds.length);
    for (let round = 0; round < rounds && this.#server.isAlive; round++) {
      await this.#sendExamples();
      const queue = kinds.map((run, i) => () => run(perRun, seed + round * kinds.length + i));
      const lane = async () => {
        for (let next = queue.shift(); next !== undefined && this.#server.isAlive; next = queue.shift()) {
          await next();
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      const isRest =
        Math.floor(((round + 1) * restsInAll) / rounds) > Math.floor((round * restsInAll) / rounds);
      if (isRest && this.#server.isAlive) await this.#rest(before);
    }
    if (this.#server.isAlive) this.#compareRests();
    else {
      const detail = `${this.#server.end}\n${this.#server.lastOutput}`;
      this.#find('the server', { kind: 'it ended', detail }, this.#last.join('\n  '));
    }
    this.#exchange.close();
    return this.#report;
  }

  /** For each kind of requests, a function that sends the given number of them. */
  #kinds(): ((runs: number, seed: number) => Promise<void>)[] {
    const ofOperations = this.#document.operations.map((operation) => {
      const requests = requestsTo(this.#document, operation);
      return (runs: number, seed: number) =>
        this.#check(operation.id, requests, runs, seed, (request) => this.#try(request, operation));
    });
    const stray = strayRequests(this.#document);
    const wire = wireRequests(this.#document);
    return [
      ...ofOperations,
      (runs, seed) => this.#check('no operation', stray, runs, seed, (request) => this.#try(request)),
      (runs, seed) => this.#check('not HTTP', wire, runs, seed, (request) => this.#tryBytes(request)),
    ];
  }

  /** Sends requests; for each new fault, the smallest request that reproduces it becomes a finding. */
  async #check<Request>(
    of: string,
    requests: fc.Arbitrary<Request>,
    runs: number,
    seed: number,
    attempt: (request: Request) => Promise<{ fault: Fault | undefined; replay: string }>,
  ): Promise<void> {
    let found: { fault: Fault; replay: string } | undefined;
    const property = fc.asyncProperty(requests, async (request) => {
      if (!this.#server.isAlive) return;
      const { fault, replay } = await attempt(request);
      if (
        fault === undefined ||
        !this.#server.isAlive ||
        (found !== undefined && found.fault.kind !== fault.kind)
      )
        return;
      const known = this.#report.findings.find((finding) => finding.of === of && finding.kind === fault.kind);
      if (known !== undefined) {
        known.seen++;
        return;
      }
      found = { fault, replay };
      throw new Error(fault.kind);
    });
    await fc.check(property, { seed, numRuns: runs, interruptAfterTimeLimit: 600_000 });
    if (found !== undefined) this.#find(of, found.fault, found.replay);
  }

  #find(of: string, fault: Fault, replay: string): void {
    this.#report.findings.push({ of, ...fault, replay, seen: 1 });
  }

  async #try(
    planned: FuzzRequest,
    operation?: Operation,
  ): Promise<{ fault: Fault | undefined; replay: string }> {
    const request = { ...planned, target: this.#fill(planned.target) };
    const replay = this.#begin(this.#exchange.curl(request));
    try {
      const answer = await this.#exchange.send(request);
      const id = operation?.id ?? 'no operation';
      const statuses = this.#report.statuses.get(id) ?? new Map<number, number>();
      this.#report.statuses.set(id, statuses);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status < 300) this.#learn(answer.headers.location, answer.body);
      return { fault: judge(this.#document, request, answer), replay };
    } catch (error) {
      return { fault: await this.#unlessEnded('no answer', error), replay };
    }
  }

  async #tryBytes(request: WireRequest): Promise<{ fault: Fault | undefined; replay: string }> {
    const replay = this.#begin(this.#exchange.netcat(request));
    try {
      const isHead = request.bytes.subarray(0, 4).toString() === 'HEAD';
      const received = await this.#exchange.sendBytes(request);
      return { fault: judgeBytes(this.#document, received, isHead), replay };
    } catch (error) {
      return { fault: await this.#unlessEnded('no end', error), replay };
    }
  }

  /** Records a failed request, which is not a separate fault if the server has exited. */
  async #unlessEnded(kind: string, error: unknown): Promise<Fault | undefined> {
    await setTimeout(200);
    return this.#server.isAlive ? { kind, detail: String(error) } : undefined;
  }

  #begin(replay: string): string {
    this.#report.requests++;
    if (this.#last.push(replay) > 2 * lanes) this.#last.shift();
    return replay;
  }

  /**
   * Sends the documented example of each operation: creates, queries and deletes, with contents deleted before their
   * containers. Then it creates them again, so that there is something to query.
   */
  async #sendExamples(): Promise<void> {
    const depth = ({ path }: Operation) => path.split('/').length;
    const outermostFirst = this.#document.operations.toSorted((a, b) => depth(a) - depth(b));
    for (const method of ['POST', 'PUT', 'GET', 'DELETE', 'POST', 'PUT']) {
      const operations = outermostFirst.filter((operation) => operation.method === method);
      for (const operation of method === 'DELETE' ? operations.reverse() : operations) {
        const { fault, replay } = await this.#try(exampleOf(this.#document, operation), operation);
        if (fault !== undefined) this.#find(`the example of ${operation.id}`, fault, replay);
      }
    }
  }

  #learn(location: string | string[] | undefined, body: Buffer): void {
    if (typeof location === 'string') {
      for (const [name, value] of this.#document.parametersIn(location)) this.#keep(name, value);
    }
    const [, name, value] = /"next_(\w+)":"([^"]+)"\}$/.exec(body.subarray(-500).toString()) ?? [];
    if (name !== undefined) this.#keep(name, value);
  }

  #keep(name: string, value: string): void {
    const values = this.#learned.get(name) ?? [];
    this.#learned.set(name, [value, ...values.filter((other) => other !== value)].slice(0, 10));
  }

  #fill(target: string): string {
    return target.replaceAll(/\{\{([^}]*):(\d)\}\}/g, (_, name, i) => {
      const values = this.#learned.get(name) ?? ['a'];
      return values[Number(i) % values.length];
    });
  }

  /** Creates the corpus that must stay unchanged, and returns all answers about it. */
  async #createBystander(): Promise<Map<string, unknown>> {
    const text = Array.from({ length: 3000 }, (_, i) => `w${(i * i) % 211}`).join(' ');
    const address = `${this.#server.address}/v1/corpora/${bystander}?tokenizer=whitespace`;
    const { status } = await fetch(address, { method: 'PUT', body: Buffer.from(text) });
    if (status !== 201) throw new Error(`The corpus ${bystander} is answered with ${status}.`);
    return this.#readBystander();
  }

  /** The answers of all read operations about the bystander. */
  async #readBystander(): Promise<Map<string, unknown>> {
    const answers = new Map<string, unknown>();
    for (const operation of this.#document.operations) {
      if (operation.method !== 'GET' || !/^[^{]*\{corpus\}[^{]*$/.test(operation.path)) continue;
      // Backups of all corpora include the bystander.
      if (operation.path.endsWith('/backups')) continue;
      const { target } = exampleOf(this.#document, operation);
      const request = {
        method: 'GET',
        target: target
          .replace(/(?<=\/corpora\/)[^/?]+/, bystander)
          .replace(/(?<=[?&]reference=)[^&]+/, bystander),
        headers: [],
      };
      answers.set(operation.id, await this.#readPatiently(request));
    }
    return answers;
  }

  /** The answer to a request, repeated until the server is not busy. */
  async #readPatiently(request: FuzzRequest): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        const { status, body } = await this.#exchange.send(request);
        if (status !== 503 || attempt === 30) return { status, body: body.toString() };
      } catch (error) {
        return String(error);
      }
      await setTimeout(500);
    }
  }

  /** Deletes all corpora but the bystander, checks that nothing else is left, and measures. */
  async #rest(before: Map<string, unknown>): Promise<void> {
    const isClean = await this.#clean();
    if (!isClean)
      this.#find('the data folder', { kind: 'files are left', detail: this.#files().join(' ') }, '');
    for (const [id, answer] of await this.#readBystander()) {
      if (isDeepStrictEqual(answer, before.get(id))) continue;
      const detail = `${JSON.stringify(before.get(id))} became ${JSON.stringify(answer)}`.slice(0, 1000);
      this.#find('the bystander', { kind: `${id} has changed`, detail }, '');
    }
    this.#exchange.close();
    await setTimeout(closingTime);
    const { resources, ...figures } = await this.#server.figures(true);
    const descriptors = this.#server.descriptors();
    const { requests } = this.#report;
    this.#report.rests.push({ requests, ...figures, descriptors, resources: resources.length });
  }

  /** Whether only the bystander's files are left after all other corpora have been deleted. */
  async #clean(): Promise<boolean> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await fetch(`${this.#server.address}/v1/corpora?limit=1000`);
      const { items } = (await answer.json()) as { items: { name: string }[] };
      for (const { name } of items) {
        if (name === bystander) continue;
        const address = `${this.#server.address}/v1/corpora/${name}`;
        await (await fetch(address, { method: 'DELETE' })).arrayBuffer();
      }
      if (this.#files().length === 0) return true;
      await setTimeout(100);
    }
    return false;
  }

  /** The files in the data folder that do not belong to the bystander. */
  #files(): string[] {
    return ['corpora', 'tmp'].flatMap((folder) => {
      const path = join(this.#server.dataFolder, folder);
      const files = existsSync(path) ? readdirSync(path) : [];
      return files.filter((file) => !file.startsWith(bystander)).map((file) => join(folder, file));
    });
  }

  /** Reports leaks: whatever has grown since the first rest, by which time everything created once exists. */
  #compareRests(): void {
    const [first, last] = [this.#report.rests[0], this.#report.rests.at(-1) as Rest];
    const growth: [string, number, number][] = [
      ['memory', last.heap + last.external - first.heap - first.external, slack.bytes],
      ['handles', last.resources - first.resources, slack.resources],
    ];
    if (first.descriptors !== undefined && last.descriptors !== undefined) {
      growth.push([
        'open files of the data folder',
        last.descriptors.data - first.descriptors.data,
        filesOfOneCorpus,
      ]);
      growth.push(['open sockets', last.descriptors.sockets - first.descriptors.sockets, 0]);
      growth.push([
        'other descriptors',
        last.descriptors.others - first.descriptors.others,
        slack.descriptors,
      ]);
    }
    for (const [what, more, allowed] of growth) {
      if (more <= allowed) continue;
      const requests = last.requests - first.requests;
      this.#find('the server', { kind: `${what} grow`, detail: `by ${more} in ${requests} requests` }, '');
    }
  }
}
