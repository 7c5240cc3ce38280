import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The addresses of a host name, those of IPv4 first; an address is its own. */
export async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return [...new Set(found.map(({ address }) => address))];
}

/**
 * Listens at all addresses of a host, at the same port, and returns the URL with the first. Node.js binds only one
 * address of a name, and Fastify does not bind more for a server that it has not created. A further address that the
 * machine does not have, as where IPv6 is switched off, is left out. Throws as `listen`.
 */
export async function listenAt(
  app: FastifyInstance,
  [first, ...others]: readonly string[],
  port: number,
): Promise<string> {
  const further: Server[] = [];
  let closed: Promise<unknown> = Promise.resolve();
  app.addHook('preClose', async () => {
    closed = Promise.all(further.map((server) => once(server.close(), 'close')));
  });
  app.addHook('onClose', () => closed.then(() => {}));
  const url = await app.listen({ host: first, port });
  const bound = (app.server.address() as AddressInfo).port;
  for (const host of others) {
    // Connections are those of the app's own server, whose options these are.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) =>
      app.server.emit('connection', socket),
    );
    if (await isListening(server, host, bound)) further.push(server);
    else app.log.info(`the machine does not have the address ${host}`);
  }
  return url;
}

/** Starts a server; false if the machine does not have the address. */
async function isListening(server: Server, host: string, port: number): Promise<boolean> {
  try {
    await once(server.listen({ host, port }), 'listening');
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false;
    throw error;
  }
}
