import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** How a server is started. */
export interface ServerPlan {
  name: string;
  /** The server's own folder, where its output goes. */
  folder: string;
  /** The port on which it answers its clients. */
  port: number;
  command: string;
  args: readonly string[];
  /** The user as whom it runs; undefined for the user of this process. */
  user?: { uid: number; gid: number } | undefined;
  environment?: Record<string, string>;
  /** The signal that ends it in good order. */
  stopSignal?: NodeJS.Signals;
  /** Whether it answers; asked until it does. */
  isReady(): Promise<boolean>;
}

/** How long a server may take to start, and to stop before it is killed. */
const patience = { start: 180_000, stop: 15_000 };

/** The file in a server's folder with the id of its process, while it runs. */
export const pidFile = 'process-id';

/** A server of the cluster, which can be stopped, killed and started again. */
export class Server {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly #plan: ServerPlan;
  #process: ChildProcess | undefined;

  constructor(plan: ServerPlan) {
    this.name = plan.name;
    this.folder = plan.folder;
    this.port = plan.port;
    this.#plan = plan;
  }

  get isRunning(): boolean {
    return (
      this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
    );
  }

  /** The id of its process, while it runs. */
  get processId(): number | undefined {
    return this.isRunning ? this.#process?.pid : undefined;
  }

  /** Starts it, on the data that it has, and waits until it answers. Throws an error with its last output. */
  async start(): Promise<void> {
    const deadline = Date.now() + patience.start;
    this.#spawn();
    while (!(await this.#plan.isReady())) {
      if (!this.isRunning) {
        // After a kill, children of PostgreSQL may hold its memory for some time yet.
        if (Date.now() > deadline || !/still in use/.test(this.lastOutput())) throw this.#failure('ended');
        await setTimeout(200);
        this.#spawn();
      }
      if (Date.now() > deadline) throw this.#failure('does not answer');
      await setTimeout(50);
    }
  }

  /** Ends it in good order; kills it if that takes too long. */
  async stop(): Promise<void> {
    await this.#end(this.#plan.stopSignal ?? 'SIGTERM');
  }

  /** Ends it as kill -9 does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The end of what it has written to its standard output and error. */
  lastOutput(): string {
    return readFileSync(this.#outputFile, 'utf8').slice(-4000);
  }

  get #outputFile(): string {
    return join(this.folder, 'output.log');
  }

  #spawn(): void {
    const { command, args, user, environment } = this.#plan;
    const output = openSync(this.#outputFile, 'a');
    // Detached, so that Ctrl-C in a terminal reaches only the script, which stops the servers in order.
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', output, output],
      detached: true,
      ...user,
    });
    closeSync(output);
    child.unref();
    child.on('error', () => {});
    const idFile = join(this.folder, pidFile);
    if (child.pid !== undefined) writeFileSync(idFile, `${child.pid}\n`);
    child.on('exit', () => rmSync(idFile, { force: true }));
    this.#process = child;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || !this.isRunning) return;
    const ended = once(child, 'exit');
    child.ref();
    child.kill(signal);
    const late = new AbortController();
    const kill = setTimeout(patience.stop, undefined, late).then(
      () => child.kill('SIGKILL'),
      () => {},
    );
    await ended;
    late.abort();
    await kill;
  }

  #failure(what: string): Error {
    return new Error(`${this.name} ${what}: ${this.lastOutput().trim() || 'it has printed nothing'}`);
  }
}
