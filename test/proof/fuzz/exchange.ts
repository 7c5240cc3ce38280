import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { FuzzRequest } from './requests.ts';
import type { WireRequest } from './wire.ts';

/** The time limit of an answer in milliseconds. A stream of events is cut off then, and counts as complete. */
const patienceMs = 60_000;
const eventsMs = 2_000;

/** A complete answer. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A client of one server. */
export class Exchange {
  readonly #address: URL;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(address: string) {
    this.#address = new URL(address);
  }

  /** Sends a request and reads the whole answer. Throws if there is no answer or it is incomplete. */
  send({ method, target, headers, body }: FuzzRequest): Promise<Answer> {
    const { hostname, port } = this.#address;
    const named: Record<string, string[]> = {};
    for (const [name, value] of headers) named[name] = [...(named[name] ?? []), value];
    if (body !== undefined) named['content-length'] = [String(body.length)];
    return new Promise((resolve, reject) => {
      const sending = request({
        agent: this.#agent,
        hostname,
        port,
        method,
        path: target,
        headers: named,
        joinDuplicateHeaders: true,
        signal: AbortSignal.timeout(patienceMs),
      });
      let answered = false;
      sending.on('error', (error) => {
        if (!answered) reject(error);
      });
      sending.on('response', (response) => {
        answered = true;
        const chunks: Buffer[] = [];
        const end = () =>
          resolve({
            status: response.statusCode as number,
            headers: response.headers,
            body: Buffer.concat(chunks),
          });
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          setTimeout(() => {
            end();
            response.destroy();
          }, eventsMs).unref();
        }
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', end);
        response.on('error', (error) => {
          // If a compressed text turns out to be corrupt, a streamed answer can only be broken off.
          const isStream = response.headers['content-type']?.startsWith('application/x-ndjson');
          if (isStream && named['content-encoding'] !== undefined) end();
          else reject(error);
        });
      });
      sending.end(body);
    });
  }

  /** Writes bytes to a new connection, and reads until it is closed. */
  sendBytes({ bytes, ending }: WireRequest): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host: this.#address.hostname, port: Number(this.#address.port) });
      const finish = () => {
        clearTimeout(timer);
        socket.destroy();
        resolve(Buffer.concat(chunks));
      };
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error('the connection stays open'));
      }, patienceMs);
      socket.on('data', (chunk) => chunks.push(chunk));
      // A server may close the connection when it receives nonsense.
      socket.on('error', finish);
      socket.on('close', finish);
      socket.on('connect', () => {
        if (ending === 'half-close') socket.end(bytes);
        else if (ending === 'hold') socket.write(bytes);
        else socket.write(bytes, () => setTimeout(finish, ending === 'break off' ? 0 : 100));
      });
    });
  }

  /** Closes the client's connections. */
  close(): void {
    this.#agent.destroy();
  }

  /** The request as a shell command. */
  curl({ method, target, headers, body }: FuzzRequest): string {
    const given = headers.map(
      ([name, value]) => ` -H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`,
    );
    const known = headers.some(([name]) => name.toLowerCase() === 'content-type');
    const data = body === undefined ? '' : `${known ? '' : " -H 'content-type:'"} --data-binary @-`;
    const how = method === 'HEAD' ? '-I' : `-X ${method}`;
    const line = `curl -si --path-as-is --globoff ${how} ${quote(this.#address.origin + target)}${given.join('')}${data}`;
    return body === undefined ? line : `base64 -d <<< ${body.toString('base64')} | ${line}`;
  }

  /** The bytes as a shell command. */
  netcat({ bytes, ending }: WireRequest): string {
    const { hostname, port } = this.#address;
    return `base64 -d <<< ${bytes.toString('base64')} | nc ${ending === 'half-close' ? '-N ' : ''}${hostname} ${port}`;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
