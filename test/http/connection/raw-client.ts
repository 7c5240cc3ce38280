import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Test } from 'tap';

/** An answer as it came over a connection. */
export interface RawAnswer {
  status: number;
  /** By their names in lower case. */
  headers: Record<string, string>;
  /** What is in the body, where it is JSON. */
  body: { type?: string; status?: number; detail?: string; errors?: { pointer: string }[] } & Record<
    string,
    unknown
  >;
}

/** A client that writes what it is told and reads when it is told. */
export class RawClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isOver = false;

  constructor(t: Test, port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => {
      this.#isOver = true;
    });
    t.teardown(() => this.#socket.destroy());
  }

  /** Writes, and does not read before everything is on its way. */
  async send(...pieces: (string | Uint8Array)[]): Promise<this> {
    this.#socket.pause();
    for (const piece of pieces) {
      if (this.#isOver || this.#socket.write(piece)) continue;
      await this.#either('drain');
    }
    return this;
  }

  get isClosed(): boolean {
    return this.#isOver;
  }

  /** Sends nothing more. */
  halfClose(): this {
    this.#socket.end();
    return this;
  }

  /** The next answer. Throws where the connection is closed before all of it has come. */
  async answer(): Promise<RawAnswer> {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end >= 0) {
        const [line, ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]);
        const headers = Object.fromEntries(
          lines.map((header) => [header.split(':', 1)[0].toLowerCase(), header.replace(/^[^:]*: */, '')]),
        );
        const length = end + 4 + Number(headers['content-length'] ?? 0);
        if (this.#received.length >= length) {
          const text = this.#received.subarray(end + 4, length).toString();
          this.#received = this.#received.subarray(length);
          return {
            status,
            headers,
            body: /^application\/(problem\+)?json/.test(headers['content-type']) ? JSON.parse(text) : {},
          };
        }
      }
      if (!(await this.#more())) throw new Error(`The connection was closed after ${this.#received}`);
    }
  }

  /** What comes until the connection is closed. */
  async rest(): Promise<string> {
    while (await this.#more());
    return this.#received.toString('latin1');
  }

  async #more(): Promise<boolean> {
    const chunk = this.#socket.read() as Buffer | null;
    if (chunk !== null) {
      this.#received = Buffer.concat([this.#received, chunk]);
      return true;
    }
    if (this.#isOver || this.#socket.readableEnded) return false;
    await this.#either('readable');
    return true;
  }

  /** Waits for an event, or for the end of the connection. */
  async #either(event: string): Promise<void> {
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([once(this.#socket, event, { signal }), once(this.#socket, 'close', { signal })]);
    waiting.abort();
  }
}

/** The head of a request. */
export function head(line: string, headers: Record<string, string | number> = {}): string {
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** The pieces of a body, as chunks of `Transfer-Encoding: chunked`. */
export function chunked(pieces: readonly Uint8Array[]): (string | Uint8Array)[] {
  return [...pieces.flatMap((piece) => [`${piece.length.toString(16)}\r\n`, piece, '\r\n']), '0\r\n\r\n'];
}
