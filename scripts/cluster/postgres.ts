import { execFile, execFileSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Server } from './server.ts';

const run = promisify(execFile);

/** The owner of the databases, who needs no password on loopback. */
const owner = 'ngramd';

export interface PostgresPlan {
  /** The folder of PostgreSQL's programs. */
  programs: string;
  folder: string;
  port: number;
}

/** PostgreSQL with an empty set of databases, not yet started. */
export async function postgresServer({ programs, folder, port }: PostgresPlan): Promise<Server> {
  const user = unprivilegedUser();
  mkdirSync(folder, { recursive: true });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await run(
    join(programs, 'initdb'),
    ['--no-sync', '--auth=trust', '--encoding=UTF8', '--locale=C', `--username=${owner}`, `--pgdata=${data}`],
    { cwd: folder, ...user },
  );
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    shared_buffers: '32MB',
    // It outlives its processes, and need not outlive a power cut.
    fsync: 'off',
    log_min_messages: 'log',
    log_checkpoints: 'off',
  };
  return new Server({
    name: 'PostgreSQL',
    folder,
    port,
    command: join(programs, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    user,
    // Does not wait until all clients have left.
    stopSignal: 'SIGINT',
    isReady: () => accepts(programs, port),
  });
}

/** Creates a database, whose address is returned. */
export async function createDatabase(plan: Omit<PostgresPlan, 'folder'>, name: string): Promise<string> {
  await run(join(plan.programs, 'createdb'), [...connection(plan.port), name]);
  return `postgres://${owner}@127.0.0.1:${plan.port}/${name}`;
}

const connection = (port: number) => ['-h', '127.0.0.1', '-p', String(port), '-U', owner];

async function accepts(programs: string, port: number): Promise<boolean> {
  try {
    await run(join(programs, 'pg_isready'), [...connection(port), '-q', '-d', 'postgres']);
    return true;
  } catch {
    return false;
  }
}

/**
 * PostgreSQL refuses to run as root: it runs as the user of its package, or as nobody. Undefined if this is not root.
 */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // There is no such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}
