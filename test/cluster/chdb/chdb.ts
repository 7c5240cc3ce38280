import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { clusterName } from '../../../scripts/cluster/clickhouse.ts';
import { freePorts } from '../../../scripts/cluster/ports.ts';
import { Server } from '../../../scripts/cluster/server.ts';
import { temporaryFolder } from '../../http/harness.ts';

/** Where chdb is installed, beside the project: it is large, and no dependency. */
const place = fileURLToPath(new URL('../../../.tap/chdb/', import.meta.url));
const program = fileURLToPath(new URL('./server.ts', import.meta.url));

/** Why tests with chdb are skipped where it is missing: options of a test. */
export const skipWithoutChdb: { skip?: string } = existsSync(join(place, 'node_modules/chdb'))
  ? {}
  : { skip: 'chdb is missing: npm install --prefix .tap/chdb --no-save --no-package-lock chdb@3.4.0' };

/** One server, which is the only shard of its cluster: it reads that from its own port. */
const configuration = `<clickhouse>
  <tcp_port>9000</tcp_port>
  <remote_servers><${clusterName}><shard>
    <internal_replication>true</internal_replication>
    <replica><host>127.0.0.1</host><port>9000</port></replica>
  </shard></${clusterName}></remote_servers>
</clickhouse>
`;

/** Starts a ClickHouse of today on loopback, which is stopped when the test ends. Returns its port. */
export async function startChdb(t: Test): Promise<number> {
  const folder = temporaryFolder(t);
  const file = join(folder, 'config.xml');
  writeFileSync(file, configuration);
  const data = join(folder, 'data');
  mkdirSync(data);
  const [port] = await freePorts(1);
  const server = new Server({
    name: 'chdb',
    folder,
    port,
    command: process.execPath,
    args: [program, String(port), data, file, join(place, 'package.json')],
    isReady: () => answers(port),
  });
  t.teardown(() => server.kill());
  await server.start();
  return port;
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ping`)).ok;
  } catch {
    return false;
  }
}
