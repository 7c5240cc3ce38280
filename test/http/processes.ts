import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { besideTests } from './harness.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The service in a process of its own. */
export interface Server {
  readonly process: ChildProcess;
  readonly url: string;
  readonly port: number;
  /** What it has printed so far: its log. */
  output(): string;
}

/** Runs the service on a data folder, as `npm start` does, without waiting until it is ready. */
export function spawnServer(t: Test, folder: string, settings: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'src/cli.ts'), 'serve'], {
    cwd: root,
    env: { ...process.env, ...besideTests, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** Runs the service on a data folder and waits until it is ready. */
export async function startProcess(
  t: Test,
  folder: string,
  settings?: Record<string, string>,
): Promise<Server> {
  const child = spawnServer(t, folder, settings);
  let printed = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const found = /listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(printed)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.on('exit', () => reject(new Error(`the service did not start: ${printed}`)));
  });
  return { process: child, url: `http://127.0.0.1:${port}`, port, output: () => printed };
}

/** Sends a signal and waits until the process has ended. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
