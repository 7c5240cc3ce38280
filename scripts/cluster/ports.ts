import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the range from which systems take the local ports of connections: a server that restarts finds its port free.
 */
const range = { first: 15_000, end: 32_000 };

/** How many ports are taken together. */
const blockSize = 64;

/**
 * Fewer than 64 ports of 127.0.0.1 on which nothing listens. They are a block, whose first port this process listens on
 * until it ends: no other caller gets the others, also while a server that is to come back on one of them is down.
 */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    const block = range.first + blockSize * randomInt(Math.floor((range.end - range.first) / blockSize));
    const guard = await listen(block);
    if (guard === undefined) continue;
    const ports = Array.from({ length: count }, (_, i) => block + 1 + i);
    const isFree = await Promise.all(ports.map(isFreePort));
    if (isFree.every(Boolean)) {
      guard.unref();
      return ports;
    }
    guard.close();
  }
}

async function isFreePort(port: number): Promise<boolean> {
  const server = await listen(port);
  server?.close();
  return server !== undefined;
}

/** A server on a port; undefined if another has it. */
async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  } catch {
    return undefined;
  }
}
