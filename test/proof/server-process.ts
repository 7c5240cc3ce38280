import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
// Writes the samples' files where no build has.
import '../../scripts/samples.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The server's entry point: the build, or the sources. */
const entries = {
  built: 'dist/cli.js',
  sources: 'src/cli.ts',
};

/** The memory of a server, in bytes, and the kinds of resources that keep its event loop alive. */
export interface Figures {
  rss: number;
  heap: number;
  /** Memory outside the heap that belongs to JavaScript objects. */
  external: number;
  resources: string[];
}

/** The number of open file descriptors by kind. */
export interface Descriptors {
  /** Files in the data folder. */
  data: number;
  sockets: number;
  others: number;
}

/** The service in a separate process, as `npm start` runs it, on a random port of 127.0.0.1. */
export class ServerProcess {
  readonly address: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly #process: ChildProcess;
  readonly #output: string[];

  private constructor(process: ChildProcess, address: string, dataFolder: string, output: string[]) {
    this.#process = process;
    this.#output = output;
    this.address = address;
    this.port = Number(new URL(address).port);
    this.dataFolder = dataFolder;
  }

  /** Starts the service with these settings. Throws an error with its output if it exits instead. */
  static async start(
    dataFolder: string,
    entry: keyof typeof entries,
    settings: Record<string, string> = {},
  ): Promise<ServerProcess> {
    const child = fork(join(root, entries[entry]), ['serve'], {
      cwd: root,
      execArgv: ['--import', join(root, 'test/proof/probe.js')],
      env: {
        ...process.env,
        LOG_LEVEL: 'info',
        ...settings,
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: dataFolder,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    const address = await new Promise<string>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output.push(chunk.toString());
        if (output.length > 200) output.shift();
        const [, found] = /listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(output.join('')) ?? [];
        if (found !== undefined) resolve(found);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', () => reject(new Error(`The service did not start: ${output.join('')}`)));
    });
    return new ServerProcess(child, address, dataFolder, output);
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** How the process ended. */
  get end(): string {
    return `exit code ${this.#process.exitCode}, signal ${this.#process.signalCode}`;
  }

  /** The end of its output. */
  get lastOutput(): string {
    return this.#output.join('').slice(-4000);
  }

  /** Its current figures; with `collected`, after a garbage collection. */
  async figures(collected = false): Promise<Figures> {
    const answered = once(this.#process, 'message');
    this.#process.send(collected);
    return (await answered)[0] as Figures;
  }

  /**
   * The longest turn of its event loop since the last call, in milliseconds of processor time; undefined at the first
   * call, and if Node.js does not report it.
   */
  async longestTurn(): Promise<number | undefined> {
    const answered = once(this.#process, 'message');
    this.#process.send('turns');
    return ((await answered)[0] as { turn?: number }).turn;
  }

  /** Its open file descriptors; undefined if the system does not report them. */
  descriptors(): Descriptors | undefined {
    const folder = `/proc/${this.#process.pid}/fd`;
    try {
      const counts = { data: 0, sockets: 0, others: 0 };
      for (const descriptor of readdirSync(folder)) {
        const target = targetOf(join(folder, descriptor));
        if (target === undefined) continue;
        if (target.startsWith(this.dataFolder)) counts.data++;
        else if (target.startsWith('socket:')) counts.sockets++;
        else counts.others++;
      }
      return counts;
    } catch {
      return undefined;
    }
  }

  /** Stops it with SIGTERM, as an operator would, and waits for its end. */
  async stop(): Promise<void> {
    if (!this.isAlive) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
  }
}

/** What a descriptor refers to; undefined if it has been closed meanwhile. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
