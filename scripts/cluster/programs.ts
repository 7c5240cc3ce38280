import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs of a cluster, where this machine has them. */
export interface Programs {
  clickhouse: string;
  /** The folder of `postgres`, `initdb` and PostgreSQL's other programs. */
  postgres: string;
  java: string;
  /** ZooKeeper's archive, which names the other archives that it needs. */
  zookeeper: string;
}

/** Debian's package of each program. */
const packages: Record<keyof Programs, string> = {
  clickhouse: 'clickhouse-server',
  postgres: 'postgresql',
  java: 'zookeeper',
  zookeeper: 'zookeeper',
};

/** All programs, or the command that installs those that are missing. */
export function findPrograms(): { programs: Programs } | { install: string } {
  const found: Partial<Programs> = {};
  for (const name of Object.keys(packages) as (keyof Programs)[]) {
    const path = finders[name]();
    if (path !== undefined) found[name] = path;
  }
  const missing = (Object.keys(packages) as (keyof Programs)[]).filter((name) => found[name] === undefined);
  if (missing.length === 0) return { programs: found as Programs };
  const names = new Set(missing.map((name) => packages[name]));
  return { install: `apt-get install --no-install-recommends ${[...names].join(' ')}` };
}

const finders: Record<keyof Programs, () => string | undefined> = {
  clickhouse: () => onPath('clickhouse-server'),
  postgres: () => postgresFolders().find((folder) => isProgram(join(folder, 'initdb'))),
  java: () => onPath('java'),
  zookeeper: () => ['/usr/share/java/zookeeper.jar'].find(existsSync),
};

/** Debian's programs for administrators are in /usr/sbin, which is not on every user's path. */
function onPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Debian keeps the servers of each version out of the path; the newest comes first. */
function postgresFolders(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(debian, version, 'bin'));
  return [...folders, ...(process.env.PATH ?? '').split(delimiter)];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
