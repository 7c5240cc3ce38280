import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Server } from './server.ts';

export interface ZooKeeperPlan {
  java: string;
  archive: string;
  folder: string;
  port: number;
}

/** One ZooKeeper, not yet started. */
export function zookeeperServer({ java, archive, folder, port }: ZooKeeperPlan): Server {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const file = join(folder, 'zoo.cfg');
  const lines = [
    `dataDir=${folder}/data`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    'tickTime=1000',
    'maxClientCnxns=0',
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const options = ['-Xmx128m', '-Dzookeeper.forceSync=no', '-Djava.net.preferIPv4Stack=true'];
  const main = 'org.apache.zookeeper.server.ZooKeeperServerMain';
  return new Server({
    name: 'ZooKeeper',
    folder,
    port,
    command: java,
    args: [...options, '-cp', archive, main, file],
    isReady: () => isServing(port),
  });
}

/** Whether it takes sessions: it listens, and answers `ruok`, before that. */
async function isServing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  // One that connects while it starts may never be answered.
  socket.setTimeout(1000, () => socket.destroy(new Error('ZooKeeper does not answer.')));
  try {
    socket.end('srvr');
    return (await text(socket)).includes('Mode:');
  } catch {
    return false;
  }
}
