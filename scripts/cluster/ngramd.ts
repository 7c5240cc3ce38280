import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server } from './server.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** The service on a cluster, not yet started. `number` tells it from others on the same cluster. */
export function ngramdServer(
  number: number,
  folder: string,
  port: number,
  settings: Record<string, string>,
): Server {
  const own = join(folder, `ngramd-${number}`);
  mkdirSync(own);
  return new Server({
    name: `ngramd ${number}`,
    folder: own,
    port,
    command: process.execPath,
    args: [program, 'serve'],
    environment: { ...settings, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: join(own, 'data') },
    isReady: () => answers(port),
  });
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
}
