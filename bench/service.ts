import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Result } from 'autocannon';
import { cpuOf } from './cpu.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const loadFile = file('./load.js');

/** The result of a load test. */
export interface Load {
  requestsPerSecond: number;
  /** The processor time of the server for each request, in microseconds; undefined if the system does not report it. */
  cpu: number | undefined;
  /** In milliseconds. */
  p99: number;
}

/** A running service, or a reference for it. */
export class Service {
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
  }

  static start(dataFolder: string, settings: Record<string, string> = {}): Promise<Service> {
    const own = { DATA_DIR: dataFolder, PORT: '0', INDEX_TIMEOUT_MS: '600000' };
    // As in the Docker image and in the unit of systemd.
    const hugePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };
    return Service.#run('./server.js', { ...own, ...hugePages, ...settings });
  }

  /** A bare Fastify that writes the service's log lines; its one route is `/nothing`. */
  static bareFastify(): Promise<Service> {
    return Service.#run('./bare-server.js', {});
  }

  /** A bare server that answers every request with the bytes of one answer of this service. */
  sameBytes(path: string, accept: string): Promise<Service> {
    return Service.#run('./raw-server.js', { SOURCE: this.address + path, ACCEPT: accept });
  }

  static async #run(server: string, settings: Record<string, string>): Promise<Service> {
    const child = fork(file(server), { env: { ...process.env, ...settings }, execArgv: [] });
    const [message] = (await once(child, 'message')) as [{ address: string }];
    return new Service(child, message.address);
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.send('stop');
    await exited;
  }

  /** The peak memory of the process in bytes; undefined if the system does not report it. */
  peakMemory(): number | undefined {
    return this.#memory('VmHWM');
  }

  /** By how much the memory of the process grows during some work, at its peak, in bytes; undefined if unknown. */
  async memoryOf(work: () => Promise<unknown>): Promise<number | undefined> {
    const before = this.#memory('VmRSS');
    try {
      // Makes the peak what is used now.
      writeFileSync(`/proc/${this.#process.pid}/clear_refs`, '5');
    } catch {
      await work();
      return undefined;
    }
    await work();
    const peak = this.peakMemory();
    return before === undefined || peak === undefined ? undefined : peak - before;
  }

  /**
   * The processor time that the process takes for some work, in seconds; undefined if the system does not report it.
   */
  async cpuOf(work: () => Promise<unknown>): Promise<number | undefined> {
    return cpuOf(this.#process.pid as number, work);
  }

  #memory(figure: 'VmHWM' | 'VmRSS'): number | undefined {
    const line = this.#proc('status')
      ?.split('\n')
      .find((line) => line.startsWith(`${figure}:`));
    return line === undefined ? undefined : Number.parseInt(line.slice(figure.length + 1), 10) * 1024;
  }

  #proc(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.#process.pid}/${file}`, 'utf8');
    } catch {
      return undefined;
    }
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.address + path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    return (await (await this.request(path, init)).json()) as T;
  }

  /**
   * Sends a file with as little work as possible, since it shares the processors with the service; returns the answer.
   */
  async send(
    path: string,
    method: string,
    file: string,
    { end, type = 'text/plain' }: { end?: number; type?: string } = {},
  ): Promise<string> {
    const sending = request(this.address + path, { method, headers: { 'content-type': type } });
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    const options = { highWaterMark: 2 ** 18, ...(end === undefined ? {} : { end }) };
    await pipeline(createReadStream(file, options), sending);
    const [response] = await answered;
    const answer = await text(response);
    if (response.statusCode !== 200 && response.statusCode !== 201) throw new Error(`${path}: ${answer}`);
    return answer;
  }

  /**
   * Posts a text and discards the answer, which is streamed while the text is sent. It reads the socket itself, into one
   * buffer, since it shares the processors with the service.
   */
  async exchange(path: string, file: string): Promise<void> {
    const { hostname, port, host } = new URL(this.address);
    let head = '';
    let tail = '';
    const callback = (size: number, buffer: Uint8Array) => {
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, size);
      if (head.length < 12) head += bytes.toString('latin1', 0, 12 - head.length);
      tail = (tail + bytes.toString('latin1', Math.max(0, size - 8))).slice(-8);
      return true;
    };
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: { buffer: new Uint8Array(2 ** 18), callback },
    });
    const headers = [
      'content-type: text/plain',
      `content-length: ${statSync(file).size}`,
      'connection: close',
    ];
    socket.write([`POST ${path} HTTP/1.1`, `host: ${host}`, ...headers, '', ''].join('\r\n'));
    const text = createReadStream(file, { highWaterMark: 2 ** 18 });
    await Promise.all([pipeline(text, socket, { end: false }), once(socket, 'close')]);
    const isWhole = tail.endsWith('\r\n0\r\n\r\n') || tail.endsWith('}');
    if (head !== 'HTTP/1.1 200' || !isWhole) throw new Error(`${path}: ${head} … ${tail}`);
  }

  /** Requests the paths in turn on ten connections, with a load generator in a separate process. */
  async load(paths: string[], requests: number): Promise<Load> {
    const generator = spawn(process.execPath, [loadFile, this.address], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let result: Result | undefined;
    const cpu = await this.cpuOf(async () => {
      generator.stdin.end(JSON.stringify({ paths, requests }));
      result = (await json(generator.stdout)) as Result;
    });
    const { non2xx, errors, duration, latency } = result as Result;
    if (non2xx + errors > 0) throw new Error(`${paths[0]}: some requests failed.`);
    return {
      requestsPerSecond: requests / duration,
      cpu: cpu === undefined ? undefined : (cpu / requests) * 1e6,
      p99: latency.p99,
    };
  }

  /** Reads and discards an answer; returns its size in bytes. */
  async drain(path: string, headers: Record<string, string>): Promise<number> {
    const asking = get(this.address + path, { headers });
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`);
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await once(response, 'end');
    return bytes;
  }
}

/** The duration of some work, in seconds. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The median of some numbers. */
export function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
